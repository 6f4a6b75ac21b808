"""Text as everyone downstream may rely on it: one form of each character, plain spaces, nothing invisible."""

from __future__ import annotations

import re  # not re2: it refuses lone surrogates, which are removed here; these are single character classes, hence linear
import unicodedata

import re2

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800\u3164]")
# Control, zero-width, soft hyphen, bidi, joiners, tags, variation selectors, private use, surrogates, non-characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ue000-\uf8ff\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_BLANK_RUN = re2.compile(r" *\n(?: *\n){3,}")


def normalise(text: str) -> str:
    """The text in NFC with LF line ends, every kind of blank as a space, and no invisible characters."""
    text = _LINE_ENDS.sub("\n", text)
    text = _SPACES.sub(" ", text)
    text = _UNSEEN.sub("", text)
    return unicodedata.normalize("NFC", text)


def one_line(text: str, limit: int = 1000) -> str:
    """The text normalised, on one line, at most `limit` characters: for subjects, names and addresses."""
    return " ".join(normalise(text[: 4 * limit]).split())[:limit]


def tidy(text: str) -> str:
    """Normalised text without blanks at line ends and without long runs of empty lines."""
    lines = (line.rstrip() for line in normalise(text).split("\n"))
    return str(_BLANK_RUN.sub("\n\n\n", "\n".join(lines))).strip("\n")
