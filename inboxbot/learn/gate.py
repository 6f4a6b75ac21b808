"""Whether a candidate takes over: only if nothing that is measured became worse, and what became worse is said.

Worse is one letter less of any class, or any class whose mistakes cost more: no class pays for another, and a wrong draft
or a letter missed is made up for by nothing. So no number of lessons can wear a class away (docs/decisions/0007).
"""

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

LEAST = 2 / 3  # of a new room's letters must be recognised, judged without their own hand


def decided(outcomes: Sequence[Outcome], rule: Rule) -> Judged:
    """What the decision rule makes of each letter."""
    return [(outcome.name, outcome.label, outcome.decided(rule)) for outcome in outcomes]


def price(judged: Judged) -> float:
    """What all the mistakes cost."""
    return round(sum(cost(label, decision) for _, label, decision in judged), 6)


def recognised(judged: Judged) -> dict[str, int]:
    """How many letters of each label were judged rightly."""
    return {
        label: sum(label == known == decision for _, known, decision in judged)
        for label in sorted({label for _, label, _ in judged})
    }


def objections(before: Judged, after: Judged, what: str) -> Iterator[str]:
    """Everything that is worse after than before, on the same letters, in plain words."""
    drafted = [sum(decision not in (label, OTHER, UNSURE) for _, label, decision in each) for each in (before, after)]
    missed = [sum(decision == OTHER != label for _, label, decision in each) for each in (before, after)]
    if drafted[1] > drafted[0]:
        yield f"it would draft {drafted[1]} wrong replies instead of {drafted[0]} on {what}"
    if missed[1] > missed[0]:
        yield f"it would miss {missed[1]} instead of {missed[0]} of {what}"
    then, now = recognised(before), recognised(after)
    for label, right in now.items():
        if right < then[label]:
            yield f"{label}: it recognises {right} instead of {then[label]} of {what}"
        earlier, later = ([each for each in judged if each[1] == label] for judged in (before, after))
        yield from (f"{label}: {worse}" for worse in dearer(earlier, later, what))


def dearer(before: Judged, after: Judged, what: str) -> Iterator[str]:
    """That the mistakes cost more, where they do."""
    if price(after) > price(before):
        yield f"its mistakes cost {price(after):.1f} instead of {price(before):.1f} on {what}"


def too_thin(room: str, judged: Judged) -> Iterator[str]:
    """Why a room that no model has known yet cannot be recognised well enough; `judged` are all new mails that name it."""
    mine = [decision for _, label, decision in judged if label == room]
    if mine.count(room) < LEAST * len(mine):
        yield f"{room}: too thin to be learned: {mine.count(room)} of its {len(mine)} letters would be recognised from the others"
    wrong = sum(decision == room != label for _, label, decision in judged)
    if wrong:
        yield f"{room}: too thin to be learned: {wrong} mails that are none of its letters would be taken for such"


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
