"""Takes a letter or a person out of the store; what is left is a hash, by which an erased letter is not drafted again."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, delete, select, update

from inboxbot import wire
from inboxbot.records import Reading, Stage
from inboxbot.store.engine import committed
from inboxbot.store.tables import answers, case_letters, cases, fates, filings, gestures, letters, moves

_ABOUT = (filings, moves, case_letters, answers, fates, gestures)  # everything that is kept of a letter besides its row


def erase(engine: Engine, *, message_id: str | None = None, sender: str | None = None) -> list[str]:
    """Erase what is kept of the letter with this Message-ID, or of all letters of this sender; returns their keys.

    SQLite's pages are overwritten (secure_delete), the log is emptied, and the file is packed.
    """
    with committed(engine) as c:
        understood = select(letters.c.key, letters.c.reading).where(letters.c.reading.is_not(None))
        keys = [row.key for row in c.execute(understood) if _is_meant(row.reading, message_id, sender)]
        for key in keys:
            _erase(c, key)
        kept = select(case_letters.c.case_id)
        c.execute(delete(cases).where(cases.c.id.not_in(kept)))
    if keys and engine.dialect.name == "sqlite":
        _pack(engine)
    return keys


def _is_meant(plain: str, message_id: str | None, sender: str | None) -> bool:
    reading = wire.loads(Reading, plain.encode())
    heads = [head for head in (reading.head, reading.forwarded) if head is not None]
    if message_id is not None:
        return any(head.message_id == message_id for head in heads)
    wanted = (sender or "").lower()
    return any(head.sender is not None and head.sender.addr.lower() == wanted for head in heads)


def _erase(c: Connection, key: str) -> None:
    for table in _ABOUT:
        c.execute(delete(table).where(table.c.letter == key))
    blank = {"label": None, "silence": None, "reading": None, "last_error": None}
    c.execute(update(letters).where(letters.c.key == key).values(stage=Stage.SILENT, **blank))


def _pack(engine: Engine) -> None:
    """VACUUM runs outside a transaction; the write-ahead log may hold what was deleted until it is truncated."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            cursor.execute(statement)
    finally:
        connection.close()
