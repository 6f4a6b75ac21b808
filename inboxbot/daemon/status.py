"""How the service is, in one small file of the state directory that is written anew every few seconds.

`inboxbot status` and whoever watches over the service read it; no question is put to the service itself.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from inboxbot import wire

log = structlog.get_logger()

SILENT = timedelta(minutes=3)  # a service at work writes three times a minute
STALE = timedelta(
    minutes=15
)  # without a sweep that went well, or three times the pause between sweeps if that is longer
FILE = "status.json"  # in the state directory
TROUBLE = frozenset({"refused", "undecided", "resting", "stopped"})  # states that do not pass by themselves


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """One account's watch: its state, its last sign of life, the end of its last good sweep, and what went wrong since."""

    name: str
    mailbox: str  # user@host, as the ledger knows it
    state: str
    started_at: datetime
    moved_at: datetime
    succeeded_at: datetime | None
    why: str
    connections: int
    certificate_ends: datetime | None
    poll_seconds: float

    def is_stale(self, now: datetime, limit: timedelta | None = None) -> bool:
        """Whether nothing has gone well for too long; a long sweep is at work as long as it moves."""
        limit = limit or max(STALE, 3 * timedelta(seconds=self.poll_seconds))
        at_work = self.state == "sweeping" and not self.why
        return now - (self.moved_at if at_work else self.succeeded_at or self.started_at) > limit

    def is_well(self, now: datetime, limit: timedelta | None = None) -> bool:
        """Whether the account is looked after: a lost line may come back until the account is stale."""
        return not self.trouble and not self.is_stale(now, limit)

    @property
    def trouble(self) -> str:
        """The state that does not pass by itself, if it is in one; a sweep that tries again does not end it."""
        if self.state in TROUBLE:
            return self.state
        return "refused" if self.why and self.state != "reconnecting" else ""


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """The service as it was when this was written; `ended_at` is set by one that has stopped or was run once."""

    version: str
    pid: int
    once: bool
    started_at: datetime
    written_at: datetime
    ended_at: datetime | None
    accounts: tuple[AccountStatus, ...]

    def is_running(self, now: datetime) -> bool:
        """Whether a service has written this and is at work still."""
        return self.ended_at is None and now - self.written_at < SILENT


@dataclass(slots=True)
class Keeper:
    """Keeps each status in the place of the one before; a disk that is full is told once, and the service goes on."""

    path: Path
    told: bool = False

    def __call__(self, status: ServiceStatus) -> None:
        """Whole or not at all, readable by its owner alone."""
        building = self.path.with_name(f".{self.path.name}.new")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(wire.dumps(status) + b"\n")
            building.replace(self.path)
        except OSError as error:
            if not self.told:
                log.warning("status cannot be kept", why=f"{self.path}: {error.strerror}")
            self.told = True
        else:
            self.told = False


def kept(path: Path) -> ServiceStatus | None:
    """What was kept; None where nothing was, or by a version that wrote something else."""
    try:
        return wire.loads(ServiceStatus, path.read_bytes())
    except (OSError, ValueError, TypeError, KeyError):
        return None
