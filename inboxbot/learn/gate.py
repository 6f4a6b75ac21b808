"""Whether a candidate takes over: only if nothing that is measured became worse, and what became worse is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inboxbot.learn.pile import Kept
from inboxbot.model.evaluate import Outcome, cost
from inboxbot.model.features import Sight
from inboxbot.model.judge import NamedJudge, Rule, decide
from inboxbot.model.names import Rooms
from inboxbot.model.shelf import Bundle
from inboxbot.records import OTHER, UNSURE

Judged = Sequence[tuple[str, str, str]]  # (name, label, decision)


def decided(outcomes: Sequence[Outcome], rule: Rule) -> Judged:
    """What the decision rule makes of each letter."""
    return [(outcome.name, outcome.label, outcome.decided(rule)) for outcome in outcomes]


def objections(before: Judged, after: Judged, what: str) -> Iterator[str]:
    """Everything that is worse after than before, on the same letters, in plain words."""
    costs = [sum(cost(label, decision) for _, label, decision in judged) for judged in (before, after)]
    if round(costs[1] - costs[0], 6) > 0:
        yield f"its mistakes on {what} cost {costs[1]:.1f} instead of {costs[0]:.1f}"
    wrong = [sum(d not in (label, OTHER, UNSURE) for _, label, d in judged) for judged in (before, after)]
    if wrong[1] > wrong[0]:
        yield f"it would draft {wrong[1]} wrong replies instead of {wrong[0]} on {what}"
    for label in sorted({label for _, label, _ in before}):
        right = [sum(label == known == d for _, known, d in judged) for judged in (before, after)]
        if right[1] < right[0]:
            yield f"it recognises {right[1]} instead of {right[0]} of {what} that are {label}"


def lost(before: Judged, after: Judged) -> list[str]:
    """Names of the letters that were judged rightly before and are not any more."""
    return [
        name for (name, label, earlier), (_, _, later) in zip(before, after, strict=True) if earlier == label != later
    ]


def compared(letters: Sequence[Kept], before: Bundle, after: Bundle, rooms: Rooms) -> Iterator[tuple[Kept, str, str]]:
    """The letters of the pile that the two models judge differently, with both decisions."""
    for kept in letters:
        earlier, later = (
            decide(_judge(bundle, rooms).shared(_known_to(bundle, kept)), bundle.rule) for bundle in (before, after)
        )
        if earlier != later:
            yield kept, earlier, later


def _judge(bundle: Bundle, rooms: Rooms) -> NamedJudge:
    return NamedJudge(bundle.weights, bundle.rule, bundle.version, rooms)


def _known_to(bundle: Bundle, kept: Kept) -> dict[str, Sight]:
    """What is seen of a letter for the rooms that the model knows: about others it cannot be asked."""
    return {room: sight for room, sight in kept.sights.items() if room in bundle.weights.rooms}
