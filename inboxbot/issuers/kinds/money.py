"""Sums of money in a letter: what each is, and which one is asked to close the matter (contract, meaning of the facts)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import re2

from inboxbot.issuers.kinds.matter import is_over
from inboxbot.issuers.kinds.roles import Role, roles_in
from inboxbot.issuers.kinds.sentences import Piece, fold, read_piece
from inboxbot.issuers.kinds.sums import Sum, find_printed
from inboxbot.issuers.kinds.tables import heads, label, sums_in_tables
from inboxbot.issuers.kinds.vocabulary import Extra, cues_in
from inboxbot.records import Amount, Passage

_MADE_OF = re2.compile(
    r"^(?: ?(?:ttc|t\.t\.c\.?|brutto))?\W{0,3}(?:\(|:|(?:qui |which |die |laquelle )?(?:elle |il |ce montant |cette somme )?(?:se )?(?:dont|soit|savoir|compos\w*|decompos\w*|davon|setzt sich|namely|"
    r"of which|made up|compris\w+)\b)"
)
_IT_HOLDS = re2.compile(
    r"^\W*(?:elle|il|ce montant|cette somme|ce chiffre|this|this (?:amount|sum|figure)|it|dar(?:in|unter)|hierin|dieser betrag|er|sie|davon|dont|incluid\w*|questa somma)\b"
)
_ASKED = ("compensation", "licence", "total")
_OFFERS = re2.compile(
    r"\b(?:offer\w*|offr\w+|buy|purchas\w+|acquir\w+|costs?|sell\w*|propos\w+|achet\w+|acqu\w+|vend\w*|cede\w*|coute\w*|erwerb\w*|kauf\w*|anbiet\w*|"
    r"bieten|compr\w+|koop\w*|aanbied\w*)\b"
)
_HEADING = 70  # characters of a line that heads what follows
_ABOVE = 260  # characters above a sum in which its heading may stand
_TAX_RATES = (Decimal(20), Decimal(10), Decimal("5.5"), Decimal(19), Decimal(7), Decimal(21), Decimal(22))  # per cent
_PARTS = 12  # sums that a total may be made of


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of a letter: all of them with their kinds, and the one asked to close the matter with its passage."""

    amounts: tuple[Amount, ...] = ()
    amount: Decimal | None = None
    currency: str | None = None
    passage: Passage | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One printed sum with its role and the words around it."""

    printed: Sum
    role: Role
    quote: str
    source: str

    @property
    def worth(self) -> tuple[Decimal, str]:
        """Value and currency."""
        return self.printed.value, self.printed.currency


def find_sums(
    pieces: Sequence[tuple[str, str]], language: str | None, cues: Mapping[str, Sequence[str]] | None = None
) -> Sums:
    """Read the sums of a letter's own words; `cues` are a room's further RE2 phrases for each kind."""
    extra: Extra = tuple((kind, tuple(phrases)) for kind, phrases in sorted((cues or {}).items()))
    read = [each for source, text in pieces for each in read_sums(read_piece(source, text), language, extra)]
    if not any(each.role.surety > 1 and each.role.kind in _ASKED for each in read):
        read = [
            each for source, text in pieces for each in read_sums(read_piece(source, text), language, extra, prose=True)
        ]
    agreed = _agreed(read)
    if is_over(pieces):
        return Sums(_amounts([each if each.role.kind == "net" else _being(each, "other") for each in agreed]))
    return replace(_closing(agreed), amounts=_amounts(agreed))


def _amounts(read: Iterable[Asked]) -> tuple[Amount, ...]:
    return tuple(dict.fromkeys(Amount(*each.worth, each.role.kind) for each in read))


# --- what each sum is -------------------------------------------------------------------------------------------------


def read_sums(piece: Piece, language: str | None, extra: Extra = (), *, prose: bool = False) -> list[Asked]:
    """The sums of one piece in order, each judged in its sentence, by its label or by what stands above it.

    With `prose` also whole sentences above it count, not only labels and headings.
    """
    rows: dict[int, list[Sum]] = {}
    for each in find_printed(piece, language, sums_in_tables(piece)):
        rows.setdefault(piece.sentence_at(each.start), []).append(each)
    found: list[Asked] = []
    for index, sums in rows.items():
        sentence = piece.sentences[index]
        for each, role in zip(sums, _roles(piece, index, rows, extra), strict=True):
            meant = _with_heading(role, piece, index, rows, extra, prose=prose) if role.surety < 2 else role
            found.append(Asked(each, meant, piece.quote(sentence), piece.source))
    return _added_up(piece, _with_costs_inside(found))


def _roles(piece: Piece, index: int, rows: Mapping[int, list[Sum]], extra: Extra) -> list[Role]:
    """The roles of the sums of one sentence or row."""
    sentence, sums = piece.sentences[index], rows[index]
    if _listed_elsewhere(piece, index, rows):
        return [Role("other", 3, "a list of what will be claimed") for _ in sums]
    columns = heads(piece, index, rows)
    if len(sums) > 1 and columns:
        return [
            _under(head, sentence.text[each.start - sentence.start : each.end - sentence.start], each, extra)
            for head, each in zip(columns, sums, strict=True)
        ]
    above = "".join(columns) or label(piece, index, rows)
    shift = len(above) - sentence.start
    placed = [replace(each, start=each.start + shift, end=min(each.end, sentence.end) + shift) for each in sums]
    return list(roles_in(above + sentence.text, placed, extra))


def _under(head: str, cell: str, each: Sum, extra: Extra) -> Role:
    """The role of one cell of a row under its head."""
    return roles_in(head + cell, [replace(each, start=len(head), end=len(head) + each.end - each.start)], extra)[0]


def _listed_elsewhere(piece: Piece, index: int, rows: Mapping[int, object]) -> bool:
    """Whether the row stands in a list of what is going to be claimed in court."""
    head = index - 1
    while head in rows and index - head < _PARTS and piece.sentences[head].block == piece.sentences[index].block:
        head -= 1
    if (
        head < 0
        or not piece.sentences[head].text.rstrip().endswith(":")
        or piece.sentences[index].block - piece.sentences[head].block > 1
    ):
        return False
    return any(cue.place == "onward" for cue in cues_in(piece.sentences[head].text, "money"))


def _with_heading(
    role: Role, piece: Piece, index: int, rows: Mapping[int, object], extra: Extra, *, prose: bool
) -> Role:
    """The role as the lines above say it, up to the one before that has sums of its own."""
    left = _ABOVE
    for above in range(index - 1, -1, -1):
        sentence = piece.sentences[above]
        text = sentence.text.strip()
        left -= len(text)
        if above in rows or left < 0 or piece.sentences[index].block - sentence.block > 1:
            break
        label = text.endswith(":") or (len(text) <= _HEADING and text[-1:] not in ".?!")
        if not label and not (prose and _OFFERS.search(text)):
            continue
        said = {cue.meaning: cue.words for cue in cues_in(sentence.text, "money", extra)}
        kind = next((kind for kind in ("licence", "compensation") if kind in said), None)
        if kind:
            return replace(role, kind=kind, surety=max(role.surety, 1), words=said[kind])
    return role


def _with_costs_inside(read: list[Asked]) -> list[Asked]:
    """The sums, those marked as totals of which the next sentence says that costs are inside."""
    for place in range(1, len(read)):
        before, each = read[place - 1], read[place]
        if (
            each.role.cost
            and each.role.within
            and before.role.kind == "compensation"
            and _IT_HOLDS.search(fold(each.quote))
        ):
            read[place - 1] = _being(before, "total")
    return read


def _added_up(piece: Piece, read: list[Asked]) -> list[Asked]:
    """The sums as their arithmetic shows them: totals, what a total without tax is made of, and what tax makes of a sum."""
    summed: set[int] = set()
    for place, each in enumerate(read):
        before, behind = read[max(place - _PARTS, 0) : place][::-1], read[place + 1 : place + 1 + _PARTS]
        count = _adds_up(each, before)
        summed |= {place} if count else set()
        if each.role.kind == "total" and any(one.role.kind == "compensation" for one in before[:count]):
            for part in range(place - count, place):
                if read[part].role.kind == "licence":
                    read[part] = _being(read[part], "compensation")
        if each.role.kind == "net":
            for part in range(place - count, place):
                read[part] = _being(read[part], "net")
            continue
        if each.role.kind not in ("compensation", "licence") or each.role.surety > 2:
            continue
        made_of = behind and _MADE_OF.search(piece.folded[each.printed.end : behind[0].printed.start])
        if (
            len(behind) > 1
            and behind[1].role.tax
            and behind[0].printed.value + behind[1].printed.value == each.printed.value
        ):
            read[place + 1] = _being(behind[0], "net")
        itemised = len(before) > 1 and before[0].role.tax and before[0].quote != each.quote and _taxed_by(each, before)
        untaxed = place > 0 and _taxed(each, [read[place - 1]])
        if untaxed and each.role.gross and read[place - 1].quote == each.quote:
            read[place - 1] = _being(read[place - 1], "net")
        with_costs = each.role.gross and any(one.role.cost for one in behind) and _taxed(each, behind)
        if (
            count > 1
            or (made_of and _adds_up(each, behind))
            or with_costs
            or itemised
            or (untaxed and place - 1 in summed)
        ):
            read[place] = _being(each, "total")
        elif untaxed:
            read[place] = replace(each, role=replace(each.role, gross=True))
    return read


def _being(each: Asked, kind: str) -> Asked:
    words = "the others add up to it" if kind == "total" else each.role.words
    return replace(each, role=replace(each.role, kind=kind, surety=3, words=words))


def _adds_up(whole: Asked, parts: Sequence[Asked]) -> int:
    """How many of the first parts make the whole: two or more, or one that is counted; 0 where they do not."""
    summed = Decimal(0)
    for count, part in enumerate(parts, 1):
        if (
            part.role.kind not in ("compensation", "licence", "fee", "net")
            or part.printed.currency != whole.printed.currency
        ):
            return 0
        summed += part.printed.value * part.role.times
        if summed == whole.printed.value and (count > 1 or part.role.times > 1):
            return count
    return 0


def _taxed_by(whole: Asked, before: Sequence[Asked]) -> bool:
    """Whether the tax right before and the sum or sums without it make the whole."""
    net = before[1].printed.value
    listed = sum(part.printed.value for part in before[1:] if part.role.kind == "net")
    return whole.printed.value - before[0].printed.value in (net, listed)


def _taxed(whole: Asked, parts: Sequence[Asked]) -> bool:
    """Whether the sums without tax, or the one before, make the whole with tax."""
    net = sum(
        part.printed.value for part in parts if (part.role.kind == "net" or len(parts) == 1) and not part.role.unit
    )
    return any(round(net * (100 + rate) / 100, 2) == whole.printed.value for rate in _TAX_RATES)


def _agreed(read: Iterable[Asked]) -> list[Asked]:
    """One for each worth, in the order of the letter: what is said most surely of it counts wherever it stands.

    A sum without tax and a tax may be worth what another sum is.
    """
    best: dict[tuple[Decimal, str, str], Asked] = {}
    for each in read:
        apart = "tax" if each.role.tax else each.role.kind if each.role.kind == "net" else ""
        key = (*each.worth, apart)
        if key not in best or each.role.surety > best[key].role.surety:
            best[key] = each
    sure = {each.worth for each in best.values() if each.role.surety > 2}
    return [each for each in best.values() if each.role.surety > 0 or each.worth not in sure]


# --- which one closes the matter --------------------------------------------------------------------------------------


def _closing(read: Sequence[Asked]) -> Sums:
    """The sum that the letter asks in order to close the matter, or a doubt."""
    asked = [each for each in read if each.role.kind in ("total", "compensation") and not each.role.about]
    full = [each for each in asked if not each.role.discount] or asked
    whole = [each for each in full if not each.role.unit]
    for fits, rule in ((_lowered, "the sum that came down"), (_closes, "the sum that closes the matter")):
        found = [each for each in whole if fits(each.role)]
        if len(found) == 1 and (len(whole) > 1 or fits is _lowered):
            return _sum_of(found[0], rule)
    totals = [each for each in whole if each.role.kind == "total"]
    if totals:
        return _one_of(totals, "the total")
    costs = [each for each in read if each.role.cost and not each.role.within and each.role.kind in ("fee", "net")]
    for kind, rule in (
        ("compensation", "the compensation"),
        ("licence", "the licence"),
        ("net", "the sum without tax"),
    ):
        live = [each for each in read if each.role.kind == kind and not each.role.discount and not each.role.about]
        live = [each for each in live if not (kind == "net" and each.role.cost)]
        if any(each.role.kind == "fee" or not any(one.role.gross for one in live) for each in costs) and live:
            return Sums(doubts=("the letter asks for a sum and for costs and prints no total",))
        if live:
            return _one_of(live, rule)
    return Sums()


def _one_of(read: Sequence[Asked], rule: str) -> Sums:
    """The only sum, or the one with tax, for all images, or most surely asked."""
    for fits in (_gross, _whole, _sure, _demanded):
        read = [each for each in read if fits(each.role)] or read
    if len(read) == 1 and not (read[0].role.unit and read[0].role.kind == "compensation"):
        return _sum_of(read[0], rule)
    printed = ", ".join(f"{value} {currency}" for value, currency in (each.worth for each in read))
    return Sums(doubts=(f"the letter names several sums and does not say which one closes the matter: {printed}",))


def _lowered(role: Role) -> bool:
    return role.lowered


def _closes(role: Role) -> bool:
    return role.closing


def _gross(role: Role) -> bool:
    return role.gross


def _whole(role: Role) -> bool:
    return not role.unit


def _sure(role: Role) -> bool:
    return role.surety >= 2


def _demanded(role: Role) -> bool:
    return role.surety > 0


def _sum_of(read: Asked, rule: str) -> Sums:
    words = f" ({read.role.words.strip()})" if read.role.words.strip() else ""
    return Sums((), *read.worth, Passage(read.quote, read.source, f"money: {rule}{words}"))
