"""The one decision rule, for service and evaluation alike.

A letter of an issuer names that issuer somewhere. What names no room is `other`, so ordinary mail is never unsure and
another agency's demand is never taken for this one's (this is also what makes the glance safe). For each room that is
named the estimator says how likely the letter is one of that room's; their odds, with 1 for `other`, share out the whole.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from inboxbot.model.features import Sight, sights
from inboxbot.model.names import Names, Rooms
from inboxbot.model.pipeline import Weights
from inboxbot.records import OTHER, UNSURE, Clue, Letter, Verdict

# What a mistake costs (design, decision 4).
WRONG_DRAFT, MISSED_LETTER, ASKED = 10.0, 5.0, 0.3


@dataclass(frozen=True, slots=True)
class Rule:
    """Thresholds of the decision: `letter` for a room, `other` for "not a letter", and the margin to the next label."""

    letter: float = 1 - ASKED / WRONG_DRAFT
    other: float = 1 - ASKED / MISSED_LETTER
    margin: float = 0.3


def decide(probabilities: Mapping[str, float], rule: Rule) -> str:
    """The label, or "unsure": at least the threshold, and at least the margin before the next."""
    ranked = sorted(probabilities.items(), key=lambda item: -item[1])
    label, best = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    threshold = rule.other if label == OTHER else rule.letter
    return label if best >= threshold and best - second >= rule.margin else UNSURE


class NamedJudge:
    """`ports.Judge` over folded weights and the rooms' names; without weights it cannot be asked."""

    def __init__(self, weights: Weights | None, rule: Rule, model: str | None, rooms: Rooms) -> None:
        self.model = model
        self._weights = weights
        self._rule = rule
        self._names = Names(rooms if weights is None else rooms.only(weights.rooms))

    def __call__(self, letter: Letter) -> Verdict:
        probabilities = self.probabilities(letter)
        likely = max(probabilities, key=lambda label: probabilities[label])
        return Verdict(
            label=decide(probabilities, self._rule),
            confidence=probabilities[likely],
            probabilities=probabilities,
            threshold=self._rule.other if likely == OTHER else self._rule.letter,
            margin=self._rule.margin,
            model=self.model or "none",
            likely=likely,
        )

    def probabilities(self, letter: Letter) -> dict[str, float]:
        """Of each label that the model knows."""
        return self.shared(sights(letter, self._names))

    def shared(self, seen: Mapping[str, Sight]) -> dict[str, float]:
        """The probability of each label, given what is seen for each room that is named."""
        if self._weights is None:
            raise RuntimeError("a judge without a model was asked")
        odds = {room: self._weights.log_odds(room, sight) for room, sight in seen.items()}
        most = max([0.0, *odds.values()])
        raised = {room: math.exp(value - most) for room, value in odds.items()}
        whole = math.exp(-most) + math.fsum(raised.values())
        shares = {room: raised.get(room, 0.0) / whole for room in self._weights.rooms}
        return {**shares, OTHER: math.exp(-most) / whole}

    def named(self, letter: Letter) -> frozenset[str]:
        """The rooms that the letter names: in its words, its links, its heads, or the history it quotes."""
        return frozenset(self._names.of(letter))

    def clues(self, letter: Letter, label: str, count: int = 12) -> tuple[Clue, ...]:
        """The words and signs that counted most for and against the label, strongest first.

        For `other`: against the room that came nearest; none where nothing names a room.
        """
        weights, seen = self._weights, sights(letter, self._names)
        if weights is None or not seen:
            return ()
        room = max(seen, key=lambda name: weights.log_odds(name, seen[name])) if label == OTHER else label
        if room not in seen:
            return ()
        towards = -1.0 if label == OTHER else 1.0
        spoke = weights.contributions(room, seen[room])
        found = sorted(((towards * weight, what) for what, weight in spoke), key=lambda item: (-abs(item[0]), item[1]))
        return tuple(Clue(what, round(weight, 4)) for weight, what in found[:count])


def open_judge(models_dir: Path | None, rooms: Rooms) -> NamedJudge:
    """The judge with the model that is current on the shelf, else the packaged one, else one without a model."""
    from inboxbot.model.shelf import open_current  # noqa: PLC0415 - numpy's cost only where a judge is opened

    bundle = open_current(models_dir)
    if bundle is None:
        return NamedJudge(None, Rule(), None, rooms)
    return NamedJudge(bundle.weights, bundle.rule, bundle.version, rooms)
