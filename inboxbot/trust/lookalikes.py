"""Hosts that try to pass for an issuer's: by slips, by sound, by look, by another ending, by holding its name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from rapidfuzz.distance import OSA

from inboxbot.trust.hosts import RELAYS, belongs, readable, registrable

MAX_HOST = 253  # RFC 1035 §2.3.4: nothing longer leads anywhere

_SPELLED = re.compile(r"\w+")  # not re2, whose \w is ASCII
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


def looks_like(host: str, domains: tuple[str, ...], brands: tuple[str, ...]) -> bool:
    """Whether a host that is not the issuer's own tries to pass for it.

    By another ending (copytrack.co), by a letter or the sound (copytrak.com, kopitrack.com), by letters of other
    alphabets or that look alike (сopytrack, c0pytrack), or by holding the name (copytrack-legal.com,
    copytrack.com.evil.example). Sub-domains of hosted help desks do not count: copytrack.zendesk.com.
    """
    host = readable(host)
    if not host or len(host) > MAX_HOST or belongs(host, (*domains, *RELAYS)):
        return False
    return any(_imitates(host, brand) for brand in brands)


def disguised(text: str, brands: tuple[str, ...]) -> str | None:
    """The first word that spells a brand with letters of another alphabet, as Сopytrack with a Cyrillic С; accents are none."""
    if text.isascii():
        return None
    foreign = (word for word in _SPELLED.findall(text) if not word.isascii() and not _bare(word).isascii())
    return next((word for word in foreign if _skeleton(word.lower()).startswith(brands)), None)


def _imitates(host: str, brand: str) -> bool:
    """Short brands are compared whole: one letter makes another word of them (acom, starcom, marcom)."""
    words = _words(host)
    if len(brand) < _DISTINCT:
        return any(word == brand or _is_garbled(word, brand) or _is_officious(word, brand) for word in words)
    if _holds(host, brand):
        return True
    return any(_is_close(piece, brand) for word in words for piece in _pieces(word, len(brand)))


def _holds(host: str, brand: str) -> bool:
    """Whether the brand stands in the host, whole or in pieces: mycopytrack, copy-track, c.opytrack.

    Of a shorter one the pieces must be all of it, for hado-pilates' sake.
    """
    if len(brand) >= _LONG:
        return brand in _skeleton(host.replace("-", "").replace(".", ""))
    pieces = [_skeleton(piece) for piece in host.replace("-", ".").split(".")]
    runs = ("".join(pieces[start:end]) for start in range(len(pieces)) for end in range(start + 2, len(pieces) + 1))
    return any(brand in piece for piece in pieces) or any(run == brand for run in runs)


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
    if len(brand) < _LONG or abs(len(word) - len(brand)) > 1:
        return False
    return OSA.distance(_sound(word), _sound(brand), score_cutoff=1) <= 1


def _is_garbled(word: str, brand: str) -> bool:
    """The brand with a letter doubled or two of them changed about: arccom, acrom."""
    if _single(word) == brand:
        return True
    return word[:1] == brand[:1] and sorted(word) == sorted(brand) and OSA.distance(word, brand, score_cutoff=1) <= 1


def _is_officious(word: str, brand: str) -> bool:
    """A short brand glued to a word of officialdom: arcompaiement, monarcom."""
    return word in {f"{brand}{other}" for other in _OFFICE} | {f"{other}{brand}" for other in _OFFICE}


def _sound(word: str) -> str:
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return _single(word)


def _single(word: str) -> str:
    return "".join(letter for letter, before in zip(word, " " + word, strict=False) if letter != before)


def _skeleton(text: str) -> str:
    """The text with look-alike characters brought back to the Latin letters that they imitate."""
    if not text.isascii():
        text = "".join(_latin(c) for c in _bare(text).lower())
    return text.replace("rn", "m").replace("vv", "w").translate(_DIGITS)


def _bare(text: str) -> str:
    """The text without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.translate(_LETTERS)) if not unicodedata.combining(c))


@cache
def _latin(character: str) -> str:
    if character.isascii():
        return character
    from confusable_homoglyphs import confusables  # noqa: PLC0415 - 18 MB of tables that hosts in ASCII need not

    found = confusables.is_confusable(character, greedy=True, preferred_aliases=[])
    for entry in found or ():
        for likeness in entry["homoglyphs"]:
            if likeness["c"].isascii() and likeness["c"].isalpha():
                return str(likeness["c"]).lower()
    return character
