"""Watches one mailbox: connect, sweep, rest, again; comes back by itself after any failure of the line."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import structlog

from inboxbot.daemon.gestures import Hand
from inboxbot.daemon.outage import PAUSE, Outage
from inboxbot.daemon.sweep import Beat, Stumbles, sweep, time_left
from inboxbot.daemon.turns import Turns
from inboxbot.errors import (
    InboxbotError,
    MailboxError,
    NoModelError,
    RefusedError,
    SetupError,
    SignInError,
    StoreAwayError,
    StoreError,
)
from inboxbot.ports import Desk, Ledger, Mailbox
from inboxbot.stop import Stop

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 900.0  # seconds, doubling, with jitter (reliability study §2.3)
HEALTHY_AFTER = 300.0  # a connection that held so long starts the pauses anew
REFUSED_PAUSE = 900.0  # a refused password is not tried in a hurry: providers lock accounts
REFUSALS = 3  # of the login; what else is refused may be mended at any time, and is asked for again and again
LONGEST_REST = 300.0  # without a sign of life
EXPIRY_NOTICE = timedelta(days=21)  # before a server's certificate ends


@dataclass(slots=True)
class Pulse:
    """What the supervisor may know of a watch: when it last got on, and whether it rests for good."""

    state: str = "starting"
    moved_at: float = field(default_factory=time.monotonic)
    succeeded_at: datetime | None = None  # the end of the last sweep in which nothing failed
    why: str = ""  # what has gone wrong since
    connections: int = 0
    certificate_ends: datetime | None = None
    error: Exception | None = None

    def beat(self, state: str = "") -> None:
        """The watch has made progress."""
        self.moved_at = time.monotonic()
        self.state = state or self.state

    def connected(self, certificate_ends: datetime | None) -> None:
        """There is a session: what was wrong with the line is over."""
        self.connections += 1
        self.certificate_ends = certificate_ends
        if self.state == "reconnecting":
            self.why = ""

    def failed(self, state: str, why: str) -> None:
        """Something went wrong; the watch goes on as `state`."""
        self.beat(state)
        self.why = why

    def succeeded(self, state: str) -> None:
        """A sweep is done, and nothing failed."""
        self.beat(state)
        self.succeeded_at, self.why = datetime.now(UTC), ""


@dataclass(slots=True)
class _Memory:
    """What a watch remembers from one connection to the next."""

    pause: float
    refusals: int = 0
    told: str = ""
    warned_on: date | None = None
    stumbles: Stumbles = field(default_factory=Stumbles)

    def is_news(self, why: str) -> bool:
        """Whether this was not the last thing told: a lasting trouble is told once."""
        before, self.told = self.told, why
        return why != before


@dataclass(frozen=True, slots=True)
class Watch:
    """One account's watch: how to open its mailbox, what to sweep, and how long to rest."""

    beat: Beat
    open: Callable[[], Mailbox]
    desk: Callable[[Mailbox], Desk]
    ledger: Ledger
    poll_seconds: float
    turns: Turns = field(default_factory=Turns)  # at the host, shared by its accounts
    outage: Outage = field(default_factory=Outage)  # of the store, shared by all accounts
    claim: Callable[[], None] = lambda: None  # that nobody else is at work here; SetupError says who is
    mailbox: str = ""  # user@host, as the ledger knows it
    hand: Hand | None = None
    observe: Callable[[Mailbox, Desk], None] = lambda *_: None  # what became of the cases, what is forgotten
    first_pause: float = FIRST_PAUSE
    refused_pause: float = REFUSED_PAUSE

    def once(self, stop: Stop, pulse: Pulse) -> None:
        """Drain the mailbox and return; MailboxError, StoreError or SetupError when it could not be done.

        A filing that was interrupted just before is waited for: then nothing is left undone.
        """
        with self._opened(stop, pulse) as mailbox:
            self.claim()
            desk = self.desk(mailbox)
            while not stop.is_set():
                with self._turn(stop, pulse) as on:
                    sweep(self.beat, mailbox, self.ledger, desk, stop.is_set, on, hand=self.hand)
                left = time_left(mailbox, self.ledger, desk)
                if left is None:
                    break
                self._rest(left.total_seconds(), stop, pulse)
            self.observe(mailbox, desk)
            pulse.succeeded("done")

    def visit(self, stop: Stop, pulse: Pulse, stumbles: Stumbles) -> None:
        """Sweep the mailbox once and leave; what is interrupted, or came too late, is another visit's."""
        with self._opened(stop, pulse) as mailbox, self._turn(stop, pulse) as on:
            desk = self.desk(mailbox)
            sweep(self.beat, mailbox, self.ledger, desk, stop.is_set, on, stumbles, self.hand)
            self.observe(mailbox, desk)

    def run(self, stop: Stop, pulse: Pulse) -> None:
        """Watch until `stop`; only StoreError ends it before (nothing may be filed without the ledger), and a server that
        is away is waited for."""
        memory = _Memory(self.first_pause)
        while not stop.is_set():
            started = time.monotonic()
            try:
                self._hold(stop, pulse, memory)
            except StoreAwayError as error:
                self.outage.met(str(error))
                pulse.failed("reconnecting", str(error))
                self._rest(PAUSE, stop, pulse)
            except StoreError as error:
                pulse.error = error
                pulse.failed("stopped", str(error))
                log.error("store failed", account=self.beat.account, why=str(error))
                return
            except SignInError as error:
                memory.refusals += 1
                pulse.failed("refused", str(error))
                log.error("login refused", account=self.beat.account, why=str(error), attempt=memory.refusals)
                if memory.refusals >= REFUSALS:
                    self._rest_for_good(error, stop, pulse)
                    return
                self._rest(self.refused_pause, stop, pulse)
            except (RefusedError, SetupError) as error:
                pulse.failed("refused", str(error))
                if memory.is_news(str(error)):
                    log.error("mailbox refused", account=self.beat.account, why=str(error))
                self._rest(self.refused_pause, stop, pulse)
            except MailboxError as error:
                memory.pause = self.first_pause if time.monotonic() - started > HEALTHY_AFTER else memory.pause
                wanted = error.retry_after or self._jittered(memory)
                pulse.failed("reconnecting", str(error))
                log.warning("connection lost", account=self.beat.account, why=str(error), again_in=round(wanted, 1))
                self._rest(wanted, stop, pulse)
            except Exception as error:
                pulse.failed("reconnecting", f"unexpected {type(error).__name__}")
                log.exception("unexpected failure", account=self.beat.account, why=type(error).__name__)
                self._rest(self._jittered(memory), stop, pulse)

    def _hold(self, stop: Stop, pulse: Pulse, memory: _Memory) -> None:
        """One connection for as long as it lasts: sweep, rest until a push or the safety sweep is due, sweep."""
        with self._opened(stop, pulse) as mailbox:
            memory.refusals = 0
            log.info("watching", account=self.beat.account)
            desk = self.desk(mailbox)
            while not stop.is_set():
                self._warn(mailbox.certificate_ends, memory)
                self._sweep(mailbox, desk, stop, pulse, memory)
                left = time_left(mailbox, self.ledger, desk)
                self._wait(mailbox, self.poll_seconds if left is None else left.total_seconds(), stop, pulse)

    @contextlib.contextmanager
    def _opened(self, stop: Stop, pulse: Pulse) -> Iterator[Mailbox]:
        """The mailbox, logged in when it was this account's turn."""
        with self.turns.turn(stop.is_set, pulse.beat):
            mailbox = self.open()
        with contextlib.closing(mailbox):
            pulse.connected(mailbox.certificate_ends)
            yield mailbox

    @contextlib.contextmanager
    def _turn(self, stop: Stop, pulse: Pulse) -> Iterator[Callable[[], None]]:
        with self.turns.turn(stop.is_set, pulse.beat) as on:
            pulse.beat("sweeping")
            yield on

    def _sweep(self, mailbox: Mailbox, desk: Desk, stop: Stop, pulse: Pulse, memory: _Memory) -> None:
        """Sweep once; what is refused, or cannot be judged, is told once and tried again at the next sweep."""
        try:
            with self._turn(stop, pulse) as on:
                self.claim()
                sweep(self.beat, mailbox, self.ledger, desk, stop.is_set, on, memory.stumbles, self.hand)
                self.observe(mailbox, desk)
            self.outage.over()
        except RefusedError as error:
            if memory.is_news(str(error)):
                log.error("mailbox refused", account=self.beat.account, why=str(error))
            pulse.failed("refused", str(error))
        except NoModelError as error:
            if memory.is_news(str(error)):
                log.error("letters wait undecided", account=self.beat.account, why=str(error))
            pulse.failed("undecided", str(error))
        else:
            memory.told = ""
            pulse.succeeded("watching")

    def _warn(self, certificate_ends: datetime | None, memory: _Memory) -> None:
        """Tell once a day of a certificate that ends soon: nothing is read any more once it has."""
        now = datetime.now(UTC)
        if certificate_ends is None or certificate_ends - now > EXPIRY_NOTICE or memory.warned_on == now.date():
            return
        memory.warned_on = now.date()
        days = max((certificate_ends - now).days, 0)
        log.warning("the server's certificate ends soon", account=self.beat.account, days=days)

    def _wait(self, mailbox: Mailbox, seconds: float, stop: Stop, pulse: Pulse) -> None:
        """Rest on the first folder until a push, in stretches that are each a sign of life of the line."""
        end = time.monotonic() + max(seconds, 1.0)
        while not stop.is_set() and (left := end - time.monotonic()) > 0:
            if mailbox.wait(self.beat.folders[0], min(left, LONGEST_REST), stop):
                return
            pulse.beat()

    def _rest(self, seconds: float, stop: Stop, pulse: Pulse) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not stop.wait(min(left, 20.0)):
            pulse.beat()

    def _rest_for_good(self, error: InboxbotError, stop: Stop, pulse: Pulse) -> None:
        """After three refusals in a row the account rests; the others go on. SIGHUP or a restart tries again."""
        log.error(
            "account rests until the configuration is read again",
            account=self.beat.account,
            why=str(error),
            attempts=REFUSALS,
        )
        pulse.failed("resting", str(error))
        while not stop.wait(20.0):
            pulse.beat()

    def _jittered(self, memory: _Memory) -> float:
        wanted = random.uniform(memory.pause / 2, memory.pause)  # noqa: S311 - jitter, not a secret
        memory.pause = min(memory.pause * 2, LONGEST_PAUSE)
        return wanted
