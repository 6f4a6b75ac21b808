"""Names as they are also written: in letters of other alphabets, with accents, with 0 for o, or a letter at a time.

Who imitates an issuer wants people to read its name and programs not to. So a name's pattern is widened before it meets a
mail: HADOPl, Сopytrack (with a Cyrillic С), C0PYTRACK, Pixträkk and C O P Y T R A C K name whom they seem to name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

_SHORTEST = 5  # letters: of a shorter name every second code would be a likeness
_APART = r"[ .*_·|/-]{1,3}"  # what stands between letters that are written one at a time

# Beside what Unicode itself takes for a form of the letter (é, Ａ, 𝐀, Ⓐ); the pairs of UTS 39 that deceive at a glance.
# RE2 adds the capital or the small letter to each.
_ALIKE = {
    "a": "аαɑᴀ", "b": "ЬвβʙᏏ", "c": "сϲᴄ", "d": "ԁɗᴅ", "e": "еєεᴇҽ", "f": "ғƒꜰ", "g": "ɡɢ", "h": "һнηʜ", "i": "іɪιıӏl1|!",
    "j": "јᴊ", "k": "кκᴋ", "l": "ӏʟι1|iı", "m": "мμᴍ", "n": "ոпνɴ", "o": "оοσօᴏ0ø", "p": "рρᴘ", "q": "ԛգ", "r": "гʀᴦя", "s": "ѕꜱ5$",
    "t": "тτᴛŧ", "u": "υսᴜц", "v": "ѵνᴠ", "w": "ѡԝωᴡ", "x": "хχ", "y": "уүγʏ", "z": "ᴢζ",
}  # fmt: skip
_FORMS = ((0xC0, 0x250), (0x1E00, 0x1F00), (0x2100, 0x2150), (0x24B6, 0x24EA), (0xFF21, 0xFF5B), (0x1D400, 0x1D6A4))

_EDGE = r"\b"
_TOKEN = re.compile(r"\\b|\\.|\[[^\]]*\]|.", re.DOTALL)
_ONE_WORD = re.compile(r"(?:\\b)?[a-z]+(?:(?: |\[ -\])\?[a-z]+)*(?:\\b)?")  # maybe written as two: pix ?trakk


@cache
def widened(pattern: str) -> str:
    """The pattern of a name, in small letters, so that likenesses of the name match it too; meant for RE2 with `(?i)`."""
    tokens = _TOKEN.findall(pattern)
    letters = [token for token in tokens if _is_letter(token)]
    if len(letters) < _SHORTEST:
        return pattern
    alike = "".join(_wide(*around) for around in _with_neighbours(["", *tokens, ""]))
    if not _ONE_WORD.fullmatch(pattern):
        return alike
    apart = _APART.join(_wide(*around) for around in _with_neighbours([_EDGE, *letters, _EDGE]))
    return f"{alike}|{apart}"


def _with_neighbours(tokens: list[str]) -> Iterator[tuple[str, str, str]]:
    return zip(tokens, tokens[1:], tokens[2:], strict=False)


def _wide(before: str, token: str, after: str) -> str:
    """One token. RE2's `\\b` knows ASCII alone: beside a letter that may be of another alphabet it goes into that letter."""
    if token == _EDGE:
        return "" if _is_letter(before) or _is_letter(after) else token
    if not _is_letter(token):
        return token
    inside, others = _likenesses(token)
    start, end = (r"\b" if side == _EDGE else "" for side in (before, after))
    return f"(?:{start}[{inside}]{end}|[{others}])" if start or end else f"[{inside}{others}]"


def _is_letter(token: str) -> bool:
    return len(token) == 1 and token.isascii() and token.isalpha()


@cache
def _likenesses(letter: str) -> tuple[str, str]:
    """What looks like the letter, itself included: what RE2 takes for a part of a word, and what not."""
    alike = "".join(dict.fromkeys(letter + _ALIKE.get(letter, "") + _forms().get(letter, "")))
    inside = "".join(c for c in alike if c.isascii() and c.isalnum())
    return inside, "".join(c for c in alike if c not in inside)


@cache
def _forms() -> dict[str, str]:
    """By letter: the characters that Unicode decomposes to it and marks upon it."""
    forms: dict[str, str] = defaultdict(str)
    for first, end in _FORMS:
        for character in map(chr, range(first, end)):
            plain = [c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)]
            if len(plain) == 1 and _is_letter(plain[0]):
                forms[plain[0].lower()] += character
    return dict(forms)
