"""How a reply says sums, dates and what is missing, in its own language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

LANGUAGES = ("fr", "en", "de")

_BLANKS = {"fr": "À COMPLÉTER : ", "en": "TO BE COMPLETED: ", "de": "BITTE ERGÄNZEN: "}
_LOCALES = {"fr": "fr_FR", "en": "en_GB", "de": "de_DE"}

MISSING: dict[str, dict[str, str]] = {  # what stands in the blank of a fact that the letter does not give
    "fr": {
        "case_number": "numéro de dossier",
        "amount": "montant demandé",
        "deadline": "date limite indiquée",
        "letter_date": "date de la lettre reçue",
        "earlier_request": "date de votre première demande ; s’il n’y en a pas eu, supprimer cette phrase",
        "rights_holder": "titulaire des droits",
        "author": "auteur de l’image",
        "facts_at": "date et heure des faits",
        "ip_address": "adresse IP",
        "isp": "fournisseur d’accès",
        "software": "logiciel ou protocole",
        "first_warning_on": "date de la première recommandation",
        "name": "nom",
        "siren": "numéro SIREN",
        "address": "adresse électronique",
        "signature": "signature",
    },
    "en": {
        "case_number": "case number",
        "amount": "sum claimed",
        "deadline": "deadline given",
        "letter_date": "date of the letter received",
        "earlier_request": "date of your first request; if there was none, delete this sentence",
        "rights_holder": "rights holder",
        "author": "author of the image",
        "facts_at": "date and time of the facts",
        "ip_address": "IP address",
        "isp": "internet provider",
        "software": "software or protocol",
        "first_warning_on": "date of the first recommendation",
        "name": "name",
        "siren": "company number",
        "address": "e-mail address",
        "signature": "signature",
    },
    "de": {
        "case_number": "Fallnummer",
        "amount": "geforderter Betrag",
        "deadline": "gesetzte Frist",
        "letter_date": "Datum des erhaltenen Schreibens",
        "earlier_request": "Datum Ihrer ersten Anfrage; gab es keine, diesen Satz streichen",
        "rights_holder": "Rechteinhaber",
        "author": "Urheber des Bildes",
        "facts_at": "Datum und Uhrzeit",
        "ip_address": "IP-Adresse",
        "isp": "Internetanbieter",
        "software": "Software oder Protokoll",
        "first_warning_on": "Datum der ersten Empfehlung",
        "name": "Name",
        "siren": "Registernummer",
        "address": "E-Mail-Adresse",
        "signature": "Unterschrift",
    },
}

CASE = {"fr": "Dossier {}", "en": "Case {}", "de": "Vorgang {}"}  # a subject of our own
LETTER = {"fr": "Votre courrier", "en": "Your letter", "de": "Ihr Schreiben"}

REGISTERED = {  # what a company's or an association's number is called beneath its name
    "fr": "SIREN",
    "en": "French registration number (SIREN)",
    "de": "Französische Registernummer (SIREN)",
}


def blank(what: str, language: str) -> str:
    """A place left to the user, that nobody can overlook: `[À COMPLÉTER : numéro de dossier]`."""
    return f"[{_BLANKS[language]}{what}]"


def blanks(text: str) -> tuple[str, ...]:
    """What is to be completed in the text, in order."""
    found: list[str] = []
    for piece in text.split("[")[1:]:
        inside, closed, _ = piece.partition("]")
        mark = next((mark for mark in _BLANKS.values() if inside.startswith(mark)), None)
        if closed and mark and "\n" not in inside:
            found.append(inside.removeprefix(mark).strip())
    return tuple(found)


def without_blanks(text: str) -> str:
    """The text as it would read if nobody had to complete anything."""
    for mark in _BLANKS.values():
        while (start := text.find(f"[{mark}")) >= 0 and (end := text.find("]", start)) >= 0:
            text = f"{text[:start]}…{text[end + 1 :]}"
    return text


def money(value: Decimal, currency: str, language: str) -> str:
    """A sum as people of that language write it."""
    from babel.numbers import format_currency  # noqa: PLC0415 - locale data; most mails need none

    written = format_currency(value, currency, locale=_LOCALES[language], currency_digits=value != value.to_integral())
    return str(written).replace("\u202f", "\xa0")  # the narrow blank is missing in many mail fonts


def day(value: date, language: str) -> str:
    """A date as people of that language write it: 1er mars 2025, 1 March 2025, 1. März 2025."""
    from babel.dates import format_date  # noqa: PLC0415

    written = str(format_date(value, "long", locale=_LOCALES[language]))
    return f"1er{written[1:]}" if language == "fr" and written.startswith("1 ") else written


def moment(value: datetime, language: str) -> str:
    """A date and a time of day, as printed, without a zone."""
    time = {
        "fr": f"à {value:%H} h {value:%M}",
        "en": f"at {value:%H}:{value:%M}",
        "de": f"um {value:%H}:{value:%M} Uhr",
    }
    return f"{day(value.date(), language)} {time[language]}"
