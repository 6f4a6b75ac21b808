"""What a sum is to the next one of its sentence: its new height, a part of it, its tax, or the other choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import re2

from inboxbot.issuers.kinds.partings import OR
from inboxbot.issuers.kinds.roles import Role
from inboxbot.issuers.kinds.sums import Sum
from inboxbot.issuers.kinds.vocabulary import Cue

_FROM_TO = re2.compile(
    r"^\W*(?:(?:t\.?t\.?c|h\.?t)\W+)?(?:a|to|auf|naar|tot|al?|down to|bis auf|ahora|werden|wird)(?: \w+){0,2}\W*$"
)
_PLUS_TAX = re2.compile(
    r"^\W*(?:(?:h\.?t\.?|netto|net)\W*)?(?:zzgl|zuzuglich|plus|\+|mas|piu).{0,25}"
    r"(?:mwst|mehrwertsteuer|ust|umsatzsteuer|vat|t\.?v\.?a|iva|btw|steuer)\b\.?(?:[\s:(]|of|von|de|in hohe von|\d{1,2} ?%)*$"
)
_OF_WHICH = re2.compile(
    r"^\W*(?:(?:t\.?t\.?c|h\.?t|brutto)\W+)?(?:dont|comprenant|incluant|davon|darin|of which|including|di cui|waarvan|de los cuales)\b"
)
_NOW = re2.compile(r"^(?:passe|risen|gestiegen)$")  # a sum that has gone up already
_VERB = 60  # characters behind the second sum in which the verb of the move may stand: "wird auf 110 € herabgesetzt"


def paired(text: str, sums: Sequence[Sum], roles: Sequence[Role], cues: Sequence[Cue]) -> tuple[Role, ...]:
    """The roles of the sums of one sentence, corrected by what each is to the next."""
    turned = list(roles)
    removals = {cue.words for cue in cues if cue.meaning == "removal"}
    for n, (one, two) in enumerate(pairwise(sums)):
        first, second = turned[n], turned[n + 1]
        between = text[one.end : two.start]
        if _FROM_TO.search(between) and not second.discount and _has_verb(cues, one, two):
            turned[n], turned[n + 1] = _moved(first, second, cues, falls=one.value > two.value)
        elif _PLUS_TAX.search(between):
            turned[n] = replace(first, kind="net", surety=3)
            turned[n + 1] = replace(second, kind="other", surety=3, words="tax")
        elif first.kind == "net" and second.gross and second.kind == "compensation" and (first.grand or first.within):
            turned[n + 1] = replace(second, kind="total", surety=3, words="total")
        elif second.within and second.cost and first.kind == "compensation":
            turned[n] = replace(first, kind="total", surety=3, words=second.words)
        elif first.kind == second.kind == "compensation" and one.value > two.value and _OF_WHICH.search(between):
            turned[n] = replace(first, kind="total", surety=3, words="of which")
        elif OR.search(between) and removals & {first.words, second.words}:
            turned[n], turned[n + 1] = _either(first, second), _either(second, first)
    return tuple(turned)


def _has_verb(cues: Sequence[Cue], one: Sum, two: Sum) -> bool:
    """Whether the sentence says that a sum came down, or went up, as the two sums do."""
    move = "lowered" if one.value > two.value else "raised"
    return any(cue.meaning == move and cue.start < two.end + _VERB for cue in cues)


def _moved(first: Role, second: Role, cues: Sequence[Cue], *, falls: bool) -> tuple[Role, Role]:
    """The roles of a sum and of what it became, or will become: only what has happened is asked."""
    if falls or any(_NOW.match(cue.words) for cue in cues if cue.meaning == "raised"):
        kind = second.kind if second.kind in ("licence", "total") else "compensation"
        earlier = replace(first, kind="other", surety=3, lowered=False)
        return earlier, replace(second, kind=kind, surety=3, lowered=True)
    asked = replace(first, kind="compensation", surety=3, lowered=False)
    return asked, replace(second, kind="other", surety=3)


def _either(role: Role, other: Role) -> Role:
    """Of two sums to choose from, the one that does not go with taking the image down is the licence."""
    if role.kind == "compensation" and role.surety < 2 <= other.surety:
        return replace(role, kind="licence", surety=2)
    return role
