"""UIDs for mails that have none: given once to each file of a local folder, kept durably, never given again.

A file keeps its unique name when its flags change or when it goes from new to cur, so that name is what is numbered.
When the numbers are lost, or not one of a folder's known files is left (a synchronisation from scratch), UIDVALIDITY
changes, as RFC 3501 §2.3.1.1 has it: what was known by number is then told again by its envelope.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import structlog

from inboxbot.errors import MailboxError
from inboxbot.records import Fence

log = structlog.get_logger()

_TABLES = """
CREATE TABLE IF NOT EXISTS folders (name TEXT PRIMARY KEY, uidvalidity INTEGER NOT NULL, uidnext INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS mails (folder TEXT, file TEXT, uid INTEGER NOT NULL, PRIMARY KEY (folder, file)) WITHOUT ROWID;
"""


class Numbers:
    """The numbers of one account's local folders, in one small SQLite file; read only, they are given in memory alone."""

    def __init__(self, directory: Path, *, read_only: bool) -> None:
        self._path = directory / "uids.db"
        self._given: dict[str, tuple[Fence, dict[str, int]]] = {}
        with _told(self._path):
            self._db = self._copy() if read_only else self._opened()

    def of(self, folder: str, files: Iterable[str]) -> tuple[Fence, Mapping[str, int]]:
        """Where the folder stands once each of these files has a number, and the numbers of all it ever had.

        New files are numbered in the order given. MailboxError when that cannot be kept.
        """
        files = list(files)
        known = self._given.get(folder)
        if known is not None and all(file in known[1] for file in files):
            return known
        with _told(self._path), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            fence, numbers = self._load(folder)
            if files and numbers and not any(file in numbers for file in files):
                fence, numbers = self._anew(folder), {}
            new = {file: fence.uidnext + at for at, file in enumerate(f for f in files if f not in numbers)}
            if new:
                self._db.executemany(
                    "INSERT INTO mails VALUES (?, ?, ?)", ((folder, file, uid) for file, uid in new.items())
                )
                fence = Fence(fence.uidvalidity, fence.uidnext + len(new))
                self._db.execute("UPDATE folders SET uidnext = ? WHERE name = ?", (fence.uidnext, folder))
        self._given[folder] = fence, numbers | new
        return self._given[folder]

    def close(self) -> None:
        """Let go of the file."""
        self._given.clear()
        self._db.close()

    def _load(self, folder: str) -> tuple[Fence, dict[str, int]]:
        row = self._db.execute("SELECT uidvalidity, uidnext FROM folders WHERE name = ?", (folder,)).fetchone()
        if row is None:
            return self._anew(folder), {}
        rows = self._db.execute("SELECT file, uid FROM mails WHERE folder = ?", (folder,))
        return Fence(*row), dict(rows.fetchall())

    def _anew(self, folder: str) -> Fence:
        last = self._db.execute("SELECT uidvalidity FROM folders WHERE name = ?", (folder,)).fetchone()
        fence = Fence(max(time.time_ns() // 1_000_000, last[0] + 1 if last else 0), 1)
        self._db.execute("DELETE FROM mails WHERE folder = ?", (folder,))
        self._db.execute("REPLACE INTO folders VALUES (?, ?, ?)", (folder, fence.uidvalidity, fence.uidnext))
        return fence

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        try:
            return _connected(self._path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            log.error("the numbers of local mail are broken and begin anew", path=str(self._path), why=str(error))
            self._path.replace(self._path.with_suffix(".broken"))
            return _connected(self._path)

    def _copy(self) -> sqlite3.Connection:
        memory = sqlite3.connect(":memory:", isolation_level=None)
        if self._path.exists():
            with contextlib.closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True)) as original:
                original.backup(memory)
        memory.executescript(_TABLES)
        return memory


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        db.execute("PRAGMA synchronous = FULL")  # a number that is forgotten would be given to another mail
        db.executescript(_TABLES)
    except BaseException:
        db.close()
        raise
    return db


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise MailboxError(f"{path}: the numbers of local mail cannot be kept: {error}") from error
