"""Labelled letters → a candidate on the shelf, with its rule chosen and its figures measured by cross-validation."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inboxbot.model import dataset, shelf
from inboxbot.model.dataset import Example, cases_of
from inboxbot.model.evaluate import Report, choose_rule, cross_validate, report
from inboxbot.model.names import Rooms
from inboxbot.model.pipeline import fit


def train(
    examples: Sequence[Example], rooms: Rooms, where: Path, progress: Callable[[Iterable[int]], Iterable[int]] = iter
) -> tuple[str, Report]:
    """Fit a candidate, choose its rule by cost on letters it has not seen, and save it; returns its version and figures."""
    outcomes = cross_validate(examples, rooms, progress)
    rule = choose_rule(outcomes)
    measured = report(outcomes, rule)
    weights = fit(cases_of(examples))
    return shelf.save(where, weights, rule, facts_of(examples, measured), datetime.now(UTC)), measured


def facts_of(examples: Sequence[Example], measured: Report) -> dict[str, Any]:
    """What a model's card says of how it came about."""
    import sklearn  # noqa: PLC0415

    return {
        "sklearn": sklearn.__version__,
        "python": platform.python_version(),
        "data_digest": dataset.digest(examples),
        "counts": dict(sorted(Counter(e.label for e in examples).items())),
        "report": measured.plain(),
    }
