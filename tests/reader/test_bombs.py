"""What explodes, explodes in the reader, within its limits; the letter around it is read or set aside, the next one is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inboxbot.errors import LetterError
from inboxbot.reader.limits import MIB, SCANS, TEXT
from inboxbot.reader.process import Furniture, ReaderProcess
from inboxbot.records import Brief
from tests.letter.mails import mail
from tests.reader.bombs import BOMBS, WORDS, letter_with

CLAIM = Brief(label="copytrack")
PLAIN = mail(WORDS)


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    """One that reads no pictures: its limits are the narrow ones."""
    reader = ReaderProcess(Furniture(ocr=False))
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def viewer() -> Iterator[ReaderProcess]:
    """One that reads pictures too, where Tesseract is installed."""
    reader = ReaderProcess(Furniture())
    yield reader
    reader.close()


def state(reader: ReaderProcess) -> tuple[int, int]:
    """Which process the reader is, and the most memory it ever had, in bytes."""
    child = reader._child
    assert child is not None
    status = Path(f"/proc/{child.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return child.pid, int(line.split()[1]) * 1024


SLOW = {
    "a PDF page of 150 MB",
    "a PDF page deflated twice",
    "a PDF page of 8 million characters",
    "a Word document of 300 MB",
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.proof) if name in SLOW else name for name in BOMBS]
)
def test_a_bomb_costs_its_own_letter_at_most(reader: ReaderProcess, viewer: ReaderProcess, name: str) -> None:
    called, make = BOMBS[name]
    eyes, limits = (viewer, SCANS) if called.endswith("png") else (reader, TEXT)
    assert eyes.read(PLAIN, CLAIM).facts.case_number == "A1B2C3"
    process, before = state(eyes)
    try:
        read = eyes.read(letter_with(called, make()), CLAIM).facts.case_number
    except LetterError:
        read = "A1B2C3"  # set aside, and told: by its limits, or by a kill
    assert read == "A1B2C3"
    assert eyes.read(PLAIN, CLAIM).facts.case_number == "A1B2C3"
    after = state(eyes)
    assert after[0] != process or after[1] - before <= limits.memory


def test_what_is_only_text_never_costs_a_reader_its_three_hundred_megabytes(reader: ReaderProcess) -> None:
    reader.read(PLAIN, CLAIM)
    process, before = state(reader)
    for body in ("word " * 400_000, "> said\n" * 100_000, "http://a.example/ " * 50_000, "<div>" * 50_000):
        reader.read(mail(body), CLAIM)
    assert state(reader)[0] == process
    assert state(reader)[1] - before <= 300 * MIB
