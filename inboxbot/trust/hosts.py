"""Host names: who owns one, and which try to look like another's."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

from confusable_homoglyphs import confusables
from publicsuffixlist import PublicSuffixList
from rapidfuzz.distance import OSA

# An edit in a short brand makes another word (acom, arcor): distances count from this length on.
SHORTEST_FOR_DISTANCE = 7

FREEMAIL = frozenset(
    "gmail.com googlemail.com outlook.com outlook.fr outlook.de hotmail.com hotmail.fr hotmail.de live.com live.fr msn.com "
    "yahoo.com yahoo.fr yahoo.de yahoo.co.uk ymail.com aol.com icloud.com me.com gmx.com gmx.de gmx.fr gmx.net web.de "
    "t-online.de freenet.de mail.com mail.ru yandex.com yandex.ru proton.me protonmail.com tutanota.com tuta.io zoho.com "
    "laposte.net orange.fr wanadoo.fr free.fr sfr.fr neuf.fr bbox.fr numericable.fr caramail.com libero.it".split()
)
CLOUD = frozenset(
    "drive.google.com docs.google.com dropbox.com wetransfer.com we.tl mega.nz mediafire.com onedrive.live.com 1drv.ms "
    "firebasestorage.googleapis.com storage.googleapis.com web.app firebaseapp.com pages.dev workers.dev anonfiles.com "
    "gofile.io transfer.sh swisstransfer.com smash.com bit.ly tinyurl.com t.ly cutt.ly is.gd rb.gy ow.ly t.co shorturl.at "
    "discordapp.com cdn.discordapp.com telegra.ph t.me".split()
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


def same_owner(one: str, other: str) -> bool:
    """Relaxed alignment of DMARC (RFC 7489 §3.1): the same registrable domain."""
    return bool(one) and bool(other) and registrable(readable(one)) == registrable(readable(other))


def belongs(host: str, domains: tuple[str, ...]) -> bool:
    """Whether the host is one of these domains or under it."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def looks_like(host: str, domains: tuple[str, ...], brands: tuple[str, ...]) -> bool:
    """Whether a host that is not the issuer's own tries to pass for it.

    By another ending (copytrack.co), by a few letters (copytrak.com), by letters of other alphabets or that look alike
    (сopytrack, c0pytrack), or by holding the name (copytrack-legal.com, copytrack.com.evil.example).
    """
    host = readable(host)
    if not host or belongs(host, domains):
        return False
    label = registrable(host).partition(".")[0]
    whole = _skeleton(host).replace("-", "").replace(".", "")
    tokens = [part for piece in host.split(".") for part in _skeleton(piece).split("-")]
    for brand in brands:
        if len(brand) >= SHORTEST_FOR_DISTANCE:
            plain = _skeleton(label).replace("-", "")
            if brand in whole or OSA.distance(plain, brand) <= (2 if len(brand) > SHORTEST_FOR_DISTANCE else 1):
                return True
        elif brand in tokens or _glued(tokens, brand):
            return True
    return False


def _glued(tokens: list[str], brand: str) -> bool:
    """A short brand at the start of a longer label, before a word of officialdom: arcompaiement, hadopigouv."""
    officious = ("paiement", "gouv", "amende", "service", "fr", "officiel", "securite", "avertissement", "dossier", "reponse")
    return any(token.startswith(brand) and token[len(brand) :].startswith(officious) for token in tokens)


_DIGITS = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "$": "s"})


def _skeleton(text: str) -> str:
    """The text with look-alike characters brought back to the Latin letters that they imitate."""
    text = text.replace("rn", "m").replace("vv", "w") if text.isascii() else "".join(_latin(c) for c in text)
    return text.translate(_DIGITS)


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
