"""Rows and columns of a text: which label and which head of a column a sum stands under, and sums whose currency the head tells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, islice

import re2

from inboxbot.issuers.kinds.sentences import Piece
from inboxbot.issuers.kinds.sums import MAX_SUMS, Sum, make_sum

Rows = Mapping[int, Sequence[Sum]]  # the sums of a piece by the number of their sentence

_DECIMAL = re2.compile(r"\d[.,]\d\d(?:\D|$)")
_CELL = re2.compile(r" {2,}|\|")
_BARE_NUMBER = re2.compile(r"^(?:- ?)?(\d{1,3}(?:[ .,']\d{3})*[.,]\d{2})(?: (?:t\.?t\.?c\.?|h\.?t\.?|netto|brutto))?$")
_CURRENCY = re2.compile(r"(?:^|[^a-z])(eur|euros?|gbp|chf|usd|dkk|€|£)(?:[^a-z]|$)")
_SAYS = re2.compile(r"[a-z]{3,}")
_TAX_WORDS = re2.compile(r"\b(?:euros?|ttc|eur|chf|gbp|usd|dollars?)\b")
_TAX_HEADS = re2.compile(r"\b(h\.?t\.?|t\.?v\.?a\.?|t\.?t\.?c\.?|net|netto|vat|mwst|ust|gross|brutto|iva)(?:\b|\W|$)")
_FAR = 12  # rows between a sum and the head of its column
_RUN = 12  # sums in a row that stand without words
_LABEL = 200


def sums_in_tables(piece: Piece) -> Iterator[Sum]:
    """The sums in cells that leave the currency to the head of the table, or to another row."""
    decimals = [match.start() for match in islice(_DECIMAL.finditer(piece.folded), MAX_SUMS)]
    if len(decimals) < 2:
        return
    lines = piece.folded.split("\n")
    offsets = list(accumulate((len(line) + 1 for line in lines), initial=0))
    near = sorted({bisect_right(offsets, at) - 1 for at in decimals})
    numbered = [n for n in near if any(_BARE_NUMBER.match(cell) for cell in cells(lines[n]))]
    for first, last in _groups(numbered):
        around = "\n".join(lines[max(first - 3, 0) : last + 3])
        said = {
            "eur" if word.startswith(("eur", "€")) else "gbp" if word == "£" else word
            for word in _CURRENCY.findall(around)
        }
        if len(said) != 1:
            continue
        currency = said.pop()
        for n in range(first, last + 1):
            at = 0
            for cell in cells(lines[n]):
                at = lines[n].index(cell, at)
                match = _BARE_NUMBER.match(cell)
                made = match and make_sum(
                    offsets[n] + at + match.start(1), offsets[n] + at + match.end(1), match.group(1), None, currency
                )
                if made:
                    yield made
                at += len(cell)


def _groups(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and last of the lines that make a table: two or more, with at most two others between."""
    group: list[int] = []
    for number in (*numbers, None):
        if group and (number is None or number - group[-1] > 3):
            if len(group) > 1:
                yield group[0], group[-1]
            group = []
        if number is not None:
            group.append(number)


def cells(line: str) -> list[str]:
    """The cells of a table row: two blanks or a bar lie between them."""
    return [cell.strip() for cell in _CELL.split(line.strip()) if cell.strip()]


def heads(piece: Piece, index: int, rows: Rows) -> list[str]:
    """The label of the row and head of the column for each sum of a sentence; none where it is no row of a table."""
    sums = rows[index]
    row = cells(piece.sentences[index].text)
    for above in range(index - 1, max(index - _FAR, -1), -1):
        if above in rows:
            continue
        head = cells(piece.sentences[above].text)
        taxes = _TAX_HEADS.findall(piece.sentences[above].text)
        if len(row) > 1 and len(head) > 1 and len(row) - len(head) in (0, 1):
            head = ["", *head][-len(row) :]
            places = [next((n for n, cell in enumerate(row) if _holds(cell, piece, each)), 0) for each in sums]
            label = "" if 0 in places else row[0]
            return [f"{label} {head[place]} : " for place in places] if len(set(places)) == len(sums) else []
        if len(sums) > 1 and len(taxes) == len(sums):
            label = piece.sentences[index].text[: sums[0].start - piece.sentences[index].start].strip()
            return [f"{label} {tax} : " for tax in taxes]
        if len(head) > 1:
            return []
    return []


def _holds(cell: str, piece: Piece, each: Sum) -> bool:
    return piece.folded[each.start : each.end] in cell


def label(piece: Piece, index: int, rows: Rows) -> str:
    """The line above that is the label of a sum on a line of its own; of a run of such sums each has its line, in order."""
    if not _bare(piece, index, rows):
        return ""
    first = last = index
    while index - first < _RUN and _bare(piece, first - 1, rows):
        first -= 1
    while last - index < _RUN and _bare(piece, last + 1, rows):
        last += 1
    count = last - first + 1
    above = index - count
    if above < 0 or any(n in rows for n in range(first - count, first)):
        above = first - 1 if index == first else -1
    return piece.sentences[above].text[-_LABEL:].rstrip(" :") + " : " if above >= 0 and above not in rows else ""


def _bare(piece: Piece, index: int, rows: Rows) -> bool:
    """Whether a sentence is a sum and nothing else."""
    if index not in rows or len(rows[index]) > 1:
        return False
    sentence, (each,) = piece.sentences[index], rows[index]
    rest = sentence.text[: each.start - sentence.start] + sentence.text[each.end - sentence.start :]
    return not _SAYS.search(_TAX_WORDS.sub("", rest))
