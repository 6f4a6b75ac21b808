"""A store whose server is away: told once for all accounts, and once when it is back."""

from __future__ import annotations

import threading

import structlog

log = structlog.get_logger()

PAUSE = 5.0  # seconds between two tries


class Outage:
    """Whether the store is away, as the threads of all accounts see it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lasts = False

    def met(self, why: str) -> None:
        """Somebody could not reach the store."""
        with self._lock:
            before, self._lasts = self._lasts, True
        if not before:
            log.error("the store is away", why=why, then="all accounts wait for it")

    def over(self) -> None:
        """Somebody has used the store: if it was away, it is back."""
        with self._lock:
            before, self._lasts = self._lasts, False
        if before:
            log.info("the store is back")
