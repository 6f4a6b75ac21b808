"""Signs in what a letter asks for, sentence by sentence: quoting a fine is no demand, and a warning is no lure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

import re2

from inboxbot.records import Letter, Sign
from inboxbot.trust.findings import DECISIVE, Finding, Matter
from inboxbot.trust.words import in_language, reason

MAX_TEXT = 200_000
MAX_SENTENCE = 1_000  # longer ones are looked at in pieces that overlap
OVERLAP = 200

# All patterns meet folded text: small letters, no accents, straight apostrophes.
_MEANS = re2.compile(
    r"\b(?:bitcoins?|btc|ethereum|usdt|tether|litecoin|monero|cryptos?|crypto-? ?(?:monnaies?|currenc(?:y|ies)|wallet|devises?)"
    r"|kryptowahrung(?:en)?|cartes? (?:cadeaux?|prepayees?|pcs|transcash|neosurf|paysafe ?(?:card)?|itunes|google play|steam|amazon)"
    r"|gift ?(?:cards?|vouchers?)|itunes|google play cards?|steam (?:cards?|wallet)|prepaid (?:cards?|vouchers?)"
    r"|(?:coupons?|tickets?|recharges?|codes?|cartes?)(?: de recharge)?(?: de paiement)? (?:pcs|neosurf|transcash|toneo|paysafe ?(?:card)?|ukash|mastercard)"
    r"|coupons? (?:de recharge|prepayes?)|pcs mastercard|neosurf|transcash|paysafe ?cards?|toneo ?first|ukash"
    r"|gutschein(?:karten?|codes?)|geschenkkarten?|guthabenkarten?|prepaid-?karten?|western union|money ?gram|mandat[ -]cash"
    r"|(?:carte|carta|buon[oi]) (?:regalo|prepagat[ae])|postepay|criptovalut[ae]|tarjetas? (?:de )?(?:regalo|prepago)|criptomonedas?"
    r"|cadeau(?:bon(?:nen)?|kaart(?:en)?)|(?:prepaid|tegoed)kaart(?:en)?|crypto(?:munt(?:en)?|valuta)"
    r"|sms (?:surtaxes?|payants?)|(?:premium|paid)[ -]sms|premium-sms|numeros? surtaxes?)\b"
    r"|\bsms\b.{0,40}\b(?:au|to|an(?: die)?) (?:numero |number |nummer )?[3-8]\d{4}\b|\btext\b.{0,30}\bto [3-8]\d{4}\b"
)
_ASKS = re2.compile(
    r"\b(?:pay(?:ez|er|able|ment|ments)?|paiements?|regl(?:ez|er|ement|able)|vers(?:ez|er|ement)|acquitt(?:ez|er)|envoy(?:ez|er)"
    r"|achet(?:ez|er)|procurez|communiqu(?:ez|er)|transmett(?:ez|re)|compos(?:ez|er)|appelez|recharg(?:ez|er)|send|transfer|buy"
    r"|purchase|settle|deposit|text|accept|zahl(?:en|ung|bar|e)|bezahlen|uberweis(?:en|ung)|begleichen|senden|kaufen"
    r"|ubermitteln|besorgen|acquist(?:i|are|ate)|pag(?:hi|are|ate|amento)|invi(?:i|are|ate)|vers(?:i|are|ate)|ricaric(?:hi|are|ate)"
    r"|compren?|comprar|pagar|pago|paguen?|envien?|enviar|abon(?:e|ar)|betaalt?|betalen|betaling|koopt?|kopen|stuurt?|sturen"
    r"|overmaken|voldoen)\b"
)
_SECRETS = (
    r"(?:mots? de passe|identifiants?(?: de connexion)?|codes? secrets?|coordonnees bancaires|(?:numero|code) de (?:votre |la )?carte"
    r"|informations? (?:de carte )?bancaires?|cryptogramme|cvv|passwords?|passcodes?|log-?in (?:details|credentials|data)"
    r"|credentials|bank(?:ing)? (?:details|data)|(?:credit|debit|bank) card (?:number|details)|card (?:number|details)"
    r"|passworter|passworts?|kennworts?|zugangsdaten|bankdaten|kartennummer|kreditkarten(?:daten|nummer)|tan\b"
    r"|contrasenas?|claves? (?:de acceso|secretas?)|(?:numero|datos) de (?:su |la )?tarjeta|credenziali|parola d'ordine"
    r"|(?:numero|dati|coordinate) della (?:sua |vostra )?carta|wachtwoord(?:en)?|inloggegevens|kaartnummer|bankgegevens|pincode"
    r"|(?:copie|photo|scan|copy|picture|kopie|foto)(?: [^ ,]+){0,2} (?:de|of|von) (?:(?:votre|your|ihrer?) (?:[\w']+ ){1,3}(?:et|and|und) (?:(?:de|of|von) )?)?"
    r"(?:votre|your|ihrer) (?:carte (?:bancaire|bleue|de credit)|(?:credit|bank|debit) card|(?:kredit|bank)karte))"
)
_ASKS_SECRETS = re2.compile(
    r"\b(?:envoyez|communiquez|transmettez|indiquez|confirmez|confirmer|saisissez|saisir|renseignez|renseigner|fournissez|fournir"
    r"|repond(?:ez|re)|entrez|mettre a jour|mettez a jour|verifiez|enter|send|confirm|provide|supply|reply with|verify|update"
    r"|geben sie|senden sie|bestatigen sie|teilen sie|nennen sie|schicken sie|invi(?:i|ate|arci|andoci)|fornisca|fornite|comunichi"
    r"|indichi|inserisca|confermi|envie(?:nos|n)?|facilite(?:nos|n)?|proporcione(?:nos|n)?|introduzca|indique(?:nos|n)?|confirme"
    r"|stuurt?|geeft?|bevestigt?|verstrekt?|vult?)\b.{0,80}\b" + _SECRETS
)
_DENIES = re2.compile(  # of the asking itself: a sentence that complains of silence, or speaks of fraud, asks all the same
    r"\bn(?:e |'|e l'|e m')(?:(?:vous|nous|le|la|les|lui|en|y) )*(?:demand|reclam|exig|sollicit|accept|envo[iy]|communiqu|transmett|donn"
    r"|pay|fourni)\w*.{0,30}\b(?:jamais|pas|aucune?|ni)\b|\bmefiez\b|\b(?:courriels?|mails?|messages?|sms|appels?) frauduleu\w+"
    r"|\b(?:hameconnage|phishing)\b|\bnever (?:ask|request|require|send|share|give|pay|accept|disclose)"
    r"|\b(?:do|does|did|will|would|shall)(?: not|n't) (?:ever )?(?:ask|request|require|accept|send|share|take|need)"
    r"|\bnot asked to\b|\bbeware of\b|\bfraudulent (?:e-?mails?|messages?|letters?|calls?)|\bscam (?:e-?mails?|messages?)"
    r"|\bnon (?:(?:le|vi|ti|ci|la) )*(?:chied|richied|accett|invi|comunic)\w*|\b(?:no|nunca|jamas) (?:(?:le|les|nos) )*(?:ped|pid|solicit|exig|acept|envi)\w*"
    r"|\b(?:vrag|accept|stuur|sturen|geef)\w* .{0,30}\b(?:nooit|geen|niet)\b|\b(?:nooit|niet) (?:om|naar|uw|een)\b"
    r"|\bnie(?:mals)? (?:nach|um|ihr|zahlung|per)|\bnicht (?:nach|um) |\bbetrugs(?:mail|versuch|nachricht)\w*|\bwarn(?:en|t|ung) vor\b"
)
_GIVES = re2.compile(
    r"(?:mot de passe|password|passwort|passcode|kennwort)[\"' )]{0,3}(?: est| is| lautet| ist)? ?[:=]|(?:your|votre|ihr) (?:password|mot de passe|passwort) (?:is|est|lautet)"
)
_ACCUSES = re2.compile(
    r"\b(?:infring\w+|copyright|droits? d'auteur|contrefa\w+|urheberrecht\w*|abmahnung|amendes?|telecharge\w*|pirat\w+|hadopi|arcom"
    r"|poursuites?|plainte|tribunal|assignation|legal action|lawsuit|court|fines?|penalty|bussgeld|strafe|recorded you|webcam"
    r"|mise en demeure|formal notice|inkasso)\b"
)
_RUNS = re2.compile(
    r"\b(?:decompress|dezipp|unzip|extrayez|entpack)\w*"
    r"|\b(?:lancez|executez|installez|ouvrez|run|launch|install|execute|open|starten sie|installieren sie|offnen sie)\b.{0,60}"
    r"\b(?:programme|executable|archive|logiciel (?:joint|ci-joint|en piece jointe)|program|software attached|setup|\.exe|programm"
    r"|anydesk|teamviewer|rustdesk|ultraviewer|screenconnect|quick assist)\b"
)
_MOVED_ACCOUNT = re2.compile(
    r"\b(?:compte|rib|coordonnees bancaires|iban|account|bank details|bankverbindung|konto)\b.{0,60}"
    r"\b(?:en maintenance|a change|ont change|bloque|en cours d'audit|indisponible|exceptionnellement|has changed|have changed"
    r"|under audit|unavailable|temporarily|geandert|gesperrt|vorubergehend)"
    r"|\b(?:nouveau|nouvelles|nouvel|new|neue[sn]?|exceptionnellement|exceptionally|ausnahmsweise)\b.{0,30}"
    r"\b(?:compte bancaire|rib|coordonnees bancaires|iban|bank account|bank details|bankverbindung|bankkonto)\b"
    r"|\bneo-?banque\b"
)
_IDENTITY = re2.compile(
    r"\b(?:copie|scan|photo|recto|copy|kopie|foto)\b.{0,60}\b(?:piece d'identite|carte d'identite|passeport|passport|identity card|id card|ausweis\w*|personalausweis)"
)
_TAKEN = re2.compile(
    r"\b(?:images?|photos?|pictures?|drawings?|works?|visuels?|photographies?|bild(?:er)?|fotos?|lichtbild(?:er)?)\b.{0,80}"
    r"\b(?:your|votre|vos|ihrer?|ihren?)\b.{0,20}\b(?:web-?sites?|sites?|pages?|blogs?|seiten?|web-?seiten?|homepage)\b"
)
_YOU = re2.compile(r"\b(?:you|your|yours|vous|votre|vos|sie|ihr|ihre[nmrs]?|ihnen)\b")
_HURRY = re2.compile(
    r"\b(?:sous|dans (?:les|un delai de)|d'ici|within|in the next|innerhalb (?:von|der nachsten)|binnen|in den nachsten)"
    r" (?:les |the next |prochaines? )?(?:(?:12|24|36|48|72|vingt-quatre|quarante-huit|soixante-douze|forty-eight|twenty-four|seventy-two) ?"
    r"(?:h|heures?|hours?|hrs?|stunden|std)|(?:[123]|un|deux|trois|one|two|three|einem|zwei|drei) (?:jours?|days?|tagen?))\b"
)
_IBAN = re2.compile(r"\b([A-Z]{2})\d{2} ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{0,4}\b")
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI NL", 19: "MK SI", 20: "AT BA EE LT LU XK", 21: "CH HR LI LV", 22: "BG DE GB GE IE ME RS",
        23: "AE GI IL", 24: "AD CZ ES MD PK RO SE SK TN", 25: "PT", 26: "IS TR", 27: "FR GR IT MC SM", 28: "AL CY HU PL",
        29: "BY UA", 31: "MT",
    }.items()
    for country in countries.split()
}  # fmt: skip
_ANNOUNCED = re2.compile(r":\s*\n\s*")  # what follows a colon belongs to its sentence
_BREAK = re2.compile(r"[.!?…]+[\"'»”)]*\s|\n\s*\n|\n\s*(?:[-*•–—]|\d{1,2}[.)°])\s|;\s")


def folded(text: str) -> str:
    """The text in small letters, without accents and with straight apostrophes, on lines as before."""
    text = text.lower().replace("’", "'").replace("ʼ", "'").replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def sentences(letter: Letter) -> tuple[str, ...]:
    """What the letter itself says, folded, its wrapped lines joined, a sentence or list item each."""
    text = "\n\n".join(piece for _, piece in letter.pieces())[:MAX_TEXT]
    parts = (" ".join(part.split()) for part in _BREAK.split(_ANNOUNCED.sub(": ", folded(text))))
    return tuple(part[at : at + MAX_SENTENCE] for part in parts for at in range(0, len(part), MAX_SENTENCE - OVERLAP))


def accuses(said: tuple[str, ...]) -> bool:
    """Whether the mail accuses its reader of a use, or threatens with courts; a shop or a newsletter does neither."""
    return any(_TAKEN.search(each) or (_ACCUSES.search(each) and _YOU.search(each)) for each in said)


def lure_signs(said: tuple[str, ...], language: str) -> Iterator[Finding]:
    """What no letter of any room asks for: payment that nobody can trace, secrets, programs to run."""
    yield from _untraceable(said, language)
    if any(_ASKS_SECRETS.search(each) and not (_DENIES.search(each) or _GIVES.search(each)) for each in said):
        yield Finding(reason("password", language), DECISIVE)
    if any(_RUNS.search(each) and not _DENIES.search(each) for each in said):
        yield Finding(reason("asks-to-run", language), DECISIVE)


def _untraceable(said: tuple[str, ...], language: str) -> Iterator[Finding]:
    if any(_MEANS.search(each) and _ASKS.search(each) and not _DENIES.search(each) for each in said):
        yield Finding(reason("untraceable", language), DECISIVE)


def request_signs(matter: Matter) -> Iterator[Finding]:
    """What this room's genuine letters never say, and accounts in other countries than the room's."""
    profile, language = matter.profile, matter.language
    for sign in profile.never:
        if not (sign.direct and matter.carried) and any(_matches(sign, each) for each in matter.said):
            yield Finding(in_language(sign.reason, language), DECISIVE if sign.hard else 1)
    for country in sorted(_countries(matter.letter) - set(profile.accounts))[:1] if profile.accounts else ():
        yield Finding(reason("foreign-account", language, country=country), 2)


def pressure_signs(said: tuple[str, ...], language: str) -> Iterator[Finding]:
    """Haste, an account that has changed, papers that nobody needs to be paid."""
    for name, pattern, weight in (("moved-account", _MOVED_ACCOUNT, 2), ("identity", _IDENTITY, 1)):
        if any(pattern.search(each) for each in said):
            yield Finding(reason(name, language), weight)
    for hit in [found.group() for each in said if (found := _HURRY.search(each))][:1]:
        yield Finding(reason("hurry", language, quote=hit), 1)


def _matches(sign: Sign, sentence: str) -> bool:
    return bool(_pattern(sign.pattern).search(sentence)) and not (
        sign.unless and _pattern(sign.unless).search(sentence)
    )


@cache
def _pattern(source: str) -> Any:
    return re2.compile(source)


def _countries(letter: Letter) -> set[str]:
    """The countries of the account numbers printed in the letter, of the right length and check digits (ISO 13616)."""
    text = "\n".join(piece for _, piece in letter.pieces())[:MAX_TEXT]
    return {found.group(1) for found in _IBAN.finditer(text) if _is_iban(found.group().replace(" ", ""))}


def _is_iban(text: str) -> bool:
    """Whether it begins with an account number: words in capitals may follow."""
    length = _IBAN_LENGTHS.get(text[:2], 0)
    number = text[:length]
    turned = "".join(str(int(c, 36)) for c in number[4:] + number[:4])
    return 0 < length <= len(text) and int(turned) % 97 == 1
