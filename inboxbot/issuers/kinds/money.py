"""Sums of money in a letter: what each is, and which one is asked to close the matter (contract, meaning of the facts)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import re2

from inboxbot.issuers.kinds.arithmetic import Asked
from inboxbot.issuers.kinds.asked import read_sums
from inboxbot.issuers.kinds.matter import is_over, still_asks
from inboxbot.issuers.kinds.roles import Role
from inboxbot.issuers.kinds.sentences import read_piece
from inboxbot.issuers.kinds.vocabulary import Extra
from inboxbot.records import Amount, Passage

_DEMANDED = ("compensation", "licence", "total")
_NO_TOTAL = "the letter asks for a sum and for costs and prints no total"
_SEVERAL = "the letter names several sums and does not say which one closes the matter: "
_EARLIER = re2.compile(  # what the letter or an earlier one asked
    r"\b(?:(?:demandi?|sollicit|reclam|demand)\w*(?:ais|ait|ions)|(?:asked|claimed|requested|demanded))\b"
)
_FITTING: tuple[Callable[[Role], bool], ...] = (  # with tax before without, for all before for each, sure before unsure
    lambda role: role.gross,
    lambda role: not role.unit,
    lambda role: role.surety >= 2,
    lambda role: role.surety > 0,
)


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of a letter: all of them with their kinds, and the one asked to close the matter with its passage."""

    amounts: tuple[Amount, ...] = ()
    amount: Decimal | None = None
    currency: str | None = None
    passage: Passage | None = None
    doubts: tuple[str, ...] = ()


def find_sums(
    pieces: Sequence[tuple[str, str]], language: str | None, cues: Mapping[str, Sequence[str]] | None = None
) -> Sums:
    """Read the sums of a letter's own words; `cues` are a room's further RE2 phrases for each kind."""
    extra: Extra = tuple((kind, tuple(phrases)) for kind, phrases in sorted((cues or {}).items()))
    texts = [read_piece(source, text) for source, text in pieces]
    read = [each for piece in texts for each in read_sums(piece, language, extra)]
    if not any(each.role.surety > 1 and each.role.kind in _DEMANDED for each in read):
        read = [each for piece in texts for each in read_sums(piece, language, extra, prose=True)]
    agreed = _agreed(read)
    if is_over(pieces):
        return Sums(_amounts([each if each.role.kind == "net" else each.being("other") for each in agreed]))
    agreed = _asked_again(agreed, pieces)
    return replace(_closing(agreed), amounts=_amounts(agreed))


def _agreed(read: Iterable[Asked]) -> list[Asked]:
    """One for each worth, in the order of the letter: what is said most surely of it counts wherever it stands.

    A sum without tax and a tax may be worth what another sum is.
    """
    best: dict[tuple[Decimal, str, str], Asked] = {}
    for each in read:
        apart = "tax" if each.role.tax else "net" if each.role.kind == "net" else ""
        key = (*each.worth, apart)
        if key not in best or each.role.surety > best[key].role.surety or _renews(each.role, best[key].role):
            best[key] = each
    sure = {each.worth for each in best.values() if each.role.surety > 2}
    return [each for each in best.values() if each.role.surety > 0 or each.worth not in sure]


def _renews(role: Role, earlier: Role) -> bool:
    """Whether what was asked earlier is asked again."""
    return role.surety > 2 and role.kind in (*_DEMANDED, "fee") and _is_earlier(earlier)


def _is_earlier(role: Role) -> bool:
    return role.kind == "other" and bool(_EARLIER.search(role.words))


def _asked_again(read: list[Asked], pieces: Sequence[tuple[str, str]]) -> list[Asked]:
    """The sums of a letter that asks nothing but says that the one it asked before is still asked."""
    earlier = [each for each in read if _is_earlier(each.role)]
    live = any(each.role.kind not in ("other", "fee") for each in read)
    if live or len(earlier) != 1 or not still_asks(pieces):
        return read
    again = replace(earlier[0], role=replace(earlier[0].role, kind="compensation", surety=1))
    return [again if each is earlier[0] else each for each in read]


def _amounts(read: Iterable[Asked]) -> tuple[Amount, ...]:
    return tuple(dict.fromkeys(Amount(*each.worth, each.role.kind) for each in read))


def _closing(read: Sequence[Asked]) -> Sums:
    """The sum that the letter asks in order to close the matter, or a doubt."""
    live = [each for each in read if not each.role.about and not each.role.discount]
    asked = [each for each in live if each.role.kind in ("total", "compensation") and not each.role.unit]
    lowered = [each for each in asked if each.role.lowered]
    if len(lowered) == 1:
        return _sum_of(lowered[0], "the sum that came down")
    closing = [each for each in asked if each.role.closing]
    if len(closing) == 1 < len(asked):
        return _sum_of(closing[0], "the sum that closes the matter")
    totals = [each for each in asked if each.role.kind == "total"]
    if totals:
        return _one_of(totals, "the total")
    for kind, rule in (
        ("compensation", "the compensation"),
        ("licence", "the licence"),
        ("net", "the sum without tax"),
    ):
        found = [each for each in live if each.role.kind == kind and not (kind == "net" and each.role.cost)]
        if found:
            return Sums(doubts=(_NO_TOTAL,)) if _has_costs(read, found) else _one_of(found, rule)
    quick = [each for each in read if each.role.discount and each.role.kind in _DEMANDED]
    return _one_of(quick, "the only sum") if quick else Sums()


def _has_costs(read: Sequence[Asked], found: Sequence[Asked]) -> bool:
    """Whether costs come on top: named as such, or without tax beside a sum that does not include any."""
    costs = [each for each in read if each.role.cost and not each.role.within and each.role.kind in ("fee", "net")]
    untaxed = not any(each.role.gross for each in found)
    return any(each.role.kind == "fee" or untaxed for each in costs)


def _one_of(read: Sequence[Asked], rule: str) -> Sums:
    """The only sum, or the most fitting one."""
    for fits in _FITTING:
        read = [each for each in read if fits(each.role)] or read
    if len(read) == 1 and not (read[0].role.unit and read[0].role.kind == "compensation"):
        return _sum_of(read[0], rule)
    return Sums(
        doubts=(_SEVERAL + ", ".join(f"{value} {currency}" for value, currency in (each.worth for each in read)),)
    )


def _sum_of(read: Asked, rule: str) -> Sums:
    words = f" ({read.role.words.strip()})" if read.role.words.strip() else ""
    return Sums((), *read.worth, Passage(read.quote, read.source, f"money: {rule}{words}"))
