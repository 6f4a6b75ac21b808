"""Tells a webhook or a command what happened: in order, again until it was acknowledged, also after a restart.

The ledger's moves are the queue; how far they have been told stands in one small file.
"""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path

import structlog

from inboxbot.daemon.deliver import UndeliveredError
from inboxbot.daemon.events import Conditions, Event, of_move
from inboxbot.daemon.status import ServiceStatus
from inboxbot.errors import InboxbotError
from inboxbot.ports import Chronicle

log = structlog.get_logger()

PAUSE = 2.0  # seconds between two looks into the ledger
FIRST_RETRY, LONGEST_RETRY = 5.0, 3600.0  # seconds, doubling, with jitter
GIVEN_UP = timedelta(days=3)  # an event that old is passed over, so that it does not hold up the others for ever
AT_ONCE = 100


@dataclass(slots=True)
class Herald:
    """Reads what is new and delivers it, from a thread of its own."""

    chronicle: Chronicle
    deliver: Callable[[Event], None]
    reached: Path  # the file with the last move that was told
    wanted: Sequence[str] = ("*",)
    details: bool = False
    first_retry: float = FIRST_RETRY
    _names: dict[str, str] = field(default_factory=dict)  # user@host → the account's short name
    _conditions: Conditions = field(default_factory=Conditions)
    _changes: deque[Event] = field(default_factory=lambda: deque(maxlen=AT_ONCE))
    _told: str = ""

    def __call__(self, status: ServiceStatus) -> None:
        """The status as it is now: a change of an account's condition is an event."""
        self._names = {account.mailbox: account.name for account in status.accounts}
        self._changes.extend(self._conditions.changes(status))

    def start(self, stop: threading.Event) -> None:
        """Begin, until `stop`."""
        threading.Thread(target=self.run, args=(stop,), name="herald", daemon=True).start()

    def run(self, stop: threading.Event) -> None:
        """Deliver until `stop`; trouble with the store or the disk is told, and tried again."""
        while not stop.wait(PAUSE):
            try:
                self._look(stop)
            except (InboxbotError, OSError) as error:
                self._news(str(error))
                stop.wait(self.first_retry)

    def _look(self, stop: threading.Event) -> None:
        last = self._last()
        for move in self.chronicle.moves(after=last, limit=AT_ONCE):
            reading = self.chronicle.reading(move.letter) if self.details else None
            event = of_move(move, self._names.get(move.account, ""), reading)
            if event is not None and event.account and not self._told_of(event, stop):
                return
            self._reach(move.id)
        while self._changes:
            if not self._told_of(self._changes[0], stop):
                return
            self._changes.popleft()

    def _told_of(self, event: Event, stop: threading.Event) -> bool:
        """Deliver one event, again and again; false when it was time to stop."""
        if not any(fnmatch(event.name, pattern) for pattern in self.wanted):
            return True
        pause = self.first_retry
        while not stop.is_set():
            try:
                self.deliver(event)
            except InboxbotError as error:
                self._news(str(error))
                if isinstance(error, UndeliveredError) and datetime.now(UTC) - event.at > GIVEN_UP:
                    log.error("an event is passed over", event_id=event.id, kind=event.name)
                    return True
                stop.wait(random.uniform(pause / 2, pause))  # noqa: S311 - jitter, not a secret
                pause = min(pause * 2, LONGEST_RETRY)
            else:
                self._told = ""
                return True
        return False

    def _last(self) -> int:
        """The last move that was told; at the very first look the newest there is, for what was before is no news."""
        try:
            return int(self.reached.read_text(encoding="ascii"))
        except (OSError, ValueError):
            newest = self.chronicle.newest_move()
            self._reach(newest)
            return newest

    def _reach(self, move: int) -> None:
        building = self.reached.with_name(f".{self.reached.name}.new")
        building.write_text(f"{move}\n", encoding="ascii")
        building.replace(self.reached)

    def _news(self, why: str) -> None:
        if why != self._told:
            log.warning("events wait", why=why)
        self._told = why
