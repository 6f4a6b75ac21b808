"""The one decision rule, for service and evaluation alike.

Two kinds of evidence meet here. The estimator says what the words look like. And a letter of an issuer names that
issuer somewhere: where nothing names a room, its probability is given to the others, so that ordinary mail is never
unsure and another agency's demand is never taken for this one's (this is also what makes the glance safe).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import re2

from inboxbot.model.features import text_of
from inboxbot.model.pipeline import Weights
from inboxbot.records import OTHER, UNSURE, Clue, Letter, Verdict

# What a mistake costs (design, decision 4).
WRONG_DRAFT, MISSED_LETTER, ASKED = 10.0, 5.0, 0.3


@dataclass(frozen=True, slots=True)
class Rule:
    """Thresholds of the decision: `letter` for a room, `other` for "not a letter", and the margin to the next label."""

    letter: float = 1 - ASKED / WRONG_DRAFT
    other: float = 1 - ASKED / MISSED_LETTER
    margin: float = 0.5


def decide(probabilities: Mapping[str, float], rule: Rule) -> str:
    """The label, or "unsure": at least the threshold, and at least the margin before the next."""
    ranked = sorted(probabilities.items(), key=lambda item: -item[1])
    label, best = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    threshold = rule.other if label == OTHER else rule.letter
    return label if best >= threshold and best - second >= rule.margin else UNSURE


class NamedJudge:
    """`ports.Judge` over folded weights and the rooms' names; without weights it cannot be asked."""

    def __init__(self, weights: Weights | None, rule: Rule, model: str | None, names: Mapping[str, Sequence[str]]) -> None:
        self.model = model
        self._weights = weights
        self._rule = rule
        self._names = {room: [re2.compile(f"(?i){pattern}") for pattern in patterns] for room, patterns in names.items()}

    def __call__(self, letter: Letter) -> Verdict:
        probabilities = self.probabilities(letter)
        label = decide(probabilities, self._rule)
        likely = max(probabilities, key=lambda name: probabilities[name])
        return Verdict(
            label=label,
            confidence=probabilities[likely],
            probabilities=probabilities,
            threshold=self._rule.other if likely == OTHER else self._rule.letter,
            margin=self._rule.margin,
            model=self.model or "none",
            likely=likely,
        )

    def probabilities(self, letter: Letter) -> dict[str, float]:
        """Of each label, after the rooms that nothing names have given theirs to the rest."""
        if self._weights is None:
            raise RuntimeError("a judge without a model was asked")
        raw = self._weights.probabilities(text_of(letter))
        named = self.named(letter)
        kept = {
            label: float(p) if label == OTHER or label in named else 0.0
            for label, p in zip(self._weights.labels, raw, strict=True)
        }
        total = sum(kept.values())
        if total == 0.0:
            return {label: float(label == OTHER) for label in kept}
        return {label: p / total for label, p in kept.items()}

    def named(self, letter: Letter) -> frozenset[str]:
        """The rooms that the letter names: in its words, its links, its sender, or the history it quotes."""
        text = naming_text(letter)
        return frozenset(room for room, patterns in self._names.items() if any(p.search(text) for p in patterns))

    def clues(self, letter: Letter, label: str, count: int = 12) -> tuple[Clue, ...]:
        """The words that counted most for and against the label, strongest first."""
        if self._weights is None or label not in self._weights.labels:
            return ()
        found = sorted(self._weights.contributions(text_of(letter), label), key=lambda item: -abs(item[1]))
        return tuple(Clue(word, round(weight, 4)) for word, weight in found[:count])


def naming_text(letter: Letter) -> str:
    """Everything in which an issuer may be named."""
    senders = [*letter.senders, *letter.reply_to]
    if letter.forwarded and letter.forwarded.sender:
        senders.append(letter.forwarded.sender)
    return "\n".join(
        [
            *(text for _, text in letter.pieces()),
            letter.head.subject,
            letter.covering_note,
            *(quoted.text for quoted in letter.quoted),
            *(link.href for link in letter.links),
            *(attachment.name for attachment in letter.attachments),
            *(f"{sender.name} {sender.addr}" for sender in senders),
        ]
    )


def open_judge(models_dir: Path | None, names: Mapping[str, Sequence[str]]) -> NamedJudge:
    """The judge with the model that is current on the shelf, else the packaged one, else one without a model."""
    from inboxbot.model.shelf import open_current  # noqa: PLC0415 - numpy's cost only where a judge is opened

    bundle = open_current(models_dir)
    if bundle is None:
        return NamedJudge(None, Rule(), None, names)
    return NamedJudge(bundle.weights, bundle.rule, bundle.version, names)
