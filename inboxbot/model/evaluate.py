"""Measures a judge the way it is used: grouped cross-validation through the one decision rule, priced by its mistakes."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inboxbot.model.dataset import Example, cases_of
from inboxbot.model.judge import ASKED, MISSED_LETTER, WRONG_DRAFT, NamedJudge, Rule, decide
from inboxbot.model.names import Rooms
from inboxbot.model.pipeline import fit
from inboxbot.records import OTHER, UNSURE

FOLDS = 5
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)  # of the hands, for the learning curve


@dataclass(frozen=True, slots=True)
class Outcome:
    """One letter judged by a model that has never seen its group."""

    name: str
    label: str
    language: str
    probabilities: Mapping[str, float]
    probing: bool = False

    def decided(self, rule: Rule) -> str:
        return decide(self.probabilities, rule)


@dataclass(frozen=True, slots=True)
class Report:
    """What the mistakes cost and where they lie; the figures of a model card."""

    rule: Rule
    count: int
    cost: float
    wrong_drafts: int
    missed: int
    unsure: int
    recall: Mapping[str, float]
    precision: Mapping[str, float]
    unsure_rate: Mapping[str, float]
    by_language: Mapping[str, float]
    calibration_error: float
    confusion: Mapping[str, Mapping[str, int]]
    worst: tuple[tuple[str, str, str, float], ...]  # name, truth, decided, probability of the truth

    def plain(self) -> dict[str, Any]:
        """For JSON and the model's card."""
        return {
            "count": self.count, "cost": round(self.cost, 2), "wrong_drafts": self.wrong_drafts, "missed": self.missed,
            "unsure": self.unsure, "recall": _rounded(self.recall), "precision": _rounded(self.precision),
            "unsure_rate": _rounded(self.unsure_rate), "by_language": _rounded(self.by_language),
            "calibration_error": round(self.calibration_error, 4), "confusion": self.confusion,
            "worst": [list(row) for row in self.worst],
        }  # fmt: skip


def cross_validate(
    examples: Sequence[Example], rooms: Rooms, progress: Callable[[Iterable[int]], Iterable[int]] = iter
) -> list[Outcome]:
    """Each letter judged by a model trained without its group: the same hand never stands on both sides."""
    folds = fold_of([example.group for example in examples], [example.label for example in examples])
    outcomes: dict[int, Outcome] = {}
    for fold in progress(range(FOLDS)):
        train = [example for example, mine in zip(examples, folds, strict=True) if mine != fold]
        judge = NamedJudge(fit(cases_of(train)), Rule(), None, rooms)
        for index, mine in enumerate(folds):
            if mine == fold:
                outcomes[index] = outcome(examples[index], judge)
    return [outcomes[index] for index in sorted(outcomes)]


def learning_curve(
    examples: Sequence[Example], rooms: Rooms, progress: Callable[[Iterable[float]], Iterable[float]] = iter
) -> dict[str, list[tuple[int, float]]]:
    """By label: (letters of it that were learned, share of the others recognised), for ever more of the hands.

    One fold is judged and the others are learned, whole groups at a time. A curve that still rises asks for more letters.
    """
    folds = fold_of([example.group for example in examples], [example.label for example in examples])
    judged = [example for example, fold in zip(examples, folds, strict=True) if fold == 0]
    taught = [example for example, fold in zip(examples, folds, strict=True) if fold != 0]
    groups = sorted({example.group for example in taught}, key=lambda group: hashlib.sha256(group.encode()).digest())
    curve: dict[str, list[tuple[int, float]]] = {label: [] for label in sorted({e.label for e in judged})}
    for share in progress(SHARES):
        known = set(groups[: max(2, round(share * len(groups)))])
        some = [example for example in taught if example.group in known]
        if len({case.mine for case in cases_of(some)}) < 2:
            continue
        judge = NamedJudge(fit(cases_of(some)), Rule(), None, rooms)
        outcomes = [outcome(example, judge) for example in judged]
        counts = Counter(example.label for example in some)
        for label, points in curve.items():
            likeliest = [_likeliest(o) for o in outcomes if o.label == label]
            points.append((counts[label], likeliest.count(label) / len(likeliest)))
    return curve


def outcome(example: Example, judge: NamedJudge) -> Outcome:
    """One letter through one judge."""
    shares = judge.shared(example.sights)
    return Outcome(example.path.name, example.label, example.language, shares, example.probing)


def fold_of(groups: Sequence[str], labels: Sequence[str]) -> list[int]:
    """A fold for each letter: whole groups, the largest first, each to the fold with the fewest of its label."""
    sizes = Counter(groups)
    label_of = dict(zip(groups, labels, strict=True))
    load: Counter[tuple[int, str]] = Counter()
    fold: dict[str, int] = {}
    for group, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        label = label_of[group]
        fold[group] = min(range(FOLDS), key=lambda f: (load[f, label], f))
        load[fold[group], label] += size
    return [fold[group] for group in groups]


def cost(label: str, decided: str) -> float:
    """What one decision costs: a wrong draft 10, a missed letter 5, a question 0.3 (design, decision 4)."""
    if decided == label:
        return 0.0
    if decided == UNSURE:
        return ASKED
    return MISSED_LETTER if decided == OTHER else WRONG_DRAFT


def choose_rule(outcomes: Sequence[Outcome]) -> Rule:
    """The cheapest thresholds on held-out letters that were not written against the model; of equals the most careful, so
    that luck does not lower them."""
    told = [o for o in outcomes if not o.probing] or outcomes
    grid = [
        Rule(letter, other, margin)
        for letter in (0.99, 0.97, 0.95, 0.92, 0.9, 0.85, 0.8, 0.75, 0.7)
        for other in (0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6)
        for margin in (0.3,)
    ]
    return min(grid, key=lambda rule: round(sum(cost(o.label, o.decided(rule)) for o in told), 6))


def report(outcomes: Sequence[Outcome], rule: Rule) -> Report:
    """The figures for one rule over judged letters."""
    decided = [o.decided(rule) for o in outcomes]
    labels = sorted({o.label for o in outcomes})
    confusion = {
        label: Counter(d for o, d in zip(outcomes, decided, strict=True) if o.label == label) for label in labels
    }
    totals = {label: sum(confusion[label].values()) for label in labels}
    given = Counter(decided)
    worst = sorted(
        (o.probabilities.get(o.label, 0.0), o.name, o.label, d)
        for o, d in zip(outcomes, decided, strict=True)
        if d != o.label
    )
    languages = sorted({o.language for o in outcomes})
    return Report(
        rule=rule,
        count=len(outcomes),
        cost=sum(cost(o.label, d) for o, d in zip(outcomes, decided, strict=True)),
        wrong_drafts=sum(d not in (o.label, OTHER, UNSURE) for o, d in zip(outcomes, decided, strict=True)),
        missed=sum(d == OTHER != o.label for o, d in zip(outcomes, decided, strict=True)),
        unsure=given[UNSURE],
        recall={label: confusion[label][label] / totals[label] for label in labels},
        precision={label: confusion[label][label] / given[label] if given[label] else math.nan for label in labels},
        unsure_rate={label: confusion[label][UNSURE] / totals[label] for label in labels},
        by_language={
            language: float(
                np.mean([o.label == d for o, d in zip(outcomes, decided, strict=True) if o.language == language])
            )
            for language in languages
        },
        calibration_error=expected_calibration_error(outcomes),
        confusion={label: dict(confusion[label]) for label in labels},
        worst=tuple((name, label, d, round(p, 4)) for p, name, label, d in worst[:25]),
    )


def expected_calibration_error(outcomes: Sequence[Outcome], bins: int = 10) -> float:
    """Mean gap between how sure and how right, over equal bins of confidence (Guo et al. 2017)."""
    sure = np.array([max(o.probabilities.values()) for o in outcomes])
    right = np.array([max(o.probabilities, key=lambda k: o.probabilities[k]) == o.label for o in outcomes], dtype=float)
    which = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [
        abs(sure[which == b].mean() - right[which == b].mean()) * (which == b).mean()
        for b in range(bins)
        if (which == b).any()
    ]
    return float(sum(gaps))


def _likeliest(judged: Outcome) -> str:
    return max(judged.probabilities, key=lambda label: judged.probabilities[label])


def _rounded(figures: Mapping[str, float]) -> dict[str, float | None]:
    return {name: None if math.isnan(value) else round(value, 4) for name, value in figures.items()}
