from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inboxbot.records import Gesture
from inboxbot.store.engine import open_store
from inboxbot.store.gestures import SqlGestures

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACE = "Inboxbot/Label/Copytrack"


@pytest.fixture
def book(tmp_path: Path) -> SqlGestures:
    return SqlGestures(open_store("sqlite:///state.db", tmp_path))


def gesture(
    letter: str = "k1", uid: int = 4, place: str = PLACE, value: str = "copytrack", kind: str = "label"
) -> Gesture:
    return Gesture("office", place, place, 1, uid, letter, kind, value, NOON)


def test_what_lies_there_is_new_until_it_is_noted(book: SqlGestures) -> None:
    assert book.presence("office", PLACE, 1, frozenset({4, 7}), NOON) == {4, 7}
    book.note(gesture())
    assert book.presence("office", PLACE, 1, frozenset({4, 7}), NOON) == {7}
    assert book.waiting("office") == [gesture()]
    book.done(gesture())
    assert book.waiting("office") == []
    assert book.of("k1") == [gesture()]


def test_what_is_moved_out_has_gone_from_when_it_was_missed(book: SqlGestures) -> None:
    book.note(gesture())
    book.presence("office", PLACE, 1, frozenset(), NOON + HOUR)
    book.presence("office", PLACE, 1, frozenset(), NOON + 2 * HOUR)
    assert book.of("k1") == [replace(gesture(), gone_at=NOON + HOUR)]
    assert book.waiting("office") == []


def test_under_another_uidvalidity_it_is_noted_anew(book: SqlGestures) -> None:
    book.note(gesture())
    assert book.presence("office", PLACE, 2, frozenset({4}), NOON + HOUR) == {4}
    assert book.of("k1") == [replace(gesture(), gone_at=NOON + HOUR)]


def test_a_keyword_that_is_set_again_counts_from_then_on(book: SqlGestures) -> None:
    book.note(gesture(), done=True)
    book.presence("office", PLACE, 1, frozenset(), NOON + HOUR)
    assert book.presence("office", PLACE, 1, frozenset({4}), NOON + 2 * HOUR) == set()
    assert book.waiting("office") == [replace(gesture(), at=NOON + 2 * HOUR)]


def test_with_its_folder_everything_in_it_has_gone(book: SqlGestures) -> None:
    book.note(gesture("k1"))
    book.note(gesture("k2", place="Inboxbot/Label/Other", value="other"))
    book.note(replace(gesture("k3", uid=9), place="", folder=""))
    book.vanished("office", ["Inboxbot/Label/Other"], NOON + HOUR)
    assert [each.letter for each in book.waiting("office")] == ["k2", "k3"]


def test_what_was_forgotten_is_not_asked_again_though_it_lies_there(book: SqlGestures) -> None:
    book.note(gesture())
    assert book.forget("k1") == 1
    assert book.presence("office", PLACE, 1, frozenset({4}), NOON + HOUR) == set()
    assert (book.of("k1"), book.every(), book.waiting("office")) == ([], [], [])


def test_what_is_no_letter_is_noted_and_says_nothing(book: SqlGestures) -> None:
    book.note(gesture(kind="", value=""), done=True)
    assert book.presence("office", PLACE, 1, frozenset({4}), NOON + HOUR) == set()
    assert (book.every(), book.waiting("office")) == ([], [])
