from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from inboxbot.learn.labels import Said, said, said_of_each
from inboxbot.records import Gesture

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def moved(value: str, at: datetime = NOON, gone_at: datetime | None = None, kind: str = "label") -> Gesture:
    place = f"Inboxbot/{kind}/{value}"
    return Gesture("office", place, place, 1, 4, "k1", kind, value, at, gone_at)


def typed(value: str, at: datetime = NOON) -> Gesture:
    return replace(moved(value, at), place="", folder="")


def test_who_said_nothing_labels_nothing() -> None:
    assert said([], NOON) == Said()
    assert said([moved("licence", kind="reply")], NOON) == Said()


def test_a_label_counts_after_a_day() -> None:
    assert not said([moved("hadopi")], NOON + 23 * HOUR).counts
    assert said([moved("hadopi")], NOON + 24 * HOUR).counts


def test_taken_out_within_a_day_it_was_never_said_and_later_it_stays() -> None:
    assert said([moved("hadopi", gone_at=NOON + 23 * HOUR)], NOON + 99 * HOUR) == Said()
    assert said([moved("hadopi", gone_at=NOON + 24 * HOUR)], NOON + 99 * HOUR).label == "hadopi"


def test_moved_on_to_be_answered_it_was_not_taken_out() -> None:
    reply = moved("licence", NOON + 2 * HOUR, kind="reply")
    assert said([moved("hadopi", gone_at=NOON + 2 * HOUR), reply], NOON + 3 * HOUR).label == "hadopi"


def test_the_newer_label_holds_from_the_first_moment() -> None:
    heard = said([moved("hadopi", gone_at=NOON + 48 * HOUR), moved("other", NOON + 48 * HOUR)], NOON + 49 * HOUR)
    assert (heard.label, heard.counts) == ("other", False)


def test_two_folders_at_once_contradict_each_other_until_one_is_typed() -> None:
    both = [moved("hadopi"), moved("other", NOON + HOUR)]
    assert said(both, NOON + 48 * HOUR) == Said(rivals=("hadopi", "other"))
    heard = said([*both, typed("hadopi", NOON + 2 * HOUR)], NOON + 2 * HOUR)
    assert (heard.label, heard.counts, heard.rivals) == ("hadopi", True, ())


def test_each_letter_is_heard_for_itself() -> None:
    heard = said_of_each([moved("hadopi"), replace(moved("other"), letter="k2")], NOON + 48 * HOUR)
    assert {letter: each.label for letter, each in heard.items()} == {"k1": "hadopi", "k2": "other"}
