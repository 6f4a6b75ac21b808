"""Five hundred bombs: the letter with one is read, or set aside and told; the reader stays within its limits or is replaced."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from inboxbot.errors import LetterError
from inboxbot.reader.limits import MIB, TEXT
from inboxbot.reader.process import Furniture, ReaderProcess
from inboxbot.records import Brief
from tests.letter.mails import mail
from tests.reader.bombs import WORDS
from tests.reader.minefield import A_KIND, KINDS, bomb
from tests.reader.test_bombs import state

CLAIM = Brief(label="copytrack")


class Watched:
    """A reader, and how much it or those that had to replace it ever grew over their size once loaded."""

    def __init__(self) -> None:
        self.reader = ReaderProcess(Furniture(ocr=False))
        self.loaded: dict[int, int] = {}

    def growth(self) -> int:
        """Of the one that lives now, after a letter like any other; in bytes."""
        assert self.reader.read(mail(WORDS), CLAIM).facts.case_number == "A1B2C3"
        process, size = state(self.reader)
        return size - self.loaded.setdefault(process, size)


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    watched = Watched()
    yield watched
    watched.reader.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, pytest.param(A_KIND, marks=[pytest.mark.proof, pytest.mark.timeout(1800)])])
def test_no_bomb_costs_more_than_its_own_letter(
    watched: Watched, kind: str, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    aside, most = [], watched.growth()
    for number in range(count):
        try:
            reading = watched.reader.read(bomb(kind, number), CLAIM)
        except LetterError as error:
            aside.append(str(error))
        else:
            assert reading.facts.case_number == "A1B2C3" or reading.defects, f"{kind} {number} is lost"
        most = max(most, watched.growth())
        assert most <= TEXT.memory, f"{kind} {number}"
    assert all(aside)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{kind}: {count} bombs, {len(aside)} set aside, grown by at most {most // MIB} MB {set(aside) or ''}\n"
        )
