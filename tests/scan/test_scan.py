"""An archive that changes while it is scanned: nothing is skipped, nothing is read twice."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from inboxbot.errors import LetterError
from inboxbot.reader.process import Furniture
from inboxbot.records import Brief, Reading
from inboxbot.scan import batch
from inboxbot.scan.batch import read_batch
from inboxbot.scan.crew import Work
from inboxbot.scan.place import Outcome, Place
from inboxbot.scan.scan import Scan
from tests.scan.archive import folder, maildir, mbox, numbered


class ThreadCrew:
    """One worker, a thread of this process."""

    width = 1
    died: tuple[type[BaseException], ...] = ()

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)

    def submit(self, work: Work, places: Sequence[Place]) -> Future[list[Outcome]]:
        return self._pool.submit(work, places)

    def renew(self) -> None: ...

    def close(self) -> None: ...


class SubjectReader:
    """Reads no more than the subject, and tells it as an error."""

    def read(self, raw: bytes, brief: Brief) -> Reading:
        raise LetterError(raw.partition(b"Subject: ")[2].partition(b"\n")[0].decode())


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], Work]:
    """Work that reads subjects; before the first batch is read, something happens."""
    monkeypatch.setattr(batch, "_reader", lambda furniture: SubjectReader())

    def work(happens: Callable[[], object]) -> Work:
        waiting = [happens]

        def read(places: Sequence[Place]) -> list[Outcome]:
            while waiting:
                waiting.pop()()
            return read_batch(places, Furniture(), Brief())

        return read

    return work


def subjects(scan: Scan, work: Work) -> Counter[str]:
    return Counter(str(outcome.error) for outcomes in scan.run(work, ThreadCrew()) for outcome in outcomes)


def lunches(*numbers: int) -> Counter[str]:
    return Counter(f"lunch {number}" for number in numbers)


def test_a_mail_that_is_moved_before_it_is_read_is_read_where_it_lies_then(tmp_path: Path, meanwhile) -> None:
    folder(tmp_path / "b", map(numbered, range(3)))
    (tmp_path / "a").mkdir()
    scan = Scan([str(tmp_path)], set())
    work = meanwhile(lambda: shutil.move(tmp_path / "b" / "001.eml", tmp_path / "a" / "001.eml"))
    assert subjects(scan, work) == lunches(0, 1, 2)
    assert (scan.troubles, scan.missed) == ({}, {})


def test_a_mail_that_is_deleted_before_it_is_read_is_no_trouble(tmp_path: Path, meanwhile) -> None:
    folder(tmp_path, map(numbered, range(3)))
    scan = Scan([str(tmp_path)], set())
    assert subjects(scan, meanwhile((tmp_path / "001.eml").unlink)) == lunches(0, 2)
    assert (scan.troubles, scan.missed) == ({}, {})


def test_a_maildir_mail_that_gets_a_flag_is_found_at_once(tmp_path: Path, meanwhile) -> None:
    box = maildir(tmp_path, map(numbered, range(3)))
    file = sorted((box / "cur").iterdir())[1]
    work = meanwhile(lambda: file.rename(file.with_name(file.name + "T")))
    assert subjects(Scan([str(tmp_path)], set()), work) == lunches(0, 1, 2)


def test_an_mbox_that_is_compacted_while_it_is_read_gives_every_mail_once(tmp_path: Path, meanwhile) -> None:
    path = mbox(tmp_path / "old", map(numbered, range(80)))
    work = meanwhile(lambda: mbox(path, map(numbered, range(10, 80))))
    scan = Scan([str(path)], set())
    read = subjects(scan, work)
    assert lunches(*range(10, 80)) <= read
    assert set(read.values()) == {1}
    assert scan.missed == {}


def test_mail_that_comes_into_an_mbox_is_read_too(tmp_path: Path, meanwhile) -> None:
    path = mbox(tmp_path / "old", map(numbered, range(3)))
    work = meanwhile(lambda: mbox(path, map(numbered, range(5))))
    assert subjects(Scan([str(path)], set()), work) == lunches(0, 1, 2, 3, 4)


def test_what_may_not_be_opened_is_told_and_is_another_runs(tmp_path: Path, meanwhile) -> None:
    folder(tmp_path, map(numbered, range(2)))
    (tmp_path / "001.eml").unlink()
    (tmp_path / "001.eml").symlink_to("001.eml")
    scan = Scan([str(tmp_path), str(tmp_path / "000.eml")], set())
    assert subjects(scan, meanwhile(lambda: None)) == lunches(0)
    assert list(scan.troubles) == [str(tmp_path / "001.eml")]


def test_an_archive_that_never_rests_is_left_at_some_time_and_that_is_told(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(batch, "_reader", lambda furniture: SubjectReader())
    folder(tmp_path, [numbered(0)])

    def work(places: Sequence[Place]) -> list[Outcome]:
        folder(tmp_path, map(numbered, range(len(list(tmp_path.iterdir())) + 1)))
        return read_batch(places, Furniture(), Brief())

    scan = Scan([str(tmp_path)], set())
    assert set(subjects(scan, work).values()) == {1}
    assert scan.troubles["the archive"].startswith("kept changing")
