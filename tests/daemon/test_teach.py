from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from structlog.testing import capture_logs

from inboxbot.daemon import teach
from inboxbot.daemon.teach import Teacher
from inboxbot.learn.collect import Harvest
from inboxbot.learn.finding import Finding
from inboxbot.learn.lesson import LessonError, Result
from tests.daemon.office import until

BETTER = Result(Harvest(), Finding("v2", better=True, why="It is nowhere worse."), promoted=True, studied=True)
TOO_LITTLE = Result(Harvest(), Finding(None, better=False, why="Only 2 labels are new."), promoted=False)


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teach, "PAUSE", 0.01)


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_a_lesson_that_was_given_is_told_and_one_with_too_little_that_is_new_is_not(stop: threading.Event) -> None:
    results = iter([TOO_LITTLE, BETTER])

    def lesson(_: Callable[[], bool]) -> Result:
        return next(results, TOO_LITTLE)

    with capture_logs() as said:
        Teacher(lesson).start(stop)
        until(lambda: said, "a word about the lesson")
    assert [(each["event"], each["promoted"], each["why"]) for each in said] == [
        ("lesson", "v2", "It is nowhere worse.")
    ]


def test_a_lesson_that_failed_is_not_tried_again_before_a_day(stop: threading.Event) -> None:
    tries: list[int] = []

    def lesson(_: Callable[[], bool]) -> Result:
        tries.append(1)
        raise LessonError("training failed (SIGKILL); the model in use stays")

    with capture_logs() as said:
        Teacher(lesson).start(stop)
        until(lambda: said, "a word about the failure")
        stop.wait(0.2)
    assert len(tries) == 1
    assert [each["why"] for each in said] == ["training failed (SIGKILL); the model in use stays"]


def test_a_fault_of_ours_ends_no_service(stop: threading.Event) -> None:
    def lesson(_: Callable[[], bool]) -> Result:
        raise ZeroDivisionError

    with capture_logs() as said:
        Teacher(lesson).start(stop)
        until(lambda: said, "a word about the fault")
    assert [each["why"] for each in said] == ["ZeroDivisionError"]


def test_a_lesson_is_broken_off_when_the_service_stops_and_no_failure_is_told(stop: threading.Event) -> None:
    begun, asked = threading.Event(), threading.Event()

    def lesson(ends: Callable[[], bool]) -> Result:
        begun.set()
        until(ends, "the service to stop")
        asked.set()
        raise LessonError("the lesson was broken off")

    with capture_logs() as said:
        Teacher(lesson).start(stop)
        assert begun.wait(60)
        stop.set()
        assert asked.wait(60)
    assert said == []
