"""Takes letters out of the store; what is left of one is a hash, by which it is not drafted again.

One way serves two ends: a person asks (`erase`), or the time is over for which the user wants to keep anything (`expire`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, or_, select, update

from inboxbot.records import Stage
from inboxbot.store.engine import committed
from inboxbot.store.tables import answers, case_letters, cases, fates, filings, gestures, letters, moves

_ABOUT = (
    filings,
    moves,
    case_letters,
    answers,
    fates,
)  # everything that is kept of a letter besides its row and gestures
_AT_ONCE = 500  # letters a transaction: a service beside it must get its turn, and SQLite takes 999 values


def erase(engine: Engine, *, message_id: str | None = None, sender: str | None = None) -> list[str]:
    """Erase what is kept of the letter with this Message-ID, or of all letters of this sender; returns their keys.

    SQLite's pages are overwritten (secure_delete), the log is emptied, and the file is packed.
    """
    with committed(engine) as c:
        understood = select(letters.c.key, letters.c.reading).where(_may_name((message_id or sender or "").lower()))
        keys = [row.key for row in c.execute(understood) if _is_meant(row.reading, message_id, sender)]
    _erase(engine, keys)
    if keys:
        _tidy(engine, pack=True)
    return keys


def expire(engine: Engine, before: datetime) -> list[str]:
    """Erase what is kept of letters that came before then, with their cases; returns their keys.

    A case counts by its newest letter, or by its deadline where that is later; a letter with open filings stays.
    """
    alive = select(case_letters.c.case_id).where(
        or_(
            case_letters.c.seen_at >= before,
            case_letters.c.deadline >= before.date(),
            case_letters.c.deadline_rolled >= before.date(),
        )
    )
    needed = select(case_letters.c.letter).where(case_letters.c.case_id.in_(alive))
    with committed(engine) as c:
        over = select(letters.c.key).where(
            letters.c.reading.is_not(None),
            letters.c.first_seen_at < before,
            letters.c.stage.in_((Stage.SILENT, Stage.SETTLED)),
            letters.c.key.not_in(needed),
        )
        keys = list(c.execute(over).scalars())
    _erase(engine, keys)
    if keys:
        _tidy(engine, pack=False)  # a service at work does not wait for that: the pages are overwritten already
    return keys


def _may_name(word: str) -> ColumnElement[bool]:
    """Whether a reading may hold the word, so that not all of them must be opened."""
    if not word.isascii():  # what is lower case beyond ASCII, databases see differently
        return letters.c.reading.is_not(None)
    return func.lower(letters.c.reading).contains(json.dumps(word)[1:-1], autoescape=True)


def _is_meant(plain: str, message_id: str | None, sender: str | None) -> bool:
    """By the heads alone, as JSON: to make whole readings of a hundred thousand takes minutes."""
    reading = json.loads(plain)
    heads = [head for head in (reading["head"], reading["forwarded"]) if head is not None]
    if message_id is not None:
        return any(head["message_id"] == message_id for head in heads)
    wanted = (sender or "").lower()
    return any(head["sender"] is not None and head["sender"]["addr"].lower() == wanted for head in heads)


def _erase(engine: Engine, keys: Sequence[str]) -> None:
    for some in _parts(keys):
        with committed(engine) as c:
            _erase_some(c, some)


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def _erase_some(c: Connection, keys: Sequence[str]) -> None:
    touched = list(c.execute(select(case_letters.c.case_id).where(case_letters.c.letter.in_(keys))).scalars())
    for table in _ABOUT:
        c.execute(delete(table).where(table.c.letter.in_(keys)))
    # Where it lies is remembered: else a letter that still lies in a label folder would be taken for newly labelled.
    c.execute(update(gestures).where(gestures.c.letter.in_(keys)).values(done=True, forgotten=True))
    blank = {"label": None, "silence": None, "reading": None, "last_error": None}
    c.execute(update(letters).where(letters.c.key.in_(keys)).values(stage=Stage.SILENT, **blank))
    c.execute(delete(cases).where(cases.c.id.in_(touched), cases.c.id.not_in(select(case_letters.c.case_id))))


def _tidy(engine: Engine, *, pack: bool) -> None:
    """VACUUM runs outside a transaction; the write-ahead log may hold what was deleted until it is truncated."""
    if engine.dialect.name != "sqlite":
        return
    empty = "PRAGMA wal_checkpoint(TRUNCATE)"
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for statement in (empty, "VACUUM", empty) if pack else (empty,):
            cursor.execute(statement)
    finally:
        connection.close()
