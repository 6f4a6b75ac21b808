from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from inboxbot.errors import SetupError, StoreError
from inboxbot.records import Fence, Stage, Step
from inboxbot.store.engine import open_store
from inboxbot.store.ledger import SqlLedger
from tests.contracts.ledger_contract import ACCOUNT, LedgerContract, arrival, filing, reading
from tests.doubles.memory_ledger import MemoryLedger


class TestMemoryLedger(LedgerContract):
    @pytest.fixture
    def ledger(self) -> MemoryLedger:
        return MemoryLedger()


class TestSqliteLedger(LedgerContract):
    @pytest.fixture
    def ledger(self, tmp_path: Path) -> SqlLedger:
        return SqlLedger(open_store("sqlite:///state.db", tmp_path))

    def test_the_reading_comes_back_as_it_was(self, ledger: SqlLedger) -> None:
        ledger.silent(ledger.open("k1", ACCOUNT, arrival()), reading())
        assert ledger.reading("k1") == reading()

    def test_a_step_that_is_not_in_the_table_is_refused(self, ledger: SqlLedger) -> None:
        ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1")])
        ledger.filed(ledger.intend(filing("k1"), Fence(1, 1)))
        with pytest.raises(StoreError, match="cannot go from filed to intent"):
            ledger.intend(filing("k1"), Fence(1, 1))

    def test_retry_takes_a_letter_out_of_quarantine(self, ledger: SqlLedger) -> None:
        ledger.quarantine(ledger.open("k1", ACCOUNT, arrival()), "broken")
        entry = ledger.retry("k1")
        assert (entry.stage, entry.attempts, entry.last_error) == (Stage.SEEN, 0, None)


def test_the_store_keeps_its_promises_through_a_new_process(tmp_path: Path) -> None:
    first = SqlLedger(open_store("sqlite:///state.db", tmp_path))
    first.plan(first.open("k1", ACCOUNT, arrival()), reading(), [filing("k1")])
    first.intend(filing("k1"), Fence(3, 9))
    (entry,) = SqlLedger(open_store("sqlite:///state.db", tmp_path)).unfinished(ACCOUNT)
    assert entry.filings[0].step is Step.INTENT


def test_every_commit_is_flushed_to_the_disk(tmp_path: Path) -> None:
    with open_store("sqlite:///state.db", tmp_path).connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"


def test_the_store_file_is_its_owners_alone(tmp_path: Path) -> None:
    open_store("sqlite:///state.db", tmp_path / "state")
    assert (tmp_path / "state" / "state.db").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_an_older_program_refuses_a_newer_store(tmp_path: Path) -> None:
    engine = open_store("sqlite:///state.db", tmp_path)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="newer inboxbot"):
        open_store("sqlite:///state.db", tmp_path)


def test_an_unreachable_store_is_named(tmp_path: Path) -> None:
    (tmp_path / "state.db").mkdir()
    with pytest.raises(StoreError, match=r"state\.db cannot be opened"):
        open_store("sqlite:///state.db", tmp_path)


def test_the_migrations_make_the_tables_that_the_program_uses(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from inboxbot.store.tables import metadata

    with open_store("sqlite:///state.db", tmp_path).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
