"""Which labels count: what a person said last, once it can no longer be a slip of the hand. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxbot.records import Gesture

LABEL, REPLY = "label", "reply"
UNDO = timedelta(hours=24)  # as long may a letter be moved out again as if nothing had been (reliability study §4.6)


@dataclass(frozen=True, slots=True)
class Said:
    """What people said of one letter: its label, whether it counts for learning, or the labels that contradict each other."""

    label: str | None = None
    counts: bool = False
    rivals: tuple[str, ...] = ()
    by: Gesture | None = None  # the gesture that the label comes from


def said(gestures: Iterable[Gesture], now: datetime) -> Said:
    """The newest label that was not taken back; several folders that hold the letter at once contradict each other.

    A letter that lay in its folder for a day keeps its label when it is tidied away later, and so does one that was moved
    on to be answered. What was typed counts at once.
    """
    gestures = list(gestures)
    replied = max((each.at for each in gestures if each.kind == REPLY), default=None)
    valid = [
        each
        for each in gestures
        if each.kind == LABEL
        and (each.gone_at is None or each.gone_at - each.at >= UNDO or (replied is not None and replied >= each.at))
    ]
    if not valid:
        return Said()
    newest = max(valid, key=lambda each: each.at)
    typed = max((each.at for each in valid if each.by_command), default=None)
    present = [each for each in valid if each.gone_at is None and (typed is None or each.at > typed)]
    rivals = tuple(sorted({each.value for each in present}))
    if len(rivals) > 1:
        return Said(rivals=rivals)
    return Said(newest.value, newest.by_command or now - newest.at >= UNDO, by=newest)


def said_of_each(gestures: Iterable[Gesture], now: datetime) -> Mapping[str, Said]:
    """By letter."""
    letters: dict[str, list[Gesture]] = defaultdict(list)
    for gesture in gestures:
        letters[gesture.letter].append(gesture)
    return {letter: said(each, now) for letter, each in letters.items()}
