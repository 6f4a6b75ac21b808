"""The case book in SQL. A case's own row is kept as people see it: every change writes its stage, status and deadline anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, Engine, Row, Select, delete, insert, select, update

from inboxbot import wire
from inboxbot.cases.case import FIRST, SECOND, due, plain_number, possible_ids, stage_of, status_of
from inboxbot.records import Answer, Case, CaseDraft, CaseLetter, Fate, Fence, Reading, Standing, Status, Step
from inboxbot.store.engine import committed
from inboxbot.store.tables import answers, case_letters, cases, fates, filings, letters

_FILED = (Step.FILED.value, Step.UNCERTAIN.value)
_AT_A_TIME = 500  # values in one IN list: databases limit them


class SqlCaseBook:
    """`ports.CaseBook` over SQLAlchemy; one may be shared by threads, every call is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def cases(self, account: str | None = None, *, closed: bool = True) -> list[Case]:
        with committed(self._engine) as c:
            query = select(cases).order_by(cases.c.opened_at, cases.c.id)
            if account is not None:
                query = query.where(cases.c.account == account)
            if not closed:
                query = query.where(cases.c.status != Status.CLOSED)
            rows = c.execute(query).all()
            found = self._whole(c, rows)
            shown = {row.id: row.status for row in rows}
            self._sum_up(c, [case.id for case in found if status_of(case) != shown[case.id]])  # a draft was filed since
            return found

    def near(self, account: str, room: str, letter: CaseLetter) -> list[Case]:
        held, of_case = case_letters.c.letter, select(case_letters.c.case_id)
        looks = [of_case.where(held == letter.key), select(cases.c.id).where(cases.c.id.in_(possible_ids(letter.key)))]
        if letter.thread:
            looks.append(of_case.where(case_letters.c.message_id.in_(letter.thread)))
            ours = ((table, table.c.message_id.in_(letter.thread)) for table in (filings, answers))
            looks.extend(of_case.join(table, table.c.letter == held).where(told) for table, told in ours)
        if number := plain_number(letter.number):
            same = (cases.c.account == account, cases.c.room == room, cases.c.plain_number == number)
            looks.append(select(cases.c.id).where(*same))
        if letter.stage == SECOND or letter.first_warning_on:
            looks.append(of_case.where(case_letters.c.stage == FIRST))
        with committed(self._engine) as c:
            ids = {name for look in looks for name in c.execute(look).scalars()}
            return [case for case in self._read(c, ids) if case.account == account]

    def keep(self, case: Case) -> None:
        keys = [letter.key for letter in case.letters]
        with committed(self._engine) as c:
            before = set(c.execute(select(case_letters.c.case_id).where(case_letters.c.letter.in_(keys))).scalars())
            c.execute(delete(case_letters).where(case_letters.c.letter.in_(keys) | (case_letters.c.case_id == case.id)))
            if c.execute(update(cases).where(cases.c.id == case.id).values(**_row(case))).rowcount == 0:
                c.execute(insert(cases).values(id=case.id, **_row(case)))
            for letter in case.letters:
                c.execute(insert(case_letters).values(case_id=case.id, **_letter_row(letter)))
            self._sum_up(c, before | {case.id})

    def leave(self, letter: str) -> None:
        with committed(self._engine) as c:
            left = c.execute(select(case_letters.c.case_id).where(case_letters.c.letter == letter)).scalar()
            if left is not None:
                c.execute(delete(case_letters).where(case_letters.c.letter == letter))
                self._sum_up(c, [left])

    def close(self, case: str, moment: datetime | None) -> None:
        with committed(self._engine) as c:
            c.execute(update(cases).where(cases.c.id == case).values(closed_at=moment))
            self._sum_up(c, [case])

    def observe(self, letter: str, kind: str, fate: Fate, moment: datetime) -> None:
        with committed(self._engine) as c:
            one = (fates.c.letter == letter, fates.c.kind == kind)
            if c.execute(update(fates).where(*one).values(fate=fate, at=moment)).rowcount == 0:
                c.execute(insert(fates).values(letter=letter, kind=kind, fate=fate, at=moment))
            self._sum_up(c, self._of(c, letter))

    def answer(self, answer: Answer) -> None:
        with committed(self._engine) as c:
            one = (answers.c.letter == answer.letter, answers.c.message_id == answer.message_id)
            values = {each.name: getattr(answer, each.name) for each in fields(Answer)}
            if c.execute(update(answers).where(*one).values(**values)).rowcount == 0:
                c.execute(insert(answers).values(**values))
            self._sum_up(c, self._of(c, answer.letter))

    def reading(self, letter: str) -> Reading | None:
        with committed(self._engine) as c:
            plain = c.execute(select(letters.c.reading).where(letters.c.key == letter)).scalar_one_or_none()
            return wire.loads(Reading, plain.encode()) if plain else None

    def told(self, account: str, kind: str) -> bool:
        with committed(self._engine) as c:
            query = select(filings.c.kind).join(letters).where(letters.c.account == account, filings.c.kind == kind)
            return c.execute(query.limit(1)).first() is not None

    # --- inside a transaction ---

    def _of(self, c: Connection, letter: str) -> list[str]:
        return list(c.execute(select(case_letters.c.case_id).where(case_letters.c.letter == letter)).scalars())

    def _sum_up(self, c: Connection, ids: Iterable[str]) -> None:
        """Write what a case has come to; one without letters is no more."""
        for case in self._read(c, ids, empty=True):
            if case.letters:
                c.execute(update(cases).where(cases.c.id == case.id).values(**_row(case)))
            else:
                c.execute(delete(cases).where(cases.c.id == case.id))

    def _read(self, c: Connection, ids: Iterable[str], *, empty: bool = False) -> list[Case]:
        query = select(cases).order_by(cases.c.opened_at, cases.c.id)
        return self._whole(c, list(_rows(c, query, cases.c.id, ids)), empty=empty)

    def _whole(self, c: Connection, rows: Sequence[Row[Any]], *, empty: bool = False) -> list[Case]:
        """Cases with all that belongs to them: as many queries for a thousand as for one."""
        own = select(case_letters).order_by(case_letters.c.sent_at, case_letters.c.seen_at, case_letters.c.letter)
        held = _by(_rows(c, own, case_letters.c.case_id, [row.id for row in rows]), "case_id")
        keys = [each.letter for letters_of in held.values() for each in letters_of]
        seen = {(f.letter, f.kind): Fate(f.fate) for f in _rows(c, select(fates), fates.c.letter, keys)}
        filed = select(*_OF_A_DRAFT).where(filings.c.kind.like("draft:%"), filings.c.step.in_(_FILED))
        drafts = _by(_rows(c, filed.order_by(filings.c.planned_at, filings.c.kind), filings.c.letter, keys), "letter")
        sent = _by(_rows(c, select(answers).order_by(answers.c.sent_at), answers.c.letter, keys), "letter")
        return [_case(row, held[row.id], drafts, sent, seen) for row in rows if held[row.id] or empty]


_OF_A_DRAFT = [each for each in filings.c if each.name not in ("raw", "flags")]  # a draft's bytes are not asked for


def _rows(c: Connection, query: Select[Any], column: Column[Any], values: Iterable[str]) -> Iterator[Row[Any]]:
    """What the query finds for these values of the column."""
    wanted = sorted(set(values))
    for start in range(0, len(wanted), _AT_A_TIME):
        yield from c.execute(query.where(column.in_(wanted[start : start + _AT_A_TIME])))


def _by(rows: Iterable[Row[Any]], name: str) -> defaultdict[str, list[Row[Any]]]:
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _case(
    row: Row[Any],
    held: Sequence[Row[Any]],
    drafts: defaultdict[str, list[Row[Any]]],
    sent: defaultdict[str, list[Row[Any]]],
    seen: dict[tuple[str, str], Fate],
) -> Case:
    filed = sorted((f for each in held for f in drafts[each.letter]), key=lambda f: (f.planned_at, f.kind))
    answered = sorted((a for each in held for a in sent[each.letter]), key=lambda a: a.sent_at)
    return Case(
        id=row.id,
        account=row.account,
        room=row.room,
        title=row.title,
        number=row.number,
        counterparty=row.counterparty,
        rights_holder=row.rights_holder,
        standing=Standing(row.standing),
        letters=tuple(map(_letter, held)),
        drafts=tuple(_draft(each, seen) for each in filed),
        answers=tuple(Answer(**{each.name: getattr(a, each.name) for each in fields(Answer)}) for a in answered),
        closed_at=row.closed_at,
    )


def _row(case: Case) -> dict[str, object]:
    asked = due(case)
    newest = next((letter for letter in reversed(case.letters) if letter.amount is not None), None)
    return {
        "account": case.account,
        "room": case.room,
        "title": case.title,
        "number": case.number,
        "plain_number": plain_number(case.number) or None,
        "counterparty": case.counterparty,
        "rights_holder": case.rights_holder,
        "standing": case.standing,
        "stage": stage_of(case),
        "status": status_of(case),
        "opened_at": case.letters[0].sent_at,
        "deadline": asked.deadline if asked else None,
        "deadline_rolled": asked.deadline_rolled if asked else None,
        "amount": str(newest.amount) if newest else None,
        "currency": newest.currency if newest else None,
        "closed_at": case.closed_at,
    }


def _letter_row(letter: CaseLetter) -> dict[str, object]:
    values = {each.name: getattr(letter, each.name) for each in fields(CaseLetter) if each.name != "key"}
    amount = None if letter.amount is None else str(letter.amount)
    return {**values, "letter": letter.key, "thread": " ".join(letter.thread), "amount": amount}


def _letter(row: Row[Any]) -> CaseLetter:
    values = {each.name: getattr(row, each.name) for each in fields(CaseLetter) if each.name != "key"}
    amount = None if row.amount is None else Decimal(row.amount)
    return replace(CaseLetter(key=row.letter, **values), thread=tuple(row.thread.split()), amount=amount)


def _draft(row: Row[Any], seen: dict[tuple[str, str], Fate]) -> CaseDraft:
    fence = None if row.fence_uidvalidity is None else Fence(row.fence_uidvalidity, row.fence_uidnext)
    fate = seen.get((row.letter, row.kind), Fate.WAITING)
    return CaseDraft(row.letter, row.kind, row.message_id, row.folder, fence, row.intended_at, fate)
