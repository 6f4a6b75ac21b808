"""Begins a lesson in the course of the day, once enough labels are new; the nightly one stays what it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from inboxbot.errors import InboxbotError
from inboxbot.learn.lesson import Result

log = structlog.get_logger()

PAUSE = 900.0  # seconds between two looks whether enough is new
AFTER_FAILURE = 86400.0  # a lesson that failed would fail again: the machine has other work

Lesson = Callable[[Callable[[], bool]], Result]


@dataclass(slots=True)
class Teacher:
    """Gives `lesson` from a thread of its own; the lesson itself says when there is too little that is new."""

    lesson: Lesson

    def start(self, stop: threading.Event) -> None:
        """Begin, until `stop`."""
        threading.Thread(target=self.run, args=(stop,), name="teacher", daemon=True).start()

    def run(self, stop: threading.Event) -> None:
        """Look again and again until `stop`, which breaks off a lesson too; no failure reaches the service."""
        pause = PAUSE
        while not stop.wait(pause):
            pause = PAUSE
            try:
                self._give(stop)
            except (InboxbotError, OSError) as error:
                pause = AFTER_FAILURE
                if not stop.is_set():
                    log.error("lesson failed", why=str(error), mend="inboxbot learn shows it again")
            except Exception as error:
                pause = AFTER_FAILURE
                log.exception("unexpected failure", why=type(error).__name__)

    def _give(self, stop: threading.Event) -> None:
        result = self.lesson(stop.is_set)
        if result.studied:
            about = log.bind(asked_about=len(result.finding.doubtful))
            about.info("lesson", promoted=result.finding.version if result.promoted else None, why=result.finding.why)
