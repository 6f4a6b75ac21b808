"""Turns at one host: no more than so many accounts log in or sweep there at a time; to rest in IDLE takes no turn.

Who has waited longest comes next, and who works long lets the others by in between: a backlog of years in one mailbox
does not keep the letter of today in another one waiting.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator

AT_A_TIME = 4
SPELL = 20.0  # seconds of work after which those who wait are let by
GLANCE = 0.5  # seconds between two looks whether to stop


class Turns:
    """The turns at one host, for the threads of its accounts."""

    def __init__(self, at_a_time: int = AT_A_TIME, spell: float = SPELL) -> None:
        self._spell = spell
        self._free = at_a_time
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def turn(self, stop: Callable[[], bool], beat: Callable[[], None]) -> Iterator[Callable[[], None]]:
        """Have a turn. What is yielded is to be called now and then in long work: it beats, and lets others by.

        `beat` is called while waiting too. Once `stop()` is true nobody is waited for: the work then ends by itself.
        """
        held = self._take(stop, beat)
        since = time.monotonic()

        def on() -> None:
            nonlocal held, since
            beat()
            if held and self._waiting and time.monotonic() - since >= self._spell:
                self._give()
                held = self._take(stop, beat)
                since = time.monotonic()

        try:
            yield on
        finally:
            if held:
                self._give()

    def _take(self, stop: Callable[[], bool], beat: Callable[[], None]) -> bool:
        """Wait for a turn; false when there was none before the stop."""
        mine = threading.Event()
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            self._waiting.append(mine)
        while not mine.wait(GLANCE):
            beat()
            if stop():
                return self._leave(mine)
        return True

    def _leave(self, mine: threading.Event) -> bool:
        with self._lock:
            if mine.is_set():  # given at the last moment
                return True
            self._waiting.remove(mine)
        return False

    def _give(self) -> None:
        """Hand the turn on to who has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
