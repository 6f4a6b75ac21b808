"""One lesson, start to end: collect what people labelled, study it in a child, promote the candidate or keep the model."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from inboxbot import wire
from inboxbot.errors import InboxbotError, SetupError
from inboxbot.issuers.room import HERE
from inboxbot.learn.alone import alone
from inboxbot.learn.collect import Harvest, collect, tidy
from inboxbot.learn.finding import Finding, Studied, last, remember
from inboxbot.learn.labels import said_of_each
from inboxbot.learn.pile import NAMED, Kept, Pile
from inboxbot.learn.study import Task, held_out_data
from inboxbot.model import dataset, shelf
from inboxbot.model.page import Section
from inboxbot.records import Gesture

SECONDS = 5400.0  # of the clock, whatever else the machine does
LOOK = 0.5  # seconds between two looks whether to go on


@dataclass(frozen=True, slots=True)
class School:
    """Where everything lies that a lesson needs; empty paths stand for what is packaged."""

    pile: Pile
    shelf: Path
    rooms: tuple[Path, ...] = ()
    data: Path | None = None
    held_out: Path | None = None
    retention: timedelta = timedelta(days=1095)
    seconds: float = SECONDS
    page: Path | None = None  # where to write a report of what was studied, with these sections of the caller's
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a lesson: the model in use afterwards, and what a person should know."""

    harvest: Harvest
    finding: Finding
    promoted: bool
    studied: bool = False  # anew, and not known from the last lesson


def learn(
    school: School,
    gestures: Iterable[Gesture],
    now: datetime,
    *,
    dry_run: bool = False,
    least: int = 0,
    busy: Callable[[], None] = lambda: None,
    stop: Callable[[], bool] = lambda: False,
) -> Result:
    """Study if anything has changed since the last lesson, and promote a candidate that is nowhere worse.

    With `dry_run` only what would be studied is told; with `least` nothing is studied before so many labels are new
    since the last lesson. Where another lesson is at work, `busy` is called and its end waited for. LessonError when the
    study failed or was stopped: the model in use stays.
    """
    if dry_run:
        harvest = collect(school.pile, said_of_each(gestures, now), now)
        return _nothing(harvest, "Nothing was trained: this is a rehearsal.")
    with alone(school.shelf, busy):
        return _learn(school, collect(school.pile, said_of_each(gestures, now), now), now, least, stop)


def _learn(school: School, harvest: Harvest, now: datetime, least: int, stop: Callable[[], bool]) -> Result:
    tidy(school.pile, harvest, now - school.retention)
    if not harvest.letters and _up_to_date(school.shelf):
        return _nothing(harvest, "There is nothing to learn from yet.")
    before = last(school.shelf)
    if (new := _new(school.shelf, before, harvest)) < least:
        many = "1 label is" if new == 1 else f"{new} labels are"
        return _nothing(harvest, f"Only {many} new since the last lesson; it waits for {least}.")
    recipe = _recipe(school)
    digest = _digest(recipe, harvest)
    if before is not None and before.digest == digest:  # nothing is studied twice: what was better need not be so still
        why = f"Nothing has changed since the last lesson. {before.finding.why}"
        return Result(harvest, replace(before.finding, better=False, why=why), promoted=False)
    finding = _studied(school, harvest, recipe, stop)
    promoted = finding.better and finding.version is not None and finding.version != shelf.current(school.shelf)
    if promoted:
        shelf.promote(school.shelf, str(finding.version))
    remember(school.shelf, Studied(digest, finding, now, frozenset(map(_labelled, harvest.letters)), promoted))
    shelf.tidy(school.shelf)
    return Result(harvest, finding, promoted, studied=finding.version is not None)


def _nothing(harvest: Harvest, why: str) -> Result:
    return Result(harvest, Finding(None, better=False, why=why), promoted=False)


class LessonError(InboxbotError):
    """The study crashed, hung or outgrew its limits: the model in use stays, and the next lesson tries again."""


def _new(folder: Path, before: Studied | None, harvest: Harvest) -> int:
    """How many labels the last lesson has not looked at; without one, those that the model in use has not learned from."""
    if before is not None:
        return sum(_labelled(kept) not in before.letters for kept in harvest.letters)
    bundle = shelf.open_current(folder)
    learned = set(bundle.card.get("learning", {}).get("letters", ())) if bundle else set()
    return sum(kept.key[:NAMED] not in learned for kept in harvest.letters)


def _labelled(kept: Kept) -> str:
    return f"{kept.key[:NAMED]} {kept.label}"


def _up_to_date(folder: Path) -> bool:
    """Whether there is a model, of this scikit-learn, that learned from nothing but what is packaged."""
    bundle = shelf.open_current(folder)
    return (
        bundle is not None
        and bundle.card.get("sklearn") == importlib.metadata.version("scikit-learn")
        and not bundle.card.get("learning", {}).get("letters")
    )


def _studied(school: School, harvest: Harvest, recipe: str, stop: Callable[[], bool]) -> Finding:
    task = Task(
        letters=harvest.letters,
        confirmed=harvest.confirmed,
        shelf=str(school.shelf),
        recipe=recipe,
        rooms=tuple(map(str, school.rooms)),
        data=str(school.data or ""),
        held_out=str(school.held_out or ""),
        page=str(school.page or ""),
        sections=school.sections,
    )
    keep = ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    with tempfile.TemporaryFile(
        dir=school.shelf
    ) as question:  # no pipe: it is larger than one, and need not be waited for
        question.write(wire.dumps(task))
        question.seek(0)
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "inboxbot.learn"],
            stdin=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        ) as child:
            try:
                told = _answer(child, school.seconds, stop)
            except BaseException:
                child.kill()
                raise
    if child.returncode not in (0, 78):
        raise LessonError(f"training failed ({_ending(child.returncode)}); the model in use stays")
    finding = wire.loads(Finding, told)
    if child.returncode == 78:
        raise SetupError([finding.why])
    return finding


def _answer(child: subprocess.Popen[bytes], seconds: float, stop: Callable[[], bool]) -> bytes:
    """What the child says, unless it takes too long or the lesson is not wanted any more."""
    end = time.monotonic() + seconds
    while True:
        try:
            return child.communicate(timeout=min(LOOK, max(0.0, end - time.monotonic())))[0]
        except subprocess.TimeoutExpired:
            if stop():
                raise LessonError(
                    "the lesson was broken off, since the service stops; the next one begins anew"
                ) from None
            if time.monotonic() >= end:
                raise LessonError(f"training took longer than {seconds:g} s and was stopped") from None


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _digest(recipe: str, harvest: Harvest) -> str:
    """Of all that a study depends on: the recipe, the letters, their labels, and which of these were confirmed."""
    whole = hashlib.sha256(recipe.encode())
    for kept in harvest.letters:
        whole.update(wire.dumps(replace(kept, folder="", account="")))
    whole.update("\0".join(sorted(harvest.confirmed)).encode())
    return whole.hexdigest()


def _recipe(school: School) -> str:
    """Of packaged letters, rooms, the program that sees, judges and learns, and scikit-learn."""
    whole = hashlib.sha256(importlib.metadata.version("scikit-learn").encode())
    for root in _places(school):
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix in (".eml", ".toml", ".py", ".txt"):
                whole.update(f"{path.relative_to(root)}\0".encode())
                whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _places(school: School) -> Sequence[Path]:
    model, here = (Path(file).parent for file in (dataset.__file__, __file__))
    return (
        school.data or dataset.packaged_data(),
        school.held_out or held_out_data(),
        HERE,
        model,
        here,
        *school.rooms,
    )
