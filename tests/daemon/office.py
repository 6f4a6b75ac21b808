"""A watch at work on a real account, and the patience to see what comes of it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from inboxbot.daemon.sweep import Beat
from inboxbot.daemon.watch import Pulse, Watch
from inboxbot.mailbox.imap import ImapMailbox
from inboxbot.ports import Ledger, Mailbox
from inboxbot.stop import Stop
from tests.doubles.desk import SubjectReader, desk
from tests.doubles.memory_ledger import MemoryLedger
from tests.servers.imapworld import ImapWorld

PATIENCE = 60.0  # seconds until a test gives up, on the slowest machine


class Office:
    """One account with what its watch needs."""

    def __init__(self, world: ImapWorld, name: str = "office") -> None:
        self.world, self.name = world, name
        self.reader = SubjectReader()
        self.ahead = timedelta(0)  # of the real time
        self.ledger: Ledger = MemoryLedger(self.now)
        self.connections = 0

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def open(self) -> ImapMailbox:
        self.connections += 1
        return self.world.open()

    def watch(self, poll_seconds: float = 300.0, opener: Callable[[], Mailbox] | None = None) -> Watch:
        return Watch(
            beat=Beat(self.name, ("INBOX",), "new"),
            open=opener or self.open,
            desk=lambda mailbox: desk(mailbox.drafts_folder(), reader=self.reader, now=self.now),
            ledger=self.ledger,
            poll_seconds=poll_seconds,
            first_pause=0.01,
            refused_pause=0.01,
        )

    def drafts(self) -> list[str]:
        raws = self.world.raws(self.world.drafts)
        return sorted(raw.split(b"In-Reply-To: <")[1].split(b"@")[0].decode() for raw in raws)

    def drafted(self, *names: str) -> None:
        """Wait until there is a draft for each of these letters, and no other."""
        until(lambda: self.drafts() == sorted(names), f"drafts for {names}, not {self.drafts()}")


@contextlib.contextmanager
def at_work(watch: Watch, *, waiting: bool = True) -> Iterator[Pulse]:
    """The watch in a thread of its own, which ends when told; it has looked once, unless that is not waited for."""
    stop, pulse = Stop(), Pulse()
    thread = threading.Thread(target=watch.run, args=(stop, pulse), daemon=True)
    thread.start()
    try:
        settled = ("watching", "refused", "undecided", "resting")
        until(lambda: not waiting or pulse.state in settled or not thread.is_alive(), "a first look")
        yield pulse
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something to become true; patience is no measurement."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited {PATIENCE:g} s for {what}"
        time.sleep(0.05)
