"""Host names: who owns one, and which try to look like another's."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

from confusable_homoglyphs import confusables
from publicsuffixlist import PublicSuffixList
from rapidfuzz.distance import OSA

FREEMAIL = frozenset(
    "gmail.com googlemail.com outlook.com outlook.fr outlook.de hotmail.com hotmail.fr hotmail.de live.com live.fr msn.com "
    "yahoo.com yahoo.fr yahoo.de yahoo.co.uk ymail.com aol.com icloud.com me.com gmx.com gmx.de gmx.fr gmx.net web.de "
    "freenet.de mail.com mail.ru yandex.com yandex.ru proton.me protonmail.com tutanota.com tuta.io zoho.com caramail.com "
    "libero.it".split()
)
PROVIDERS = frozenset(  # internet providers: their customers' mailboxes, and the relays of Hadopi's letters
    "laposte.net orange.fr wanadoo.fr free.fr sfr.fr neuf.fr cegetel.net bbox.fr bouyguestelecom.fr numericable.fr "
    "aliceadsl.fr club-internet.fr t-online.de".split()
)
CLOUD = frozenset(
    "drive.google.com docs.google.com dropbox.com dropboxusercontent.com wetransfer.com we.tl mega.nz mediafire.com "
    "onedrive.live.com 1drv.ms firebasestorage.googleapis.com storage.googleapis.com web.app firebaseapp.com pages.dev "
    "workers.dev r2.dev anonfiles.com gofile.io transfer.sh swisstransfer.com smash.com fromsmash.com box.com bit.ly "
    "tinyurl.com t.ly cutt.ly is.gd rb.gy ow.ly t.co shorturl.at discordapp.com cdn.discordapp.com telegra.ph t.me".split()
)
RELAYS = frozenset(  # what senders' and receivers' mail services put in front of a link, and hosted help desks
    "sendgrid.net mandrillapp.com mailgun.org mailchimp.com list-manage.com hubspotlinks.com hubspot.com hs-sites.com "
    "sparkpostmail.com exacttarget.com awstrack.me sendibm1.com sendibm2.com sendibm3.com brevo.com mjt.lu mailjet.com "
    "customeriomail.com pstmrk.it intercom-mail.com intercom-clicks.com intercom.io zendesk.com freshdesk.com salesforce.com "
    "safelinks.protection.outlook.com urldefense.com urldefense.proofpoint.com mimecastprotect.com cudasvc.com "
    "secure-web.cisco.com trendmicro.com".split()
)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def host_of(url: str) -> str:
    """The lower-case host of a URL, punycode decoded; empty when there is none."""
    try:
        host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").rstrip(".")
    except ValueError:
        return ""
    return readable(host)


def readable(host: str) -> str:
    """The host with its punycode labels decoded (RFC 3492), lower-case."""
    labels = []
    for label in host.lower().rstrip(".").split("."):
        try:
            labels.append(label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label)
        except (UnicodeError, ValueError):
            labels.append(label)
    return ".".join(labels)


def registrable(host: str) -> str:
    """The domain that somebody registered, by the public suffix list; the host itself where the list knows none."""
    try:
        encoded = host.encode("idna").decode("ascii") if not host.isascii() else host
        return readable(_suffixes().privatesuffix(encoded.lower()) or host)
    except (UnicodeError, ValueError):
        return host


def has_known_ending(host: str) -> bool:
    """Whether the public suffix list knows the host's ending: tells copytrack.com from report.pdf."""
    return bool(_suffixes().publicsuffix(host, accept_unknown=False)) if host.isascii() else True


def same_owner(one: str, other: str) -> bool:
    """Relaxed alignment of DMARC (RFC 7489 §3.1): the same registrable domain."""
    return bool(one) and bool(other) and registrable(readable(one)) == registrable(readable(other))


def belongs(host: str, domains: Iterable[str]) -> bool:
    """Whether the host is one of these domains or under it."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def shown(host: str) -> str:
    """The host as it may be shown to people: with other alphabets in punycode, where they cannot deceive."""
    try:
        return (host if host.isascii() else host.encode("idna").decode("ascii"))[:80]
    except (UnicodeError, ValueError):
        return host.encode("ascii", "backslashreplace").decode("ascii")[:80]


def looks_like(host: str, domains: tuple[str, ...], brands: tuple[str, ...]) -> bool:
    """Whether a host that is not the issuer's own tries to pass for it.

    By another ending (copytrack.co), by a letter or the sound (copytrak.com, kopitrack.com), by letters of other
    alphabets or that look alike (сopytrack, c0pytrack), or by holding the name (copytrack-legal.com,
    copytrack.com.evil.example). Sub-domains of hosted help desks do not count: copytrack.zendesk.com.
    """
    host = readable(host)
    if not host or belongs(host, (*domains, *RELAYS)):
        return False
    return any(_imitates(host, brand) for brand in brands)


def _imitates(host: str, brand: str) -> bool:
    """Short brands are compared whole: one letter makes another word of them (acom, starcom, marcom)."""
    words = _words(host)
    if len(brand) < _DISTINCT:
        return any(word == brand or _is_garbled(word, brand) or _is_officious(word, brand) for word in words)
    if brand in _skeleton(host.replace("-", "").replace(".", "")):
        return True
    return any(_is_close(piece, brand) for word in words for piece in _pieces(word, len(brand)))


def _words(host: str) -> list[str]:
    """The labels of the host and their parts between hyphens, as they look, without the public suffix."""
    registered = registrable(host)
    suffix = registered.partition(".")[2]
    labels = host.removesuffix(f".{suffix}").split(".") if suffix else host.split(".")
    seen = {look for label in labels for part in (label, *label.split("-")) for look in _looks(part.replace("-", ""))}
    return sorted(seen)


def _looks(label: str) -> tuple[str, ...]:
    plain = _skeleton(label)
    return (plain, plain.replace("cl", "d")) if "cl" in plain else (plain,)


def _pieces(word: str, length: int) -> set[str]:
    """The word, and where it is longer than the brand, what it begins and ends with."""
    if length < _LONG or len(word) <= length + 1:
        return {word}
    return {
        word,
        *(word[:n] for n in range(length - 1, length + 2)),
        *(word[-n:] for n in range(length - 1, length + 2)),
    }


def _is_close(word: str, brand: str) -> bool:
    """One edit apart in letters, or in sound for brands long enough to bear it."""
    if OSA.distance(word, brand, score_cutoff=1) <= 1:
        return True
    return len(brand) >= _LONG and OSA.distance(_sound(word), _sound(brand), score_cutoff=1) <= 1


def _is_garbled(word: str, brand: str) -> bool:
    """The brand with a letter doubled or two of them changed about: arccom, acrom."""
    if _single(word) == brand:
        return True
    return word[:1] == brand[:1] and sorted(word) == sorted(brand) and OSA.distance(word, brand, score_cutoff=1) <= 1


def _is_officious(word: str, brand: str) -> bool:
    """A short brand glued to a word of officialdom: arcompaiement, monarcom."""
    return word in {f"{brand}{other}" for other in _OFFICE} | {f"{other}{brand}" for other in _OFFICE}


_DISTINCT = 6  # letters from which a brand is a word of its own, wherever it stands
_LONG = 8
_OFFICE = (
    "paiement paiements payment pay gouv gouvernement amende amendes service services fr france officiel official securite "
    "avertissement avertissements avertir dossier dossiers reponse notification notifications info infos contact mon mes le "
    "portail portal legal support recouvrement infraction contravention internet numerique online web site"
).split()
_DIGITS = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g", "$": "s"}
)
_SOUNDS = (("ck", "k"), ("qu", "k"), ("ph", "f"), ("x", "ks"), ("c", "k"), ("q", "k"), ("y", "i"), ("z", "s"))
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ŧ": "t", "ƙ": "k", "ø": "o", "đ": "d", "ħ": "h", "ɑ": "a", "æ": "ae", "œ": "oe"}
)


def _sound(word: str) -> str:
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return _single(word)


def _single(word: str) -> str:
    return "".join(letter for letter, before in zip(word, " " + word, strict=False) if letter != before)


def _skeleton(text: str) -> str:
    """The text with look-alike characters brought back to the Latin letters that they imitate."""
    if not text.isascii():
        bare = "".join(
            c for c in unicodedata.normalize("NFKD", text.translate(_LETTERS)) if not unicodedata.combining(c)
        )
        text = "".join(_latin(c) for c in bare.lower())
    return text.replace("rn", "m").replace("vv", "w").translate(_DIGITS)


@cache
def _latin(character: str) -> str:
    if character.isascii():
        return character
    found = confusables.is_confusable(character, greedy=True, preferred_aliases=[])
    for entry in found or ():
        for likeness in entry["homoglyphs"]:
            if likeness["c"].isascii() and likeness["c"].isalpha():
                return str(likeness["c"]).lower()
    return character
