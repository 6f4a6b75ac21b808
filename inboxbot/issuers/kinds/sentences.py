"""A text as sentences: what a sum or a date means is said in its own sentence, row or line, seldom further away."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import re2

MAX_TEXT = 200_000  # characters of one piece that are read
MAX_SENTENCE = 1_500  # characters; a longer one is cut at a blank
MAX_QUOTE = 300  # characters of a passage

_LONGEST_ABBREVIATION = 6
_SHORT, _NARROW, _WIDE = 25, 40, 100  # characters of a line that a mail client may have broken
_ADDRESS = re2.compile(r"(?i)(?:https?://|www\.)[^\s<>\"]+|[\w.+-]{1,64}@[\w.-]{1,255}")
_ACCOUNT = re2.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")  # IBAN, ISO 13616
_LEADER = re2.compile(r"\.{4,}|_{4,}|(?: \.){4,}")  # the dots between a label and its sum
_BULLET = re2.compile(r"^\s*(?:[-*>•·▪◦‣]\s|[-•▪]|\(?(?:\d{1,2}|[a-z])[.)°]\)?\s|\d{1,2}°\))")
_CELLS = re2.compile(r"\S {2,}\S|\|")
_END = re2.compile(r"[.!?…]+[\"»”“')\]]*\s+")
_ROW = re2.compile(
    r"(?:\d\W{0,3}(?:€|eur|euros?|chf|£|\$)|(?:€|eur|chf|£|\$) {0,4}\d[\d.,']*|\bttc|\bht|\bt\.t\.c\.)\W*$"
)  # such a line is a row of a list
_RAGGED = 14  # how much shorter than the longest line a full one may be
_UNFINISHED = re2.compile(
    r"(?:[,(/'-]|\b(?:ou|or|oder|et|and|und|y|o|en|of|de|du|des|la|le|les|l|a|au|aux|un|une|the|an|to|for|by|with|from|von|der|die|das|den|dem|"
    r"zu|zum|fur|mit|bei|el|los|del|por|para|il|lo|di|da|del|della|per|het|een|van|voor|pour|par|sur|sous|dans|avec|in|im|on|at|is|are|est|"
    r"sont|ist|sind|which|que|qui|dass|somme|montant|betrag|amount|sum|article|art|soit|eur|chf|usd|gbp)|[€£]|[ (]\d{1,3})$"
)
_ABBREVIATIONS = frozenset(
    "art al no nr num ref env approx ca cf ex etc st ste mr mrs ms dr me mme mlle mgr prof abs bzw bspw evtl ggf inkl incl excl exkl "
    "zzgl sog usw ust mwst vgl max min mind tel fax tx fr sfr inc ltd co sarl abzgl gem lfd nb pp vs mio mrd pos bijv resp sig dott "
    "avv num pag rag aprox".split()
)


def _plain_letters() -> dict[int, str]:
    table = (
        {ord(c): "'" for c in "’‘´`ʼ"}
        | {ord(c): "-" for c in "‐‑‒–—―−"}
        | {ord("ß"): "s", ord("œ"): "o", ord("Œ"): "o"}
    )
    for code in (*range(ord("A"), ord("Z") + 1), *range(0xC0, 0x250)):
        letter = unicodedata.normalize("NFD", chr(code))[0].lower()
        if letter.isascii():
            table[code] = letter
    return table


_PLAIN = _plain_letters()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, row or line: `text` is folded, on one line and as long as in its piece; `block` counts paragraphs."""

    start: int
    text: str
    block: int

    @property
    def end(self) -> int:
        """Where the sentence ends in its piece."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the letter's texts: as printed, and folded to small plain letters, each character in its place."""

    source: str
    printed: str
    folded: str
    sentences: tuple[Sentence, ...]

    def sentence_at(self, offset: int) -> int:
        """The index of the sentence that an offset lies in."""
        return max(bisect_right(self.sentences, offset, key=lambda each: each.start) - 1, 0)

    def quote(self, sentence: Sentence) -> str:
        """The sentence as a passage shows it."""
        return " ".join(self.printed[sentence.start : sentence.end].split())[:MAX_QUOTE]


@lru_cache(maxsize=8)
def read_piece(source: str, text: str) -> Piece:
    """The piece, at most `MAX_TEXT` characters of it.

    Where words are looked for, addresses and account numbers are blackened and wrapped lines are one.
    """
    printed = text[:MAX_TEXT]
    black = printed
    for pattern, mark in ((_ADDRESS, "~"), (_ACCOUNT, "~"), (_LEADER, " ")):
        black = pattern.sub(lambda found, mark=mark: mark * len(found.group()), black)
    folded = fold(black)
    runs = _runs(folded, printed)
    folded = _unwrapped(folded, runs)
    return Piece(source, printed, folded, _sentences(folded, printed, runs))


def _unwrapped(text: str, runs: Sequence[tuple[int, int, int]]) -> str:
    """The text with the line ends inside its runs as blanks."""
    whole: list[str] = []
    at = 0
    for _, start, end in runs:
        whole += (text[at:start], text[start:end].replace("\n", " "))
        at = end
    return "".join((*whole, text[at:]))


def fold(text: str) -> str:
    """Small letters without accents, plain apostrophes and dashes; as long as the text."""
    return text.translate(_PLAIN)


def _sentences(text: str, printed: str, runs: Sequence[tuple[int, int, int]]) -> tuple[Sentence, ...]:
    """The sentences in order; wrapped lines are joined, list items, rows and headings stand for themselves."""
    found: list[Sentence] = []
    for block, start, end in runs:
        run, begin = text[start:end], 0
        for stop in (*_stops(run, printed[start:end]), len(run)):
            while stop - begin > MAX_SENTENCE:
                cut = run.rfind(" ", begin + 1, begin + MAX_SENTENCE) + 1 or begin + MAX_SENTENCE
                found.append(Sentence(start + begin, run[begin:cut], block))
                begin = cut
            if run[begin:stop].strip():
                found.append(Sentence(start + begin, run[begin:stop], block))
            begin = stop
    return tuple(found)


def _stops(run: str, printed: str) -> Iterator[int]:
    """Where a sentence of the run ends and another begins: not after abbreviations, initials and ordinals."""
    for match in _END.finditer(run):
        begin, end = match.start(), match.end()
        if printed[end : end + 1].islower():
            continue
        if run[begin] == ".":
            word = begin
            while word > 0 and begin - word < _LONGEST_ABBREVIATION and run[word - 1].isalnum():
                word -= 1
            last = run[word:begin]
            if last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha()) or (0 < len(last) <= 2 and last.isdigit()):
                continue
        yield end


def _runs(text: str, printed: str) -> list[tuple[int, int, int]]:
    """(paragraph, start, end) of each run of lines that were one line before they were wrapped."""
    runs: list[tuple[int, int, int]] = []
    lines = text.split("\n")
    width = max((len(line) for line in lines), default=0)
    block, offset, before = 0, 0, ""
    for line in lines:
        end = offset + len(line)
        if not line.strip():
            block += 1
        elif before.strip() and _continues(before, line, width, small=printed[offset:end].lstrip()[:1].islower()):
            runs[-1] = (block, runs[-1][1], end)
        else:
            runs.append((block, offset, end))
        before, offset = line, end + 1
    return runs


def _continues(before: str, line: str, width: int, *, small: bool) -> bool:
    """Whether a line goes on with the one before it: its first word did not fit there, or the one before cannot end so."""
    if _BULLET.search(line) or _CELLS.search(line.strip()) or _CELLS.search(before.strip()):
        return False
    last = before.rstrip()
    if last.endswith((".", "!", "?", ":", ";", "…")) and not last.endswith(("t.t.c.", "h.t.")):
        return False
    row = _ROW.search(last) is not None
    room = len(last) + 1 + len(line.split(maxsplit=1)[0]) <= width - _RAGGED
    if small:
        return not (row and room)
    if row:
        return False
    if _UNFINISHED.search(last) and len(last) >= _SHORT:
        return True
    return width <= _WIDE and len(last) >= _NARROW and not room
