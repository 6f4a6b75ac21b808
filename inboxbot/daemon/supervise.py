"""Keeps the watches of all accounts, one thread each, and speaks with systemd and its signals."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from inboxbot import __version__
from inboxbot.daemon.clock import Clock
from inboxbot.daemon.notify import Notifier
from inboxbot.daemon.status import AccountStatus, ServiceStatus
from inboxbot.daemon.watch import Pulse, Watch
from inboxbot.errors import InboxbotError, RefusedError, SetupError
from inboxbot.stop import Stop

log = structlog.get_logger()

STALE_SECONDS = 900.0  # no watch may be without a sign of life for longer: a sweep rests at most that long
STOP_SECONDS = 1.5  # of the two that a stop may take; what is cut short is finished at the next start

DONE, FAILED, TEMPORARY = 0, 1, 75

Tell = Callable[[ServiceStatus], None]  # to whom it is told how the service is, every few seconds; must not raise


@dataclass(slots=True)
class _Shift:
    """The watches at work since the last reading of the configuration."""

    stop: Stop = field(default_factory=Stop)
    pulses: dict[str, Pulse] = field(default_factory=dict)
    watches: dict[str, Watch] = field(default_factory=dict)
    threads: list[threading.Thread] = field(default_factory=list)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def takes(self, watch: Watch) -> Pulse:
        """A watch more; the pulse that it will have."""
        self.watches[watch.beat.account] = watch
        pulse = self.pulses[watch.beat.account] = Pulse()
        return pulse

    def status(self, *, once: bool = False, ended: bool = False) -> ServiceStatus:
        """How its watches are now."""
        now, tick = datetime.now(UTC), time.monotonic()
        accounts = (
            AccountStatus(
                name=name,
                mailbox=self.watches[name].mailbox,
                state=pulse.state,
                started_at=self.started_at,
                moved_at=now - timedelta(seconds=tick - pulse.moved_at),
                succeeded_at=pulse.succeeded_at,
                why=pulse.why,
                connections=pulse.connections,
                certificate_ends=pulse.certificate_ends,
                poll_seconds=self.watches[name].poll_seconds,
            )
            for name, pulse in self.pulses.items()
        )
        return ServiceStatus(
            __version__, os.getpid(), once, self.started_at, now, now if ended else None, tuple(accounts)
        )


class Supervisor:
    """Runs watches until SIGTERM or SIGINT; SIGHUP asks `reload` for new ones."""

    def __init__(
        self,
        watches: Sequence[Watch],
        reload: Callable[[], Sequence[Watch]],
        notifier: Notifier,
        tell: Tell = lambda _: None,
    ) -> None:
        self._watches = watches
        self._reload = reload
        self._notifier = notifier
        self._tell = tell
        self._wake = threading.Event()
        self._stopping = False
        self._reloading = False

    def run(self) -> int:
        """Serve until told to stop; the exit code: 0, or 75 when the store failed."""
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_reload)
        shift = self._begin()
        self._notifier.ready(self._summary(shift))
        code, clock = DONE, Clock()
        while not self._stopping:
            clock.look()
            self._tell(shift.status())
            self._wake.wait(self._notifier.interval)
            self._wake.clear()
            if self._reloading and not self._stopping:
                shift = self._change(shift)
            if any(pulse.error for pulse in shift.pulses.values()):
                code = TEMPORARY
                break
            if self._alive(shift):
                self._notifier.alive(self._summary(shift))
        self._notifier.stopping()
        self._end(shift)
        self._tell(shift.status(ended=True))
        return code

    def _begin(self, before: _Shift | None = None) -> _Shift:
        """Start the watches; each waits until those of the shift before are gone, so that no letter is in two hands."""
        leaving = before.threads if before else []
        shift = _Shift(started_at=before.started_at) if before else _Shift()

        def at_work(watch: Watch, pulse: Pulse) -> None:
            for thread in leaving:
                thread.join()
            watch.run(shift.stop, pulse)
            self._wake.set()

        for watch in self._watches:
            name = f"watch-{watch.beat.account}"
            thread = threading.Thread(target=at_work, args=(watch, shift.takes(watch)), name=name, daemon=True)
            shift.threads.append(thread)
            thread.start()
        return shift

    def _end(self, shift: _Shift) -> None:
        """Ask all to stop; who does not in time is left behind: the ledger makes a cut as good as a pause."""
        shift.stop.set()
        end = time.monotonic() + STOP_SECONDS
        for thread in shift.threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _change(self, shift: _Shift) -> _Shift:
        self._reloading = False
        self._notifier.reloading()
        try:
            watches = self._reload()
        except SetupError as error:
            for problem in error.problems:
                log.error("configuration refused, the old one stays", why=problem)
        else:
            self._end(shift)
            self._watches = watches
            shift = self._begin(shift)
            log.info("configuration read again", accounts=len(watches))
        self._notifier.ready(self._summary(shift))
        return shift

    def _alive(self, shift: _Shift) -> bool:
        oldest = min((pulse.moved_at for pulse in shift.pulses.values()), default=time.monotonic())
        return time.monotonic() - oldest < STALE_SECONDS

    def _summary(self, shift: _Shift) -> str:
        return ", ".join(f"{name}: {pulse.state}" for name, pulse in shift.pulses.items()) or "no account"

    def _on_stop(self, *_: object) -> None:
        self._stopping = True
        self._wake.set()

    def _on_reload(self, *_: object) -> None:
        self._reloading = True
        self._wake.set()


def drain(watches: Sequence[Watch], tell: Tell = lambda _: None) -> int:
    """Each mailbox once, side by side; 0, or 75 if one could not be reached, 1 if one refused."""
    shift = _Shift()

    def drained(watch: Watch, pulse: Pulse) -> None:
        try:
            watch.once(shift.stop, pulse)
        except InboxbotError as error:
            pulse.error = error
            pulse.failed("refused" if isinstance(error, RefusedError | SetupError) else "stopped", str(error))
            log.error("mailbox not drained", account=watch.beat.account, why=str(error))
        except Exception as error:
            pulse.error = error
            pulse.failed("stopped", f"unexpected {type(error).__name__}")
            log.exception("unexpected failure", account=watch.beat.account, why=type(error).__name__)

    threads = [threading.Thread(target=drained, args=(watch, shift.takes(watch)), daemon=True) for watch in watches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tell(shift.status(once=True, ended=True))
    errors = [pulse.error for pulse in shift.pulses.values() if pulse.error is not None]
    passing = [
        isinstance(error, InboxbotError) and not isinstance(error, RefusedError | SetupError) for error in errors
    ]
    if not all(passing):
        return FAILED
    return TEMPORARY if errors else DONE
