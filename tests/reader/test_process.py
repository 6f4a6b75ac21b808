"""The reader as the service meets it: a process that answers, and is replaced when it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inboxbot.errors import LetterError
from inboxbot.reader.limits import TEXT
from inboxbot.reader.process import Furniture, ReaderProcess
from inboxbot.records import Brief
from tests.letter.mails import mail

LETTER = (Path(__file__).parents[1] / "main_job" / "copytrack.eml").read_bytes()
GLANCING = Brief(glance=True)


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    reader = ReaderProcess(Furniture(ocr=False))
    yield reader
    reader.close()


def test_a_glance_at_several_mails_says_of_the_ordinary_what_reading_them_would(reader: ReaderProcess) -> None:
    lunch, dinner = mail("Lunch at noon?"), mail("Dinner at eight, and \xe9t\xe9.")
    seen = reader.glance([lunch, LETTER, dinner], GLANCING)
    assert seen.ordinary == (True, False, True)
    for raw in (lunch, dinner):
        read = reader.read(raw, GLANCING)
        assert replace(read, head=seen.reading.head, trust=seen.reading.trust) == seen.reading
        assert read.trust.verdict is seen.reading.trust.verdict


def test_without_leave_to_glance_every_mail_is_to_be_read(reader: ReaderProcess) -> None:
    assert reader.glance([mail("Lunch?"), LETTER], Brief()).ordinary == (False, False)


def test_a_glance_that_takes_too_long_is_stopped_and_the_next_finds_a_fresh_reader() -> None:
    reader = ReaderProcess(Furniture(ocr=False), replace(TEXT, wall=0.0))
    try:
        assert reader.ready
        with pytest.raises(LetterError, match="stopped"):
            reader.glance([LETTER] * 50, GLANCING)
    finally:
        reader.close()
