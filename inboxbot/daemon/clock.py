"""Whether this machine's clock can be believed: it went on by itself, and the mail server's says the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

log = structlog.get_logger()

LEAP = timedelta(minutes=5)  # what a time service corrects in a step is less
APART = timedelta(hours=1)  # deadlines are days: what is less does no harm
MEND = "set this machine's clock (timedatectl set-ntp true), or tell the server's operator"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Clock:
    """Compares the time of day with the time that passed (seconds, which neither a setting nor a suspension moves)."""

    wall: Callable[[], datetime] = _now
    passed: Callable[[], float] = time.monotonic
    _seen: tuple[datetime, float] | None = field(default=None, init=False)

    def look(self) -> None:
        """Tell once of a leap since the last look. Nothing waits by the time of day, so that all goes on as it was."""
        now, tick = self.wall(), self.passed()
        before, self._seen = self._seen, (now, tick)
        if before is None:
            return
        leap = now - before[0] - timedelta(seconds=tick - before[1])
        if abs(leap) >= LEAP:
            log.warning("the clock leapt: it was set, or this machine was suspended", hours=_hours(leap))


def is_within(span: timedelta, since: datetime, now: datetime) -> bool:
    """Whether less than `span` has passed; no longer so once the clock was set back behind `since`: nothing waits for it."""
    return timedelta(0) <= now - since < span


def compare(ours: datetime, servers: datetime, account: str) -> bool:
    """Whether both clocks agreed when a mail was filed; told where they did not."""
    if abs(ours - servers) < APART:
        return True
    log.warning(
        "this machine's clock and the mail server's differ", account=account, hours=_hours(ours - servers), mend=MEND
    )
    return False


def _hours(span: timedelta) -> float:
    return round(span / timedelta(hours=1), 1)
