"""What people said of letters, in SQL: when it was first seen, whether it is still there, whether it was acted on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Select, and_, delete, insert, select, update

from inboxbot.records import Arrival, Gesture
from inboxbot.store.engine import committed
from inboxbot.store.tables import gestures, locations

COLUMNS = tuple(gestures.c[name] for name in Gesture.__dataclass_fields__)


class SqlGestures:
    """`ports.Gestures` over SQLAlchemy; one may be shared by threads, every call is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # --- for the sweep ---

    def presence(
        self, account: str, place: str, uidvalidity: int, uids: frozenset[int], now: datetime
    ) -> frozenset[int]:
        here = (gestures.c.account == account, gestures.c.place == place)
        with committed(self._engine) as c:
            rows = c.execute(select(gestures.c.uidvalidity, gestures.c.uid, gestures.c.gone_at).where(*here)).all()
            there = {(row.uidvalidity, row.uid): row.gone_at for row in rows}
            for (validity, uid), gone_at in there.items():
                one = (*here, gestures.c.uidvalidity == validity, gestures.c.uid == uid)
                if validity == uidvalidity and uid in uids:
                    if gone_at is not None:  # a keyword that was taken off and set again
                        c.execute(update(gestures).where(*one).values(at=now, gone_at=None, done=False))
                elif gone_at is None:
                    c.execute(update(gestures).where(*one).values(gone_at=now))
            return uids - {uid for validity, uid in there if validity == uidvalidity}

    def vanished(self, account: str, places: Iterable[str], now: datetime) -> None:
        left = (gestures.c.account == account, gestures.c.place.not_in(["", *places]), gestures.c.gone_at.is_(None))
        with committed(self._engine) as c:
            c.execute(update(gestures).where(*left).values(gone_at=now))

    def note(self, gesture: Gesture, *, done: bool = False) -> None:
        values = {name: getattr(gesture, name) for name in Gesture.__dataclass_fields__}
        with committed(self._engine) as c:
            c.execute(delete(gestures).where(_same(gesture)))
            c.execute(insert(gestures).values(**values, done=done, forgotten=False))

    def waiting(self, account: str) -> list[Gesture]:
        open_ones = (~gestures.c.done, ~gestures.c.forgotten, gestures.c.gone_at.is_(None))
        with committed(self._engine) as c:
            query = (
                select(*COLUMNS)
                .where(gestures.c.account == account, *open_ones)
                .order_by(gestures.c.at, gestures.c.uid)
            )
            return [_gesture(row) for row in c.execute(query)]

    def done(self, gesture: Gesture) -> None:
        with committed(self._engine) as c:
            c.execute(update(gestures).where(_same(gesture)).values(done=True))

    def of(self, letter: str) -> list[Gesture]:
        with committed(self._engine) as c:
            return [_gesture(row) for row in c.execute(_said().where(gestures.c.letter == letter))]

    def places(self, letter: str) -> list[Arrival]:
        with committed(self._engine) as c:
            rows = c.execute(select(locations).where(locations.c.letter == letter)).all()
            return [
                Arrival(row.folder, row.uidvalidity, row.uid, row.size, envelope=row.envelope) for row in rows[::-1]
            ]

    # --- for people and for learning ---

    def every(self) -> list[Gesture]:
        with committed(self._engine) as c:
            return [_gesture(row) for row in c.execute(_said())]

    def forget(self, letter: str) -> int:
        """What was said of this letter counts no more, though it still lies there; returns how much that was."""
        with committed(self._engine) as c:
            where = (gestures.c.letter == letter, ~gestures.c.forgotten)
            return c.execute(update(gestures).where(*where).values(forgotten=True)).rowcount


def _said() -> Select[*tuple[Any, ...]]:
    letters = (gestures.c.kind != "", ~gestures.c.forgotten)
    return select(*COLUMNS).where(*letters).order_by(gestures.c.at, gestures.c.uid)


def _same(gesture: Gesture) -> ColumnElement[bool]:
    names = ("account", "place", "uidvalidity", "uid", "letter")
    return and_(*(gestures.c[name] == getattr(gesture, name) for name in names))


def _gesture(row: Row[tuple[object, ...]]) -> Gesture:
    return Gesture(*row)  # type: ignore[call-arg, arg-type]  # the columns are its fields
