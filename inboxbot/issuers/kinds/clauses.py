"""The roles of all sums of one sentence: each hears the words on its own side of the partings, then its neighbours count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inboxbot.issuers.kinds.pairs import paired
from inboxbot.issuers.kinds.partings import bracket, choice, parting, stop
from inboxbot.issuers.kinds.roles import Role, judge
from inboxbot.issuers.kinds.sums import Sum
from inboxbot.issuers.kinds.vocabulary import Cue, Extra, cues_in


def roles_in(text: str, sums: Sequence[Sum], extra: Extra = ()) -> tuple[Role, ...]:
    """The role of each sum of one folded sentence; the places of the sums are those in `text`, left to right."""
    cues = _trimmed(cues_in(text, "money", extra), sums)
    claimed = min((cue.end for cue in cues if cue.place == "onward"), default=len(text))  # from there on only in court
    rises = any(cue.meaning == "raised" for cue in cues)
    roles: list[Role] = []
    start = low = choice(text, cues, sums[0].start) if sums else 0
    for number, each in enumerate(sums):
        high = parting(text, each.end, sums[number + 1].start) if number + 1 < len(sums) else stop(text, each.end)
        role = judge(text, cues, each, low, high)
        if each.start >= claimed or (each.of_range and not rises):
            role = Role("fee" if role.cost else "other", 3, "a range, or only in court", cost=role.cost, within=True)
        elif role.surety == 0 and roles:
            role = _beside(text, cues, (sums[number - 1], each), (role, roles[-1]), (start, low, high))
        roles.append(role)
        start, low = low, high
    return paired(text, sums, roles, cues)


def _beside(
    text: str, cues: Sequence[Cue], sums: tuple[Sum, Sum], roles: tuple[Role, Role], places: tuple[int, int, int]
) -> Role:
    """The role of a sum without a word of its own, by those of the sum before it."""
    (before, each), (role, earlier), (start, low, high) = sums, roles, places
    opened = bracket(text, before, low)
    if opened >= 0:  # the label stands in front of the bracket
        return judge(text, cues, replace(each, start=opened), start, opened)
    if earlier.kind != "other" or role.lowered:
        return role
    again = judge(text, [cue for cue in cues if cue.meaning != "other"], each, start, high)
    return again if again.kind == "fee" else replace(role, kind="other", words=earlier.words)


def _trimmed(cues: Sequence[Cue], sums: Sequence[Sum]) -> tuple[Cue, ...]:
    """The cues without the words of a sum that they run into, as those of a spelled-out one."""
    starts = [each.start for each in sums]
    ends = [next((start for start in starts if cue.start < start < cue.end), cue.end) for cue in cues]
    return tuple(replace(cue, end=end) for cue, end in zip(cues, ends, strict=True))
