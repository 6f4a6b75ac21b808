"""The ledger in SQL: what has been seen, decided and filed, each step durable before the next begins.

The legal moves stand in two tables below; everything else follows from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, Row, and_, bindparam, func, insert, select, update

from inboxbot import wire
from inboxbot.errors import StoreError
from inboxbot.records import (
    OTHER,
    Arrival,
    Census,
    Cursor,
    Entry,
    Fence,
    Filing,
    Head,
    Judgement,
    Move,
    Reading,
    Stage,
    Step,
    Trust,
)
from inboxbot.store.engine import committed
from inboxbot.store.tables import accounts, cursors, filings, letters, locations, moves

STAGES: Mapping[Stage, frozenset[Stage]] = {
    Stage.SEEN: frozenset({Stage.SILENT, Stage.PLANNED, Stage.SETTLED, Stage.QUARANTINED}),
    Stage.PLANNED: frozenset({Stage.SETTLED, Stage.PLANNED}),
    # Only a person reopens these: a label, a chosen reply, `retry`.
    Stage.SILENT: frozenset({Stage.PLANNED, Stage.SETTLED, Stage.SEEN}),
    Stage.SETTLED: frozenset({Stage.PLANNED, Stage.SETTLED}),
    Stage.QUARANTINED: frozenset({Stage.PLANNED, Stage.SETTLED, Stage.SILENT, Stage.QUARANTINED, Stage.SEEN}),
}
STEPS: Mapping[Step, frozenset[Step]] = {
    Step.PLANNED: frozenset({Step.INTENT}),
    Step.INTENT: frozenset({Step.FILED, Step.UNCERTAIN, Step.PLANNED}),
    Step.FILED: frozenset(),
    Step.UNCERTAIN: frozenset(),
}
IN_FLIGHT = timedelta(seconds=2)  # longer than any transaction here
OPEN = (Step.PLANNED.value, Step.INTENT.value)


# What is asked for each mail of a mailbox is put together once: building it costs more than the database takes.
_HERE = and_(locations.c.account == bindparam("account"), locations.c.folder == bindparam("folder"))
_SAME_PLACE = and_(_HERE, locations.c.uidvalidity == bindparam("uidvalidity"), locations.c.uid == bindparam("uid"))
_RENUMBERED = and_(  # after a change of UIDVALIDITY the places are new and the mails are not
    _HERE,
    locations.c.uidvalidity != bindparam("uidvalidity"),
    locations.c.envelope == bindparam("envelope"),
    locations.c.size == bindparam("size"),
)
_KNOWN = (
    select(letters.c.key)
    .join(locations, locations.c.letter == letters.c.key)
    .where(_SAME_PLACE | _RENUMBERED, letters.c.stage != Stage.SEEN)
    .limit(1)
)
_PLACE = select(locations.c.uid).where(_SAME_PLACE)
_LOCATE = insert(locations)


class SqlLedger:
    """`ports.Ledger` over SQLAlchemy; one may be shared by threads, every call is a transaction of its own."""

    def __init__(self, engine: Engine, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._now = now

    # --- letters ---

    def open(self, key: str, account: str, arrival: Arrival) -> Entry:
        with committed(self._engine) as c:
            row = c.execute(select(letters).where(letters.c.key == key)).one_or_none()
            now = self._now()
            if row is None:
                c.execute(
                    insert(letters).values(
                        key=key, account=account, stage=Stage.SEEN, attempts=1, first_seen_at=now, moved_at=now
                    )
                )
            elif row.stage == Stage.SEEN:
                c.execute(update(letters).where(letters.c.key == key).values(attempts=letters.c.attempts + 1))
            self._locate(c, key, account, arrival)
            return self._entry(c, key)

    def pass_over(self, account: str, mails: Mapping[str, Arrival], reading: Reading) -> list[Entry]:
        told, now = _understood(reading), self._now()
        first = {
            "account": account,
            "stage": Stage.SILENT,
            "attempts": 1,
            "first_seen_at": now,
            "moved_at": now,
            **told,
        }
        move = {"kind": None, "origin": Stage.SEEN, "target": Stage.SILENT, "at": now, "why": reading.silence}
        with committed(self._engine) as c:
            known = set(c.execute(select(letters.c.key).where(letters.c.key.in_(list(mails)))).scalars())
            new = [key for key in mails if key not in known]
            if new:
                c.execute(insert(letters), [{"key": key, **first} for key in new])
                c.execute(insert(moves), [{"letter": key, **move} for key in new])
            for key in new:
                self._locate(c, key, account, mails[key])
        return [Entry(key, account, Stage.SILENT, 1, reading.verdict.label, reading.silence) for key in new]

    def refund(self, entry: Entry) -> None:
        with committed(self._engine) as c:
            c.execute(
                update(letters)
                .where(letters.c.key == entry.key, letters.c.stage == Stage.SEEN, letters.c.attempts > 0)
                .values(attempts=letters.c.attempts - 1)
            )

    def strike(self, entry: Entry, why: str) -> Entry:
        with committed(self._engine) as c:
            c.execute(update(letters).where(letters.c.key == entry.key).values(last_error=why))
            return self._entry(c, entry.key)

    def quarantine(self, entry: Entry, why: str) -> Entry:
        with committed(self._engine) as c:
            self._move_letter(c, entry.key, Stage.QUARANTINED, why, last_error=why)
            return self._entry(c, entry.key)

    def retry(self, key: str) -> Entry:
        """A person asks: quarantined or silent → seen, with a clean slate. KeyError for an unknown letter."""
        with committed(self._engine) as c:
            self._move_letter(c, key, Stage.SEEN, "retry", attempts=0, last_error=None, silence=None)
            return self._entry(c, key)

    def silent(self, entry: Entry, reading: Reading) -> Entry:
        with committed(self._engine) as c:
            if self._stage(c, entry.key) is Stage.SEEN:
                self._move_letter(c, entry.key, Stage.SILENT, reading.silence, **_understood(reading))
            return self._entry(c, entry.key)

    def plan(self, entry: Entry, reading: Reading, planned: Sequence[Filing]) -> Entry:
        with committed(self._engine) as c:
            had = set(c.execute(select(filings.c.kind).where(filings.c.letter == entry.key)).scalars())
            for filing in planned:
                if filing.kind not in had:
                    c.execute(insert(filings).values(**_filing_values(filing), planned_at=self._now()))
                    self._note(c, entry.key, filing.kind, "new", filing.step, filing.why)
            target = Stage.PLANNED if self._open_filings(c, entry.key) else Stage.SETTLED
            self._move_letter(c, entry.key, target, reading.silence, **_understood(reading))
            return self._entry(c, entry.key)

    # --- filings ---

    def intend(self, filing: Filing, fence: Fence) -> Filing:
        return self._step(filing, Step.INTENT, None, fence=fence, intended_at=self._now())

    def replan(self, filing: Filing) -> Filing:
        return self._step(filing, Step.PLANNED, "proved not appended", fence=None, intended_at=None)

    def filed(self, filing: Filing, why: str | None = None) -> Filing:
        return self._step(filing, Step.FILED, why)

    def uncertain(self, filing: Filing, why: str) -> Filing:
        return self._step(filing, Step.UNCERTAIN, why)

    # --- what is known, what is left ---

    def known(self, account: str, arrival: Arrival) -> bool:
        told = {name: getattr(arrival, name) for name in ("folder", "uidvalidity", "uid", "envelope", "size")}
        with committed(self._engine) as c:
            return c.execute(_KNOWN, {"account": account, **told}).first() is not None

    def unfinished(self, account: str) -> list[Entry]:
        with committed(self._engine) as c:
            query = select(letters.c.key).where(letters.c.account == account, letters.c.stage == Stage.PLANNED)
            return [self._entry(c, key) for key in c.execute(query.order_by(letters.c.first_seen_at)).scalars()]

    def awaiting(self, account: str) -> list[Arrival]:
        with committed(self._engine) as c:
            query = select(locations).join(letters).where(letters.c.account == account, letters.c.stage == Stage.SEEN)
            rows = c.execute(query.order_by(letters.c.first_seen_at, locations.c.uid)).all()
            return list({row.letter: _arrival(row) for row in rows}.values())

    def cursor(self, account: str, folder: str) -> Cursor | None:
        with committed(self._engine) as c:
            query = select(cursors.c.uidvalidity, cursors.c.uid)
            row = c.execute(query.where(cursors.c.account == account, cursors.c.folder == folder)).one_or_none()
            return Cursor(row.uidvalidity, row.uid) if row else None

    def advance(self, account: str, folder: str, cursor: Cursor) -> None:
        values = {"uidvalidity": cursor.uidvalidity, "uid": cursor.uid}
        with committed(self._engine) as c:
            where = (cursors.c.account == account, cursors.c.folder == folder)
            if not c.execute(update(cursors).where(*where).values(**values)).rowcount:
                c.execute(insert(cursors).values(account=account, folder=folder, **values))

    def first_seen(self, account: str) -> datetime:
        with committed(self._engine) as c:
            seen = c.execute(select(accounts.c.first_seen_at).where(accounts.c.account == account)).scalar_one_or_none()
            if seen is None:
                seen = self._now()
                c.execute(insert(accounts).values(account=account, first_seen_at=seen))
            return seen

    def drafts_since(self, account: str, moment: datetime) -> int:
        with committed(self._engine) as c:
            query = (
                select(func.count())
                .select_from(filings.join(letters))
                .where(letters.c.account == account, filings.c.kind.like("draft:%"), filings.c.intended_at >= moment)
            )
            return c.execute(query).scalar_one()

    # --- for people: status, quarantine, why ---

    def entry(self, key_prefix: str) -> Entry | None:
        """The letter whose key starts so, if exactly one does."""
        with committed(self._engine) as c:
            keys = c.execute(select(letters.c.key).where(letters.c.key.startswith(key_prefix)).limit(2)).scalars().all()
            return self._entry(c, keys[0]) if len(keys) == 1 else None

    def entries(self, stage: Stage) -> list[Entry]:
        """All letters in this stage, oldest first."""
        with committed(self._engine) as c:
            query = select(letters.c.key).where(letters.c.stage == stage).order_by(letters.c.first_seen_at)
            return [self._entry(c, key) for key in c.execute(query).scalars()]

    def moves(self, *, after: int, limit: int) -> list[Move]:
        """What happened since, in order. Numbers may be committed out of their order: the last seconds are left out."""
        with committed(self._engine) as c:
            query = (
                select(moves, letters.c.account, letters.c.label)
                .join(letters)
                .where(moves.c.id > after, moves.c.at <= self._now() - IN_FLIGHT)
            )
            rows = c.execute(query.order_by(moves.c.id).limit(limit)).all()
        told = ((row.id, row.account, row.letter, row.label, row.kind, row.origin, row.target, row.at) for row in rows)
        return [Move(*each) for each in told]

    def newest_move(self) -> int:
        """The number of the latest move; 0 when there is none."""
        with committed(self._engine) as c:
            return c.execute(select(func.max(moves.c.id))).scalar() or 0

    def census(self) -> Census:
        """How many letters and filings there are of each kind, everywhere."""
        with committed(self._engine) as c:
            by = (letters.c.account, letters.c.label, letters.c.stage)
            counted = c.execute(select(*by, func.count().label("n")).group_by(*by)).all()
            of = (letters.c.account, filings.c.kind, filings.c.step)
            filed = c.execute(select(*of, func.count().label("n")).select_from(filings.join(letters)).group_by(*of))
            steps: Counter[tuple[str, str, Step]] = Counter()
            for row in filed:
                steps[row.account, row.kind.partition(":")[0], Step(row.step)] += row.n
            return Census({(row.account, row.label or "", Stage(row.stage)): row.n for row in counted}, steps)

    def reading(self, key: str) -> Reading | None:
        """What was understood of the letter, if it was."""
        with committed(self._engine) as c:
            plain = c.execute(select(letters.c.reading).where(letters.c.key == key)).scalar_one_or_none()
            return wire.loads(Reading, plain.encode()) if plain else None

    def judged(self, count: int) -> list[Judgement]:
        """The latest letters that were understood, at most `count`, oldest first."""
        with committed(self._engine) as c:
            query = select(letters).where(letters.c.reading.is_not(None)).order_by(letters.c.first_seen_at.desc())
            rows = c.execute(query.limit(count)).all()
        told = ((row, wire.loads(Reading, row.reading.encode())) for row in reversed(rows))
        return [Judgement(row.key, row.account, row.first_seen_at, reading.verdict) for row, reading in told]

    def location(self, key: str) -> Arrival | None:
        """Where the letter was last seen."""
        with committed(self._engine) as c:
            row = c.execute(select(locations).where(locations.c.letter == key)).first()
            return _arrival(row) if row else None

    # --- inside a transaction ---

    def _locate(self, c: Connection, key: str, account: str, arrival: Arrival) -> None:
        place = {"account": account, "folder": arrival.folder, "uidvalidity": arrival.uidvalidity, "uid": arrival.uid}
        if c.execute(_PLACE, place).first() is None:
            c.execute(_LOCATE, {**place, "letter": key, "envelope": arrival.envelope, "size": arrival.size})

    def _stage(self, c: Connection, key: str) -> Stage:
        found = c.execute(select(letters.c.stage).where(letters.c.key == key)).scalar_one_or_none()
        if found is None:
            raise KeyError(key)
        return Stage(found)

    def _move_letter(self, c: Connection, key: str, target: Stage, why: str | None, **values: object) -> None:
        origin = self._stage(c, key)
        if target not in STAGES[origin]:
            raise StoreError(f"letter {key[:8]} cannot go from {origin} to {target}")
        c.execute(update(letters).where(letters.c.key == key).values(stage=target, moved_at=self._now(), **values))
        self._note(c, key, None, origin, target, why)

    def _step(self, filing: Filing, target: Step, why: str | None, **changes: object) -> Filing:
        with committed(self._engine) as c:
            where = (filings.c.letter == filing.letter, filings.c.kind == filing.kind)
            origin = Step(c.execute(select(filings.c.step).where(*where)).scalar_one())
            if target not in STEPS[origin]:
                raise StoreError(f"filing {filing.letter[:8]} {filing.kind} cannot go from {origin} to {target}")
            changed = replace(filing, step=target, why=why, **changes)  # type: ignore[arg-type]  # names are the fields'
            moved = c.execute(update(filings).where(*where, filings.c.step == origin).values(**_filing_values(changed)))
            if not moved.rowcount:  # PostgreSQL: another program was quicker, and it alone may append
                raise StoreError(f"filing {filing.letter[:8]} {filing.kind} is in another program's hands")
            self._note(c, filing.letter, filing.kind, origin, target, why)
            if self._stage(c, filing.letter) is Stage.PLANNED and not self._open_filings(c, filing.letter):
                self._move_letter(c, filing.letter, Stage.SETTLED, None)
            return changed

    def _open_filings(self, c: Connection, key: str) -> bool:
        return (
            c.execute(select(filings.c.kind).where(filings.c.letter == key, filings.c.step.in_(OPEN))).first()
            is not None
        )

    def _note(self, c: Connection, key: str, kind: str | None, origin: str, target: str, why: str | None) -> None:
        c.execute(insert(moves).values(letter=key, kind=kind, origin=origin, target=target, at=self._now(), why=why))

    def _entry(self, c: Connection, key: str) -> Entry:
        row = c.execute(select(letters).where(letters.c.key == key)).one()
        rows = c.execute(select(filings).where(filings.c.letter == key).order_by(filings.c.planned_at, filings.c.kind))
        return Entry(
            key=key,
            account=row.account,
            stage=Stage(row.stage),
            attempts=row.attempts,
            label=row.label,
            silence=row.silence,
            filings=tuple(_filing(r) for r in rows),
            last_error=row.last_error,
        )


def _understood(reading: Reading) -> dict[str, object]:
    return {
        "label": reading.verdict.label,
        "silence": reading.silence,
        "reading": wire.dumps(_kept(reading)).decode(),
        "last_error": None,
    }


def _kept(reading: Reading) -> Reading:
    """The reading without the draft's words: these lie in its filing, and quote the letter, which is not kept twice."""
    if reading.verdict.label == OTHER:
        return _without_persons(reading)
    return replace(reading, reply=replace(reading.reply, body="")) if reading.reply else reading


def _without_persons(reading: Reading) -> Reading:
    """Ordinary mail is none of our business: of it the verdict is kept, and nobody's name, address or subject."""
    nobody = Head(reading.head.digest, None, (), (), None, None, (), "")
    trust = Trust(reading.trust.verdict, ())
    return replace(reading, head=nobody, trust=trust, forwarded=None, defects=(), unread=())


def _filing_values(filing: Filing) -> dict[str, object]:
    return {
        "letter": filing.letter,
        "kind": filing.kind,
        "message_id": filing.message_id,
        "folder": filing.folder,
        "flags": " ".join(filing.flags),
        "raw": filing.raw,
        "step": filing.step,
        "fence_uidvalidity": filing.fence.uidvalidity if filing.fence else None,
        "fence_uidnext": filing.fence.uidnext if filing.fence else None,
        "intended_at": filing.intended_at,
        "why": filing.why,
    }


def _arrival(row: Row[tuple[object, ...]]) -> Arrival:
    return Arrival(row.folder, row.uidvalidity, row.uid, row.size, envelope=row.envelope)


def _filing(row: Row[tuple[object, ...]]) -> Filing:
    fence = None if row.fence_uidvalidity is None else Fence(row.fence_uidvalidity, row.fence_uidnext)
    return Filing(
        letter=row.letter,
        kind=row.kind,
        message_id=row.message_id,
        folder=row.folder,
        flags=tuple(row.flags.split()),
        raw=row.raw,
        step=Step(row.step),
        fence=fence,
        intended_at=row.intended_at,
        why=row.why,
    )
