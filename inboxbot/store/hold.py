"""Who is at work on what, over all machines that share a PostgreSQL: its advisory locks, which end with their session."""

from __future__ import annotations

import contextlib
import threading

from sqlalchemy import Connection, Engine, text

from inboxbot.store.engine import told_in_words

_TAKE = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")


class Holds:
    """What one session of the database holds, by name; the server gives it free when the session ends, however it ends."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._session: Connection | None = None
        self._held: set[str] = set()
        self._lock = threading.Lock()

    def take(self, name: str) -> bool:
        """Whether it is held here from now on, or was already; false when another session has it.

        StoreAwayError when the server is not there: then nothing is held any more.
        """
        with self._lock, told_in_words(self._engine):
            try:
                self._take(name)
            except BaseException:
                self._end()
                raise
            return name in self._held

    def close(self) -> None:
        """Give everything free; never raises."""
        with self._lock:
            self._end()

    def _take(self, name: str) -> None:
        session = self._session = self._session or self._begun()
        if name in self._held:
            session.execute(text("SELECT 1"))  # the session is alive, and with it what it holds
        elif session.execute(_TAKE, {"name": name}).scalar_one():
            self._held.add(name)

    def _begun(self) -> Connection:
        return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def _end(self) -> None:
        session, self._session = self._session, None
        self._held.clear()
        if session is not None:
            with contextlib.suppress(Exception):
                session.invalidate()  # closed, not given back to the pool: its locks go with it
                session.close()
