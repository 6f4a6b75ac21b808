"""Numbers as letters print or spell them, in six languages: short spans only (libraries study §2)."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from price_parser import Price
from text_to_num import text2num

LANGUAGES = ("fr", "en", "de", "es", "it", "nl")
DIGITS = r"(?:\d{1,3}(?:[ .,']\d{3}){1,3}|\d{1,9})(?:[.,]\d{1,2})?"

_MAX_SPAN = 40  # characters that price-parser is given: it is quadratic
_MAX_WORDS = 9
_REACH = 100  # characters that a spelled number may take
_ONE = frozenset("un une one ein eine einen einem einer eines uno una una één a an".split())


def number(span: str) -> Decimal | None:
    """The value of a number in folded digits: `1 250,00`, `1'250`; three digits behind a mark are thousands."""
    return Price.fromstring(span.strip()[:_MAX_SPAN]).amount


def spelled(words: str, language: str | None = None) -> int | None:
    """The value of a number in words, read in the letter's language first, or None."""
    words = " ".join(words.lower().split())
    if words in _ONE:
        return 1
    return _spelled(words, language) if len(words) <= _REACH else None


def spelled_at_end(text: str, language: str | None = None) -> tuple[int, int] | None:
    """(offset, value) of the longest number in words that the text ends with."""
    words = text[-_REACH:].split()[-_MAX_WORDS:]
    if not words or spelled(words[-1], language) is None:
        return None
    while words and not all(part.isalpha() for part in words[0].split("-")):
        words.pop(0)
    for first in range(len(words)):
        value = spelled(" ".join(words[first:]), language)
        if value is not None:
            return _begin(text, words[first:]), value
    return None


def _begin(text: str, words: list[str]) -> int:
    """Where the last words of the text begin."""
    at = len(text)
    for word in reversed(words):
        at = text.rindex(word, 0, at)
    return at


@lru_cache(maxsize=4096)
def _spelled(words: str, language: str | None) -> int | None:
    for each in sorted(LANGUAGES, key=lambda known: known != language):
        try:
            return int(text2num(words, each))
        except ValueError:
            continue
    return None
