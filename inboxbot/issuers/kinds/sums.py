"""Where sums of money stand in a text and what they are worth; what they mean is the next module's business."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

import re2

from inboxbot.issuers.kinds.numbers import DIGITS, number, spelled_at_end
from inboxbot.issuers.kinds.sentences import Piece

MAX_SUMS = 200  # of one text; a letter has fewer than twenty
_RANGE = 40  # characters that the lower end of a range may take
_NEAR = 40  # characters between a sum and the next one, which leaves its currency out
_REACH = 120  # characters before "euros" in which its number may stand
_CENT = Decimal("0.01")
_LARGEST = Decimal(10_000_000)

_CODES = "eur|usd|gbp|chf|cad|aud|nzd|dkk|sek|nok|pln|czk|huf|jpy"
_WRITTEN = (  # (ISO 4217 code, how it is written, folded)
    ("CHF", r"s?fr\.?|francs? suisses?|(?:schweizer )?franken|franchi svizzeri|zwitserse franken|swiss francs?"),
    ("CAD", r"ca?\$|dollars? canadiens?|canadian dollars?"),
    ("AUD", r"au?\$|australian dollars?"),
    ("USD", r"us ?\$|\$|us[ -]dollars?|dollars? americains?|dollars?|dolares|dollari"),
    ("GBP", r"£|pounds?(?: sterling)?|livres? sterling|pfund|libras esterlinas|sterline"),
    ("EUR", r"€(?:uros?)?|euro'?s?"),
)
_CURRENCY = tuple((code, re2.compile(rf"^(?:{written})$")) for code, written in _WRITTEN)
_BEFORE = rf"(?:{_CODES}|s?fr\.|us ?\$|ca?\$|au?\$|[€£$]|€uros?|euros?)"
_AFTER = rf"(?:(?:{_CODES})\b|€uros?\b|[€£$]|us ?\$|s?fr\.|euro'?s?\b|(?:{'|'.join(written for _, written in _WRITTEN[:-1] if written)})\b)"
_DASH = r"(?:[.,] ?-{1,2}|--)?"
_TIMES = r"(?:(k|mio\.?|millions?|millionen|millones|milioni|miljoen|mille|tausend)\b)?(?: d'| de| di)?"
_EDGE = r"(?:^|[^0-9a-z_.,/']|\d ?[x×*] ?|[a-z.,]')"
_FIRST = re2.compile(rf"(?:^|[^a-z_$€£.])({_BEFORE}) {{0,4}}({DIGITS}){_DASH}(?: ?(k)\b)?(?: (cad|usd|aud|nzd|eur)\b)?")
_LAST = re2.compile(rf"{_EDGE}({DIGITS}){_DASH} ?\n? ?{_TIMES} ?({_AFTER})")
_LOW = rf"(?:{_BEFORE} ?)?({DIGITS}) ?(?:{_AFTER})?\s?"
_LOWER = (  # the lower end of a range, right before the upper one
    re2.compile(rf"(?:^|[^0-9a-z_.,/-]){_LOW}(?:-|a|to|bis|tot|al|hasta)\s?$"),
    re2.compile(rf"\b(?:entre|between|zwischen|tra|fra|tussen) {_LOW}(?:et|and|und|y|e|en)\s?$"),
)
_UNDERSTOOD = re2.compile(
    rf"{_EDGE}({DIGITS}) ?(?:t\.?t\.?c|h\.?t|hors tax|toutes tax)"
    rf"|\b(?:instead of|rather than|au lieu de|statt|anstatt|en lugar de|anziche|invece di|in plaats van) ({DIGITS})(?:\W|$)"
)
_WORDY = re2.compile(r"\b(?:euros?|dollars?|pounds?|francs suisses|franken|dolares)\b")
_LABELLED = re2.compile(
    r"\b(?:images?|photos?|photographies?|bild(?:er)?|foto|options?|lots?|no|n°|nr\.?|pos\.?|etape|variante)\s$"
)
_TIMES_VALUE = {"k": 1000, "mille": 1000, "tausend": 1000}


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money as printed: its place in the text, its value, and whether it is one end of a range."""

    start: int
    end: int
    value: Decimal
    currency: str
    of_range: bool = False


def find_printed(piece: Piece, language: str | None, further: Iterable[Sum] = ()) -> tuple[Sum, ...]:
    """Every sum of a text in order, each once: a sum in words with its digits behind it is one sum.

    `further` are sums found otherwise; they count where they do not overlap.
    """
    text = piece.folded
    found = sorted((*_with_currency_first(text), *_with_currency_last(text)), key=lambda each: (each.start, -each.end))
    found = _apart(found[:MAX_SUMS])
    plain = _apart(
        sorted((*found, *_without_currency(text, found), *islice(further, MAX_SUMS)), key=lambda each: each.start)
    )
    return tuple(sorted((*_ranged(text, plain), *_in_words(piece, plain, language)), key=lambda each: each.start))


def _apart(found: Sequence[Sum]) -> list[Sum]:
    """The sums without those that overlap an earlier one."""
    kept: list[Sum] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _with_currency_first(text: str) -> Iterator[Sum]:
    for match in islice(_FIRST.finditer(text), MAX_SUMS):
        code = match.group(4) or match.group(1)
        made = make_sum(match.start(1), match.end(), match.group(2), match.group(3), code)
        if made and not text[made.end : made.end + 1].isdigit():
            yield made


def _with_currency_last(text: str) -> Iterator[Sum]:
    for match in islice(_LAST.finditer(text), MAX_SUMS):
        start, digits = match.start(1), match.group(1)
        first, blank, rest = digits.partition(" ")
        if blank and (first[0] == "0" or (len(first) <= 2 and _LABELLED.search(text[max(start - 20, 0) : start]))):
            start, digits = start + len(first) + 1, rest
        made = make_sum(start, match.end(), digits, match.group(2), match.group(3))
        if made:
            yield made


def _without_currency(text: str, found: Sequence[Sum]) -> Iterator[Sum]:
    """Sums that leave the currency of the sum before to be understood: `500 € HT / 600 TTC`, `275 euros instead of 550`."""
    for match in islice(_UNDERSTOOD.finditer(text), MAX_SUMS):
        start, digits = (match.start(1), match.group(1)) if match.group(1) else (match.start(2), match.group(2))
        before = bisect_left(found, start, key=lambda each: each.start)
        if not before or not 0 <= start - found[before - 1].end < _NEAR:
            continue
        made = make_sum(start, start + len(digits), digits, None, found[before - 1].currency.lower())
        if made:
            yield made


def make_sum(start: int, end: int, digits: str, times: str | None, currency: str) -> Sum | None:
    """The sum that stands there, or None where its digits or its currency cannot be read or it is beyond all demands."""
    value, code = number(digits), _code(currency)
    if value is None or code is None:
        return None
    word = times or ""
    value *= _TIMES_VALUE.get(word, 1_000_000 if word.startswith("mi") else 1)
    return Sum(start, end, value.quantize(_CENT), code) if 0 < value < _LARGEST else None


def _code(written: str) -> str | None:
    if written in _CODES.split("|"):
        return written.upper()
    return next((code for code, pattern in _CURRENCY if pattern.match(written)), None)


def _ranged(text: str, plain: Sequence[Sum]) -> Iterator[Sum]:
    """The sums, those that end a range as such, with its lower end also where the currency is named once: `400–1 500 euros`."""
    ends: dict[int, Sum] = {}
    for upper in plain:
        begin = max(upper.start - _RANGE, 0)
        match = next((match for pattern in _LOWER if (match := pattern.search(text[begin : upper.start]))), None)
        low = number(match.group(1)) if match else None
        if match is None or low is None or not 0 < low < upper.value:
            continue
        start = begin + match.start(1)
        ends[upper.start] = replace(upper, of_range=True)
        ends[start] = Sum(start, begin + match.end(1), low.quantize(_CENT), upper.currency, of_range=True)
    lower = sorted(ends)
    for each in plain:
        place = bisect_left(lower, each.start)
        if not any(each.start <= start < each.end for start in lower[place : place + 1]):
            yield each
    yield from ends.values()


def _in_words(piece: Piece, plain: list[Sum], language: str | None) -> Iterator[Sum]:
    """Sums whose number is spelled out, but for those that repeat the digits beside them in brackets."""
    starts = [each.start for each in plain]
    for match in islice(_WORDY.finditer(piece.folded), MAX_SUMS):
        place = bisect_left(starts, match.start())
        before, after = plain[place - 1] if place else None, plain[place] if place < len(plain) else None
        begin = max(match.start() - _REACH, before.end if before else 0, 0)
        read = spelled_at_end(piece.printed[begin : match.start()].rstrip(), language)
        code = _code(match.group())
        if (before and before.end >= match.end()) or read is None or code is None or read[1] < 2:
            continue
        start = begin + read[0]
        between = (
            piece.folded[before.end : start] if before else None,
            piece.folded[match.end() : after.start] if after else None,
        )
        if not any(text is not None and len(text) < 30 and "(" in text for text in between):
            yield Sum(start, match.end(), Decimal(read[1]).quantize(_CENT), code)
