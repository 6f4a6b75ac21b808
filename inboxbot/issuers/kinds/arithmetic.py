"""What the sums of a letter show by their numbers: totals of what stands beside them, items without tax, sums with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import re2

from inboxbot.issuers.kinds.roles import Role
from inboxbot.issuers.kinds.sentences import Piece, fold
from inboxbot.issuers.kinds.sums import Sum

_PARTS = 12  # sums that a total may be made of
_RATES = (Decimal(20), Decimal(10), Decimal("5.5"), Decimal(19), Decimal(7), Decimal(21), Decimal(22))  # per cent
_MADE_OF = re2.compile(
    r"^(?: ?(?:ttc|t\.t\.c\.?|brutto))?\W{0,3}(?:\(|:|(?:qui |which |die |laquelle )?(?:elle |il |ce montant |cette somme )?(?:se )?"
    r"(?:dont|soit|savoir|compos\w*|decompos\w*|davon|setzt sich|namely|of which|made up|compris\w+)\b)"
)
_IT_HOLDS = re2.compile(
    r"^\W*(?:elle|il|ce montant|cette somme|ce chiffre|this|it|dar(?:in|unter)|hierin|dieser betrag|er|sie|davon|dont|incluid\w*|"
    r"questa somma)\b"
)
_MAKES = re2.compile(r"^[^.;:]{0,15}(?:\b(?:soit|mithin|macht|making|ossia|oftewel)\b|=)[^.;:]{0,15}$")
_PAID = re2.compile(
    r"\b(?:acomptes?|recue?s?|encaisse|verse|regle|bezahlt|gezahlt|erhalten|received|paid|ricevut\w|recibid\w|ontvangen)\b"
)
_RISE = ("other", "compensation", "fee")
_SUMMED = ("compensation", "licence", "fee", "net")


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

    def being(self, kind: str, words: str | None = None) -> Asked:
        """The same sum, surely of that kind."""
        return replace(
            self, role=replace(self.role, kind=kind, surety=3, words=self.role.words if words is None else words)
        )


def added_up(piece: Piece, read: Sequence[Asked]) -> list[Asked]:
    """The sums of one piece, those that their numbers tell more of corrected."""
    sums = list(read)
    totals: set[int] = set()
    for place in range(len(sums)):
        before, behind = sums[max(place - _PARTS, 0) : place][::-1], sums[place + 1 : place + 1 + _PARTS]
        count = _adds_up(sums[place], before)
        totals |= {place} if count else set()
        said = count > 1 and _MAKES.search(piece.folded[before[0].printed.end : sums[place].printed.start])
        if said or _has_risen(sums[place], before, behind):
            sums[place] = sums[place].being("total", "the others add up to it")
        _settle_parts(sums, place, count)
        _settle_costs(sums, place)
        if sums[place].role.kind not in ("compensation", "licence") or sums[place].role.surety > 2:
            continue
        _settle_tax(sums, place)
        taxed = place > 0 and _with_tax(sums[place], [sums[place - 1]])
        made_of = bool(behind) and _MADE_OF.search(piece.folded[sums[place].printed.end : behind[0].printed.start])
        if (
            count > 1
            or (made_of and _adds_up(sums[place], behind))
            or (taxed and place - 1 in totals)
            or _is_whole(sums[place], before, behind)
        ):
            sums[place] = sums[place].being("total", "the others add up to it")
        elif taxed:
            sums[place] = replace(sums[place], role=replace(sums[place].role, gross=True))
    return sums


def _settle_parts(sums: list[Asked], place: int, count: int) -> None:
    """Items of a sum without tax have none either; a licence that is a part of damages is a part of the compensation."""
    whole, first = sums[place].role.kind, place - count
    damages = any(part.role.kind == "compensation" for part in sums[first:place])
    for part in range(first, place):
        if whole == "net":
            sums[part] = sums[part].being("net")
        elif whole == "total" and damages and sums[part].role.kind == "licence":
            sums[part] = sums[part].being("compensation")


def _settle_costs(sums: list[Asked], place: int) -> None:
    """A sum of which the next sentence says that costs are inside is a total."""
    each, before = sums[place], sums[place - 1] if place else None
    inside = before and each.role.cost and each.role.within and _IT_HOLDS.search(fold(each.quote))
    if before and inside and before.role.kind == "compensation":
        sums[place - 1] = before.being("total", each.role.words)


def _settle_tax(sums: list[Asked], place: int) -> None:
    """What becomes this sum by tax is without it: "500 € más 105 € de IVA", "EUR 520 (EUR 624 including VAT)"."""
    each, behind = sums[place], sums[place + 1 : place + 3]
    if (
        len(behind) > 1
        and behind[1].role.tax
        and behind[0].printed.value + behind[1].printed.value == each.printed.value
    ):
        sums[place + 1] = behind[0].being("net")
    before = sums[place - 1] if place else None
    if before and each.role.gross and before.quote == each.quote and _with_tax(each, [before]):
        sums[place - 1] = before.being("net")


def _is_whole(each: Asked, before: Sequence[Asked], behind: Sequence[Asked]) -> bool:
    """Whether it is the sum of a list with its tax, or of costs and more without tax that are named behind it."""
    if each.role.gross and any(part.role.cost for part in behind) and _with_tax(each, behind):
        return True
    if len(before) < 2 or not before[0].role.tax or before[0].quote == each.quote:
        return False
    listed = sum(part.printed.value for part in before[1:] if part.role.kind == "net")
    return each.printed.value - before[0].printed.value in (before[1].printed.value, listed)


def _has_risen(each: Asked, before: Sequence[Asked], behind: Sequence[Asked]) -> bool:
    """Whether it is the sum before and the costs behind: "passe de 780 € à 860 €, compte tenu de 80 € de frais"."""
    if not before or not behind or (before[0].role.kind, each.role.kind, behind[0].role.kind) != _RISE:
        return False
    return before[0].printed.value + behind[0].printed.value == each.printed.value


def _adds_up(whole: Asked, parts: Sequence[Asked]) -> int:
    """How many of the first parts make the whole, less what is paid: two or more, or one that is counted; else 0."""
    summed = Decimal(0)
    for count, part in enumerate(parts, 1):
        paid = part.role.kind == "other" and bool(_PAID.search(part.role.words))
        if (part.role.kind not in _SUMMED and not paid) or part.printed.currency != whole.printed.currency:
            return 0
        summed += part.printed.value * (-1 if paid else part.role.times)
        if summed == whole.printed.value and (count > 1 or part.role.times > 1):
            return count
    return 0


def _with_tax(whole: Asked, parts: Sequence[Asked]) -> bool:
    """Whether the sums without tax, or the only one, make the whole with tax."""
    alone = len(parts) == 1
    net = sum(part.printed.value for part in parts if (alone or part.role.kind == "net") and not part.role.unit)
    return any(round(net * (100 + rate) / 100, 2) == whole.printed.value for rate in _RATES)
