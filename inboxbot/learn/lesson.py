"""One lesson, start to end: collect what people labelled, study it in a child, promote the candidate or keep the model."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from inboxbot import wire
from inboxbot.errors import InboxbotError, SetupError
from inboxbot.issuers.room import HERE
from inboxbot.learn.collect import Harvest, collect, tidy
from inboxbot.learn.labels import said_of_each
from inboxbot.learn.pile import NAMED, Pile
from inboxbot.learn.study import Finding, Task, held_out_data
from inboxbot.model import dataset, shelf
from inboxbot.model.page import Section
from inboxbot.records import Gesture

STUDIED = "studied.json"
SECONDS = 5400.0  # of the clock, whatever else the machine does


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
    school: School, gestures: Iterable[Gesture], now: datetime, *, dry_run: bool = False, least: int = 0
) -> Result:
    """Study if anything has changed since the last lesson, and promote a candidate that is nowhere worse.

    With `dry_run` only what would be studied is told; with `least` nothing is studied before so many letters are new to
    the model in use. LessonError when the study failed: the model in use stays.
    """
    harvest = collect(school.pile, said_of_each(gestures, now), now)
    if dry_run:
        return Result(
            harvest, Finding(None, better=False, why="Nothing was trained: this is a rehearsal."), promoted=False
        )
    tidy(school.pile, harvest, now - school.retention)
    if not harvest.letters and _up_to_date(school.shelf):
        return Result(harvest, Finding(None, better=False, why="There is nothing to learn from yet."), promoted=False)
    if (new := _new(school.shelf, harvest)) < least:
        why = f"Only {new} labelled letters are new to the model in use; it waits for {least}."
        return Result(harvest, Finding(None, better=False, why=why), promoted=False)
    recipe = _recipe(school)
    digest = _digest(recipe, harvest)
    known = _known(school.shelf, digest)
    finding = known or _studied(school, harvest, recipe)
    if known is None:
        shelf.note(school.shelf / STUDIED, wire.dumps(Studied(digest, finding)))
    promoted = finding.better and finding.version is not None and finding.version != shelf.current(school.shelf)
    if promoted:
        shelf.promote(school.shelf, str(finding.version))
    shelf.tidy(school.shelf)
    return Result(harvest, finding, promoted, studied=known is None and finding.version is not None)


@dataclass(frozen=True, slots=True)
class Studied:
    """The last finding, and the digest of all that it depends on."""

    digest: str
    finding: Finding


class LessonError(InboxbotError):
    """The study crashed, hung or outgrew its limits: the model in use stays, and the next lesson tries again."""


def _known(folder: Path, digest: str) -> Finding | None:
    """The last finding, if everything is as it was: nothing is studied twice. What was better once need not be so still."""
    try:
        last = wire.loads(Studied, (folder / STUDIED).read_bytes())
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if last.digest != digest:
        return None
    return replace(last.finding, better=False, why=f"Nothing has changed since the last lesson. {last.finding.why}")


def _new(folder: Path, harvest: Harvest) -> int:
    """How many letters the model in use has not learned from."""
    bundle = shelf.open_current(folder)
    learned = set(bundle.card.get("learning", {}).get("letters", ())) if bundle else set()
    return sum(kept.key[:NAMED] not in learned for kept in harvest.letters)


def _up_to_date(folder: Path) -> bool:
    """Whether there is a model, of this scikit-learn, that learned from nothing but what is packaged."""
    bundle = shelf.open_current(folder)
    return (
        bundle is not None
        and bundle.card.get("sklearn") == importlib.metadata.version("scikit-learn")
        and not bundle.card.get("learning", {}).get("letters")
    )


def _studied(school: School, harvest: Harvest, recipe: str) -> Finding:
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
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "inboxbot.learn"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    ) as child:
        try:
            told, _ = child.communicate(wire.dumps(task), school.seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            raise LessonError(f"training took longer than {school.seconds:g} s and was stopped") from None
        except BaseException:
            child.kill()
            raise
    if child.returncode not in (0, 78):
        raise LessonError(f"training failed ({_ending(child.returncode)}); the model in use stays")
    finding = wire.loads(Finding, told)
    if child.returncode == 78:
        raise SetupError([finding.why])
    return finding


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
