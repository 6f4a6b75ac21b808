"""Watches one mailbox: connect, sweep, rest, again; comes back by itself after any failure of the line."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from inboxbot.daemon.sweep import Beat, sweep
from inboxbot.errors import InboxbotError, MailboxError, NoModelError, RefusedError, SetupError, StoreError
from inboxbot.flow import Desk
from inboxbot.ports import Ledger, Mailbox

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 900.0  # seconds; full jitter between, after the reliability study §2.3
HEALTHY_AFTER = 300.0  # a connection that held so long starts the pauses anew
REFUSED_PAUSE = 900.0  # a refused password is not tried in a hurry: providers lock accounts
REFUSALS = 3


@dataclass(slots=True)
class Pulse:
    """What the supervisor may know of a watch: when it last got on, and whether it rests for good."""

    state: str = "starting"
    moved_at: float = field(default_factory=time.monotonic)
    error: Exception | None = None

    def beat(self, state: str = "") -> None:
        """The watch has made progress."""
        self.moved_at = time.monotonic()
        self.state = state or self.state


@dataclass(frozen=True, slots=True)
class Watch:
    """One account's watch: how to open its mailbox, what to sweep, and how long to rest."""

    beat: Beat
    open: Callable[[], Mailbox]
    desk: Callable[[Mailbox], Desk]
    ledger: Ledger
    poll_seconds: float
    first_pause: float = FIRST_PAUSE

    def once(self, stop: threading.Event, pulse: Pulse) -> None:
        """Drain the mailbox and return; MailboxError, StoreError or SetupError when it could not be done."""
        mailbox = self.open()
        try:
            pulse.beat("sweeping")
            sweep(self.beat, mailbox, self.ledger, self.desk(mailbox), stop.is_set, pulse.beat)
            pulse.beat("done")
        finally:
            mailbox.close()

    def run(self, stop: threading.Event, pulse: Pulse) -> None:
        """Watch until `stop`; only StoreError ends it before (nothing may be filed without the ledger)."""
        pause, refusals = self.first_pause, 0
        while not stop.is_set():
            started = time.monotonic()
            try:
                self._hold(stop, pulse)
            except StoreError as error:
                pulse.error = error
                log.error("store failed", account=self.beat.account, why=str(error))
                return
            except (RefusedError, SetupError) as error:
                refusals += 1
                pulse.beat("refused")
                if refusals >= REFUSALS:
                    self._rest_for_good(error, stop, pulse)
                    return
                log.error("mailbox refused", account=self.beat.account, why=str(error), attempt=refusals)
                self._rest(REFUSED_PAUSE if self.first_pause == FIRST_PAUSE else self.first_pause, stop, pulse)
            except MailboxError as error:
                pause, refusals = (self.first_pause if time.monotonic() - started > HEALTHY_AFTER else pause), 0
                wanted = error.retry_after or random.uniform(pause / 2, pause)  # noqa: S311 - jitter, not a secret
                pulse.beat("reconnecting")
                log.warning("connection lost", account=self.beat.account, why=str(error), again_in=round(wanted))
                self._rest(wanted, stop, pulse)
                pause = min(pause * 2, LONGEST_PAUSE)
            except NoModelError as error:
                if pulse.state != "undecided":
                    log.error("letters wait undecided", account=self.beat.account, why=str(error))
                self._rest(self.poll_seconds, stop, pulse)
                pulse.beat("undecided")
            except Exception as error:
                pulse.beat("reconnecting")
                log.exception("unexpected failure", account=self.beat.account, why=type(error).__name__)
                self._rest(pause, stop, pulse)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _hold(self, stop: threading.Event, pulse: Pulse) -> None:
        """One connection for as long as it lasts: sweep, rest until a push or the safety sweep is due, sweep."""
        mailbox = self.open()
        try:
            log.info("watching", account=self.beat.account)
            desk = self.desk(mailbox)
            while not stop.is_set():
                pulse.beat("sweeping")
                sweep(self.beat, mailbox, self.ledger, desk, stop.is_set, pulse.beat)
                pulse.beat("watching")
                mailbox.wait(self.beat.folders[0], self.poll_seconds, stop.is_set)
        finally:
            mailbox.close()

    def _rest(self, seconds: float, stop: threading.Event, pulse: Pulse) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not stop.wait(min(left, 20.0)):
            pulse.beat()

    def _rest_for_good(self, error: InboxbotError, stop: threading.Event, pulse: Pulse) -> None:
        """After three refusals the account rests; the others go on. SIGHUP or a restart tries again."""
        log.error(
            "account rests until the configuration is read again", account=self.beat.account, why=str(error), attempts=REFUSALS
        )
        pulse.beat("resting")
        while not stop.wait(20.0):
            pulse.beat()
