"""Workers die, and no mail is skipped or repeated: real processes, really killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from inboxbot.errors import WorkersError
from inboxbot.scan.batch import MAILS, batches
from inboxbot.scan.crew import LokyCrew
from inboxbot.scan.place import Outcome, Place
from inboxbot.scan.spread import spread
from tests.scan.work import die_once, note, places


@pytest.fixture
def crew() -> Iterator[LokyCrew]:
    with closing(LokyCrew(2)) as crew:
        yield crew


def paths(outcomes: list[Outcome]) -> list[str]:
    return sorted(outcome.place.path for outcome in outcomes)


def test_every_mail_comes_out_once(crew: LokyCrew) -> None:
    outcomes = [outcome for batch in spread(places(300), note, crew) for outcome in batch]
    assert paths(outcomes) == sorted(place.path for place in places(300))


def test_few_mails_are_held_at_a_time(crew: LokyCrew) -> None:
    asked = 0

    def counted() -> Iterator[Place]:
        nonlocal asked
        for place in places(2000):
            asked += 1
            yield place

    next(spread(counted(), partial(note, pause=0.1), crew))
    assert asked <= 6 * MAILS


def test_when_a_worker_dies_its_mails_are_read_by_another(crew: LokyCrew, tmp_path: Path) -> None:
    work = partial(die_once, marker=str(tmp_path / "died"))
    outcomes = [outcome for batch in spread(places(300), work, crew) for outcome in batch]
    assert paths(outcomes) == sorted(place.path for place in places(300))


def test_a_mail_that_kills_its_workers_is_told_and_all_others_are_read(crew: LokyCrew) -> None:
    outcomes = [outcome for batch in spread(places(100), partial(note, fatal="40.eml"), crew) for outcome in batch]
    assert paths(outcomes) == sorted(place.path for place in places(100))
    told = {outcome.place.path: outcome.error for outcome in outcomes if outcome.error != outcome.place.path}
    assert told == {"40.eml": "the worker that read it died, three times"}


def test_workers_that_all_die_are_told_instead_of_called_again_and_again(crew: LokyCrew) -> None:
    def fatal(_: object) -> list[Outcome]:
        os.kill(os.getpid(), signal.SIGKILL)
        return []

    with pytest.raises(WorkersError, match="the workers die before they have read anything"):
        list(spread(places(10 * MAILS), fatal, crew))


def test_batches_end_at_so_many_mails_or_bytes() -> None:
    large = Place("m", "large.eml", "/large.eml", 9 << 20)
    sizes = [len(batch) for batch in batches([*places(MAILS + 1), large, *places(1)])]
    assert sizes == [MAILS, 1, 1, 1]
