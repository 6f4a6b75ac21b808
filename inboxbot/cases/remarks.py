"""What was doubtful or unreadable in a letter, told in the user's language.

The readers of letters say it in English, for the JSON of `classify`; a remark without a translation stays as it is.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import re2

from inboxbot.cases.words import FACTS

_GAP = "{}"

REMARKS: dict[str, dict[str, str]] = {
    # --- facts that are ambiguous ---
    "the letter sets several deadlines: {}": {
        "fr": "la lettre fixe plusieurs dates limites : {}",
        "de": "das Schreiben setzt mehrere Fristen: {}",
    },
    "the deadline runs from the receipt of the letter, whose day is not known: it is counted from the letter's date": {
        "fr": "le délai court de la réception de la lettre, dont le jour n'est pas connu : il est compté de la date de la lettre",
        "de": "die Frist läuft ab Erhalt des Schreibens; dieser Tag ist nicht bekannt, gezählt ist ab dem Datum des Schreibens",
    },
    "the deadline is read day first: {}": {
        "fr": "la date limite est lue jour avant mois : {}",
        "de": "bei der Frist ist der Tag vor dem Monat gelesen: {}",
    },
    "the letter asks for a sum and for costs and prints no total": {
        "fr": "la lettre demande une somme et des frais sans imprimer de total",
        "de": "das Schreiben fordert einen Betrag und Kosten, nennt aber keine Gesamtsumme",
    },
    "the letter names several sums and does not say which one closes the matter: {}": {
        "fr": "la lettre cite plusieurs sommes sans dire laquelle clôt l'affaire : {}",
        "de": "das Schreiben nennt mehrere Beträge und sagt nicht, welcher die Sache erledigt: {}",
    },
    # --- what speaks against a candidate model, and what could not be learned ---
    "it would draft {} wrong replies instead of {} on {}": {
        "fr": "il préparerait {} réponses à tort au lieu de {} sur les {}",
        "de": "es würde {} falsche Antworten entwerfen statt {} bei {}",
    },
    "it would miss {} instead of {} of {}": {
        "fr": "il en manquerait {} au lieu de {} parmi les {}",
        "de": "es würde {} statt {} übersehen bei {}",
    },
    "it recognises {} instead of {} of {}": {
        "fr": "il en reconnaît {} au lieu de {} parmi les {}",
        "de": "es erkennt {} statt {} bei {}",
    },
    "its mistakes cost {} instead of {} on {}": {
        "fr": "ses erreurs coûtent {} au lieu de {} sur les {}",
        "de": "seine Fehler kosten {} statt {} bei {}",
    },
    "it no longer recognises the examples {}": {
        "fr": "il ne reconnaît plus les exemples {}",
        "de": "es erkennt die Beispiele nicht mehr: {}",
    },
    "it would no longer know {}": {"fr": "il ne connaîtrait plus {}", "de": "es würde nicht mehr kennen: {}"},
    "held-out and newly labelled letters": {
        "fr": "courriers de contrôle et nouvellement étiquetés",
        "de": "Prüfschreiben und neu eingeordneten Schreiben",
    },
    "held-out letters": {"fr": "courriers de contrôle", "de": "Prüfschreiben"},
    "newly labelled letters": {"fr": "courriers nouvellement étiquetés", "de": "neu eingeordneten Schreiben"},
    "no room is called so, its {} letters are left aside": {
        "fr": "aucun émetteur ne s'appelle ainsi, ses {} courriers sont laissés de côté",
        "de": "kein Absender heißt so, seine {} Schreiben bleiben außen vor",
    },
    "too thin to be learned: {} of the {} labelled letters that a new room needs": {
        "fr": "trop peu pour apprendre : {} des {} courriers étiquetés qu'il faut pour un nouvel émetteur",
        "de": "zu wenig zum Lernen: {} der {} eingeordneten Schreiben, die ein neuer Absender braucht",
    },
    "too thin to be learned: {} of the {} examples that it needs": {
        "fr": "trop peu pour apprendre : {} des {} exemples qu'il faut",
        "de": "zu wenig zum Lernen: {} der {} Beispiele, die es braucht",
    },
    "too thin to be learned: of its letters only {} look alike, {} are needed": {
        "fr": "trop peu pour apprendre : seuls {} de ses courriers se ressemblent, il en faut {}",
        "de": "zu wenig zum Lernen: nur {} seiner Schreiben ähneln sich, {} müssten es sein",
    },
    "too thin to be learned: {} of its {} letters would be recognised from the others": {
        "fr": "trop peu pour apprendre : {} de ses {} courriers seraient reconnus d'après les autres",
        "de": "zu wenig zum Lernen: {} seiner {} Schreiben würden an den anderen erkannt",
    },
    "too thin to be learned: {} mails that are none of its letters would be taken for such": {
        "fr": "trop peu pour apprendre : {} courriers qui ne sont pas de lui seraient pris pour tels",
        "de": "zu wenig zum Lernen: {} Mails, die nicht von ihm sind, würden dafür gehalten",
    },
    "letters that name the issuer nowhere cannot be recognised: {}": {
        "fr": "un courrier qui ne nomme nulle part l'émetteur ne peut être reconnu : {}",
        "de": "ein Schreiben, das den Absender nirgends nennt, kann nicht erkannt werden: {}",
    },
    # --- what could not be read, and why ---
    "the letter itself is encrypted and cannot be read": {
        "fr": "la lettre elle-même est chiffrée",
        "de": "das Schreiben selbst ist verschlüsselt",
    },
    "it is empty": {"fr": "fichier vide", "de": "leere Datei"},
    "it is an archive and is not opened": {
        "fr": "c'est une archive, elle n'est pas ouverte",
        "de": "das ist ein Archiv und wird nicht geöffnet",
    },
    "it is a program and is not opened": {
        "fr": "c'est un programme, il n'est pas ouvert",
        "de": "das ist ein Programm und wird nicht geöffnet",
    },
    "it is an Outlook container (winmail.dat) that is not opened": {
        "fr": "c'est un conteneur Outlook (winmail.dat), il n'est pas ouvert",
        "de": "das ist ein Outlook-Behälter (winmail.dat) und wird nicht geöffnet",
    },
    "it is encrypted or signed in a way that is not opened": {
        "fr": "chiffré ou signé d'une manière qui n'est pas ouverte",
        "de": "so verschlüsselt oder signiert, dass es nicht geöffnet wird",
    },
    "it is a mail deeper or further on than is read": {
        "fr": "c'est un courrier trop profond ou trop loin pour être lu",
        "de": "das ist eine Mail, die zu tief oder zu weit hinten liegt",
    },
    "only {} attachments are read": {
        "fr": "seules {} pièces jointes sont lues",
        "de": "nur {} Anhänge werden gelesen",
    },
    "its format is not read": {"fr": "ce format n'est pas lu", "de": "dieses Format wird nicht gelesen"},
    "the picture is damaged or of a format that is not read": {
        "fr": "l'image est abîmée ou d'un format qui n'est pas lu",
        "de": "das Bild ist beschädigt oder in einem Format, das nicht gelesen wird",
    },
    "the picture is larger than 40 megapixels or 20 MB": {
        "fr": "l'image dépasse 40 mégapixels ou 20 Mo",
        "de": "das Bild ist größer als 40 Megapixel oder 20 MB",
    },
    "the picture is larger than 40 megapixels": {
        "fr": "l'image dépasse 40 mégapixels",
        "de": "das Bild ist größer als 40 Megapixel",
    },
    "the picture is damaged": {"fr": "l'image est abîmée", "de": "das Bild ist beschädigt"},
    "the picture may hold text, but OCR is not installed": {
        "fr": "l'image contient peut-être du texte, mais aucune reconnaissance (OCR) n'est installée",
        "de": "das Bild enthält vielleicht Text, aber eine Texterkennung (OCR) ist nicht installiert",
    },
    "the PDF is larger than 15 MB": {"fr": "le PDF dépasse 15 Mo", "de": "die PDF-Datei ist größer als 15 MB"},
    "the PDF is protected by a password": {
        "fr": "le PDF est protégé par un mot de passe",
        "de": "die PDF-Datei ist durch ein Passwort geschützt",
    },
    "the PDF is damaged": {"fr": "le PDF est abîmé", "de": "die PDF-Datei ist beschädigt"},
    "the PDF has no text": {"fr": "le PDF ne contient pas de texte", "de": "die PDF-Datei enthält keinen Text"},
    "page {} is a scan and OCR is not installed": {
        "fr": "la page {} est numérisée et aucune reconnaissance (OCR) n'est installée",
        "de": "Seite {} ist ein Scan und eine Texterkennung (OCR) ist nicht installiert",
    },
    "page {} is a scan beyond the first {}": {
        "fr": "la page {} est numérisée, au-delà des {} premières",
        "de": "Seite {} ist ein Scan jenseits der ersten {}",
    },
    "only {} of {} pages were read": {
        "fr": "seules {} pages sur {} ont été lues",
        "de": "nur {} von {} Seiten wurden gelesen",
    },
    "the text is longer than 200,000 characters": {
        "fr": "le texte dépasse 200 000 caractères",
        "de": "der Text ist länger als 200.000 Zeichen",
    },
    "the document is larger than 15 MB": {
        "fr": "le document dépasse 15 Mo",
        "de": "das Dokument ist größer als 15 MB",
    },
    "the document is protected by a password or of an old format": {
        "fr": "le document est protégé par un mot de passe ou d'un ancien format",
        "de": "das Dokument ist durch ein Passwort geschützt oder hat ein altes Format",
    },
    "the document is damaged": {"fr": "le document est abîmé", "de": "das Dokument ist beschädigt"},
}  # fmt: skip

_AMBIGUOUS = {
    "fr": "{name} : plusieurs valeurs, aucune n'est retenue ({values})",
    "en": "{name}: several values, none is taken ({values})",
    "de": "{name}: mehrere Werte, keiner gilt ({values})",
}


def told(remark: str, language: str) -> str:
    """A remark in the user's language."""
    fact, ambiguous, values = remark.partition(" is ambiguous: ")
    if ambiguous and fact in FACTS[language]:
        return _AMBIGUOUS[language].format(name=FACTS[language][fact], values=values)
    for english, said in REMARKS.items():
        if language in said:
            remark = _pattern(english).sub(partial(_filled, said[language]), remark)
    return remark


def _filled(words: str, match: Any) -> str:
    return words.format(*map(_written, match.groups()))


def _written(gap: str) -> str:
    """A number as both languages write it, with a comma; anything else as it is."""
    return gap.replace(".", ",") if gap.replace(".", "", 1).isdigit() else gap


@cache
def _pattern(english: str) -> Any:
    """The remark as it is said, with what stands in its gaps: a number, or whatever follows."""
    said, last = (english.removesuffix(_GAP), "(.+)") if english.endswith(_GAP) else (english, "")
    return re2.compile(re2.escape(said).replace(re2.escape(_GAP), r"([0-9]+(?:\.[0-9]+)?)") + last)
