"""Sums of money in a letter: what each is, and which one is asked to close the matter (contract, meaning of the facts)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import re2

from inboxbot.issuers.kinds.roles import Extra, Role, cues_in, roles_in
from inboxbot.issuers.kinds.sentences import Piece, Sentence, read_piece
from inboxbot.issuers.kinds.sums import Sum, find_printed
from inboxbot.records import Amount, Passage

_BARE = re2.compile(r"[a-z]{3,}")
_TAX_WORDS = re2.compile(r"\b(?:euros?|ttc|eur|chf|gbp|usd|dollars?|net|hors|taxes)\b")
_ABOVE = 300  # characters above a sum in which its heading may stand


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of a letter: all of them with their kinds, and the one asked to close the matter with its passage."""

    amounts: tuple[Amount, ...] = ()
    amount: Decimal | None = None
    currency: str | None = None
    passage: Passage | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """One printed sum with its role and the words around it."""

    printed: Sum
    role: Role
    quote: str
    source: str

    @property
    def worth(self) -> tuple[Decimal, str]:
        return self.printed.value, self.printed.currency


def find_sums(
    pieces: Sequence[tuple[str, str]], language: str | None, cues: Mapping[str, Sequence[str]] | None = None
) -> Sums:
    """Read the sums of a letter's own words; `cues` are a room's further RE2 phrases for each kind."""
    extra: Extra = tuple((kind, tuple(phrases)) for kind, phrases in sorted((cues or {}).items()))
    read = [each for source, text in pieces for each in _read(read_piece(source, text), language, extra)]
    agreed = _agreed(read)
    amounts = tuple(dict.fromkeys(Amount(*each.worth, each.role.kind) for each in agreed))
    return replace(_asked(agreed), amounts=amounts)


def _read(piece: Piece, language: str | None, extra: Extra) -> list[_Read]:
    """The sums of one piece, each judged in its sentence or by what stands above it."""
    found: list[_Read] = []
    rows: dict[int, list[Sum]] = {}
    for each in find_printed(piece, language):
        rows.setdefault(piece.sentence_at(each.start), []).append(each)
    for index, sums in rows.items():
        sentence = piece.sentences[index]
        spans = [(each.start - sentence.start, min(each.end, sentence.end) - sentence.start) for each in sums]
        label = _label(piece, index, spans, rows)
        text = label + sentence.text
        roles = roles_in(text, [(start + len(label), end + len(label)) for start, end in spans], extra)
        for printed, role in zip(sums, roles, strict=True):
            meant = _with_heading(role, piece, index, rows, extra) if role.surety < 2 else role
            meant = Role("other", 3, "range") if printed.of_range else meant
            found.append(_Read(printed, meant, piece.quote(sentence), piece.source))
    return found


def _label(piece: Piece, index: int, spans: Sequence[tuple[int, int]], rows: Mapping[int, object]) -> str:
    """The line above a sum that stands on a line of its own, without words."""
    sentence = piece.sentences[index]
    words = sentence.text
    for start, end in reversed(spans):
        words = words[:start] + words[end:]
    if index == 0 or index - 1 in rows or _BARE.search(_TAX_WORDS.sub("", words)):
        return ""
    return piece.sentences[index - 1].text[-200:].rstrip() + " "


def _with_heading(role: Role, piece: Piece, index: int, rows: Mapping[int, object], extra: Extra) -> Role:
    """The role as the sentences above say it, up to the one before that has sums of its own."""
    left = _ABOVE
    for above in range(index - 1, -1, -1):
        sentence: Sentence = piece.sentences[above]
        left -= len(sentence.text)
        if above in rows or left < 0 or piece.sentences[index].block - sentence.block > 1:
            break
        said = [cue for cue in cues_in(sentence.text, extra) if cue.kind in ("licence", "compensation", "fee")]
        if said:
            return replace(role, kind=said[-1].kind, surety=max(role.surety, 1), words=said[-1].words)
    return role


def _agreed(read: Sequence[_Read]) -> list[_Read]:
    """The sums with one kind for each worth: what is said most surely counts wherever the sum stands."""
    best: dict[tuple[Decimal, str], _Read] = {}
    for each in read:
        if each.worth not in best or each.role.surety > best[each.worth].role.surety:
            best[each.worth] = each
    return [best[each.worth] for each in read if best[each.worth] is each]


def _asked(read: Sequence[_Read]) -> Sums:
    """The sum that the letter asks in order to close the matter, or a doubt."""
    fees = [each for each in read if each.role.kind == "fee"]
    for kind in ("total", "compensation", "licence", "net"):
        asked = [each for each in read if each.role.kind == kind and each.role.surety > 0]
        whole = [each for each in asked if not each.role.unit] or asked
        gross = [each for each in whole if each.role.gross] or whole
        if kind == "compensation" and fees and len(gross) == 1:
            return Sums(doubts=("the letter asks a sum and costs and prints no total",))
        if len(gross) == 1:
            return _sum_of(gross[0], kind)
        if gross:
            return _by_addition(gross, kind)
    return Sums()


def _by_addition(read: Sequence[_Read], kind: str) -> Sums:
    """The one sum that is the total of all others, or a doubt."""
    for each in read:
        rest = [other.printed.value for other in read if other is not each]
        if len(rest) > 1 and sum(rest) == each.printed.value:
            return _sum_of(each, kind)
    printed = ", ".join(f"{value} {currency}" for value, currency in (each.worth for each in read))
    return Sums(doubts=(f"the letter asks for several sums and does not say which closes the matter: {printed}",))


def _sum_of(read: _Read, kind: str) -> Sums:
    passage = Passage(read.quote, read.source, f"money: {kind}, by “{read.role.words}”")
    return Sums((), *read.worth, passage)
