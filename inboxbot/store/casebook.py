"""The case book in SQL. A case's own row is kept as people see it: every change writes its stage, status and deadline anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from inboxbot import wire
from inboxbot.cases.case import due, stage_of, status_of
from inboxbot.records import Answer, Case, CaseDraft, CaseLetter, Fate, Fence, Reading, Standing, Step
from inboxbot.store.engine import committed
from inboxbot.store.tables import answers, case_letters, cases, fates, filings, letters

_FILED = (Step.FILED.value, Step.UNCERTAIN.value)


class SqlCaseBook:
    """`ports.CaseBook` over SQLAlchemy; one may be shared by threads, every call is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def cases(self, account: str | None = None) -> list[Case]:
        with committed(self._engine) as c:
            query = select(cases.c.id).order_by(cases.c.opened_at, cases.c.id)
            if account is not None:
                query = query.where(cases.c.account == account)
            found = self._read(c, c.execute(query).scalars().all())
            shown = {row.id: row.status for row in c.execute(select(cases.c.id, cases.c.status))}
            self._sum_up(c, [case.id for case in found if status_of(case) != shown[case.id]])  # a draft was filed since
            return found

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
        for case in self._read(c, sorted(ids), empty=True):
            if case.letters:
                c.execute(update(cases).where(cases.c.id == case.id).values(**_row(case)))
            else:
                c.execute(delete(cases).where(cases.c.id == case.id))

    def _read(self, c: Connection, ids: Iterable[str], *, empty: bool = False) -> list[Case]:
        found = (self._case(c, row) for row in (c.execute(select(cases).where(cases.c.id == i)).one() for i in ids))
        return [case for case in found if case.letters or empty]

    def _case(self, c: Connection, row: Row[Any]) -> Case:
        own = select(case_letters).where(case_letters.c.case_id == row.id)
        held = c.execute(own.order_by(case_letters.c.sent_at, case_letters.c.seen_at, case_letters.c.letter)).all()
        keys = [each.letter for each in held]
        filed = (filings.c.letter.in_(keys), filings.c.kind.like("draft:%"), filings.c.step.in_(_FILED))
        seen = {(f.letter, f.kind): Fate(f.fate) for f in c.execute(select(fates).where(fates.c.letter.in_(keys)))}
        drafts = c.execute(select(filings).where(*filed).order_by(filings.c.planned_at, filings.c.kind)).all()
        sent = c.execute(select(answers).where(answers.c.letter.in_(keys)).order_by(answers.c.sent_at)).all()
        return Case(
            id=row.id,
            account=row.account,
            room=row.room,
            title=row.title,
            number=row.number,
            counterparty=row.counterparty,
            rights_holder=row.rights_holder,
            standing=Standing(row.standing),
            letters=tuple(_letter(each) for each in held),
            drafts=tuple(_draft(each, seen) for each in drafts),
            answers=tuple(Answer(**{each.name: getattr(row, each.name) for each in fields(Answer)}) for row in sent),
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
