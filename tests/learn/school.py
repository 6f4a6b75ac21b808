"""A small school: packaged letters, letters that nobody trains on, a model in use, and a pile."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from inboxbot.learn.lesson import School
from inboxbot.learn.pile import Kept, Pile
from inboxbot.model import dataset, shelf
from inboxbot.model.dataset import cases_of
from inboxbot.model.evaluate import choose_rule, cross_validate, report
from inboxbot.model.judge import Rule
from inboxbot.model.pipeline import Weights, fit
from inboxbot.model.train import facts_of
from inboxbot.records import Gesture
from tests.learn.letters import NOON, kept, rooms
from tests.learn.post import HANDS, corpus

LATER = NOON + timedelta(days=3)
TIMID = Rule(letter=0.9999, other=0.9999)  # of a model that is never sure


def lay_out(target: Path, letters: Iterable[tuple[str, str, bytes]]) -> Path:
    """A directory of labelled letters as `training_data/` is one."""
    for label, name, raw in letters:
        (target / label).mkdir(parents=True, exist_ok=True)
        (target / label / name).write_bytes(raw)
    return target


def opened(
    home: Path,
    known: Sequence[str] = ("copytrack", "pixtrakk"),
    rule: Rule | None = None,
    *,
    state: Path | None = None,
    extra: Sequence[Path] = (),
    hands: tuple[str, ...] = HANDS,
) -> School:
    """A school with a model in use that knows these rooms; `state` is the service's state directory, if there is one."""
    school = School(
        Pile((state or home) / "pile"),
        (state or home) / "models",
        tuple(extra),
        data=lay_out(home / "data", corpus(tuple(known), range(5), hands=hands)),
        held_out=lay_out(home / "held-out", corpus(("copytrack", "pixtrakk", "hadopi"), range(40, 42))),
    )
    weights, chosen, facts = _learned(tuple(known), hands)
    version = shelf.save(school.shelf, weights, rule or chosen, facts, datetime(2026, 1, 1, tzinfo=UTC))
    shelf.promote(school.shelf, version)
    return school


@cache
def _learned(known: tuple[str, ...], hands: tuple[str, ...]) -> tuple[Weights, Rule, dict[str, Any]]:
    """What a model has learned from the packaged letters; once for all tests."""
    told = rooms().only(known)
    with tempfile.TemporaryDirectory() as place:
        examples = dataset.load(lay_out(Path(place), corpus(known, range(5), hands=hands)), told)
    outcomes = cross_validate(examples, told)
    rule = choose_rule(outcomes)
    return fit(cases_of(examples)), rule, facts_of(examples, report(outcomes, rule))


def labelled(school: School, letters: Iterable[tuple[str, bytes]], extra: Sequence[Path] = ()) -> Sequence[Gesture]:
    """What the pile and the store hold once a person has moved these letters under these labels."""
    said = []
    for number, (label, raw) in enumerate(letters, 1):
        letter: Kept = kept(raw, label, extra=extra)
        school.pile.keep(letter, raw)
        place = f"Inboxbot/Label/{label.title()}"
        said.append(Gesture("office", place, place, 1, number, letter.key, "label", label, letter.at))
    return said
