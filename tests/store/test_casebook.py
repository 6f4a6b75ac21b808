from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event, text

from inboxbot.records import Fence
from inboxbot.store.casebook import SqlCaseBook
from inboxbot.store.engine import open_store
from inboxbot.store.ledger import SqlLedger
from tests.contracts.casebook_contract import ANSWER, CaseBookContract, case, letter
from tests.contracts.ledger_contract import ACCOUNT, NOON, arrival, filing, reading
from tests.doubles.memory_casebook import MemoryCaseBook
from tests.doubles.memory_ledger import MemoryLedger
from tests.store.earlier import store_of


class TestMemoryCaseBook(CaseBookContract):
    @pytest.fixture
    def ledger(self) -> MemoryLedger:
        return MemoryLedger()

    @pytest.fixture
    def book(self, ledger: MemoryLedger) -> MemoryCaseBook:
        return MemoryCaseBook(ledger)


class TestSqliteCaseBook(CaseBookContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> Engine:
        return open_store("sqlite:///state.db", tmp_path)

    @pytest.fixture
    def ledger(self, engine: Engine) -> SqlLedger:
        return SqlLedger(engine)

    @pytest.fixture
    def book(self, engine: Engine) -> SqlCaseBook:
        return SqlCaseBook(engine)

    def test_the_row_of_a_case_tells_where_it_stands(self, engine: Engine, book: SqlCaseBook) -> None:
        def row() -> tuple[object, ...]:
            with engine.connect() as c:
                return tuple(c.execute(text("SELECT stage, status, deadline, amount FROM cases")).one())

        book.keep(case(letter("k1", deadline=date(2026, 3, 14))))
        assert row() == ("notice", "new", "2026-03-14", None)
        book.answer(ANSWER)
        assert row()[1] == "answered"
        book.keep(case(*book.cases()[0].letters, letter("k2", 9, stage="reminder"), name="k1"))
        assert row()[:2] == ("reminder", "reminded")
        book.close("k1", NOON + timedelta(days=20))
        assert row()[1:3] == ("closed", None)

    def test_the_row_follows_a_draft_that_was_filed(self, engine: Engine, ledger: SqlLedger, book: SqlCaseBook) -> None:
        book.keep(case(letter("k1")))
        ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1")])
        ledger.filed(ledger.intend(filing("k1"), Fence(3, 9)))
        book.cases()
        with engine.connect() as c:
            assert c.execute(text("SELECT status FROM cases")).scalar() == "drafted"

    def test_a_letter_that_is_erased_leaves_no_trace_in_the_book(self, engine: Engine, book: SqlCaseBook) -> None:
        book.keep(case(letter("k1")))
        book.answer(ANSWER)
        with engine.begin() as c:
            c.execute(text("DELETE FROM letters WHERE key = 'k1'"))
            assert c.execute(text("SELECT count(*) FROM case_letters")).scalar() == 0
            assert c.execute(text("SELECT count(*) FROM answers")).scalar() == 0
        assert book.cases() == []


def test_a_store_of_an_earlier_release_is_migrated_forward(tmp_path: Path) -> None:
    SqlLedger(store_of(tmp_path, "0002")).open("k1", ACCOUNT, arrival())
    book = SqlCaseBook(open_store("sqlite:///state.db", tmp_path))
    book.keep(case(letter("k1")))
    assert [kept.id for kept in book.cases()] == ["k1"]
    backup = tmp_path / "state.db.0002.backup"
    assert backup.stat().st_mode & 0o777 == 0o600
    assert SqlLedger(create_engine(f"sqlite:///{backup}")).entry("k1") is not None


def test_a_case_of_an_earlier_release_is_found_by_its_number(tmp_path: Path) -> None:
    old = store_of(tmp_path, "0003")
    SqlLedger(old).open("k1", ACCOUNT, arrival())
    with old.begin() as c:
        c.execute(
            text(
                "INSERT INTO cases (id, account, room, title, number, counterparty, standing, status, opened_at) VALUES "
                f"('k1', '{ACCOUNT}', 'copytrack', 'Copytrack', 'k7-Q2 xb', 'copytrack.com', 'unverified', 'new', '2026-03-01')"
            )
        )
        c.execute(
            text(
                "INSERT INTO case_letters (letter, case_id, sent_at, seen_at, sender, subject, thread, deadline_quote) "
                "VALUES ('k1', 'k1', '2026-03-01', '2026-03-01', 'case@copytrack.com', '', '', '')"
            )
        )
    book = SqlCaseBook(open_store("sqlite:///state.db", tmp_path))
    assert [kept.id for kept in book.near(ACCOUNT, "copytrack", letter("k2", number="K7Q2XB"))] == ["k1"]


def test_looking_for_the_case_of_a_letter_takes_no_longer_among_many(tmp_path: Path) -> None:
    engine = open_store("sqlite:///state.db", tmp_path)
    ledger, book = SqlLedger(engine), SqlCaseBook(engine)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement))

    def statements(action: Callable[[], object]) -> int:
        asked.clear()
        action()
        return len(asked)

    def look() -> int:
        return statements(
            lambda: book.near(ACCOUNT, "copytrack", letter("new", number="N0", thread=("<x@y.example>",)))
        )

    def keep(number: int) -> None:
        ledger.open(f"k{number}", ACCOUNT, arrival(uid=number))
        book.keep(case(letter(f"k{number}"), number=f"N{number}"))

    keep(0)
    few, whole = look(), statements(book.cases)
    for number in range(1, 40):
        keep(number)
    assert (look(), statements(book.cases)) == (few, whole)
    assert len(book.near(ACCOUNT, "copytrack", letter("new", number="N0"))) == 1
