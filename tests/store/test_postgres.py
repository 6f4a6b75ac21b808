"""The same promises on a real PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from inboxbot.errors import StoreError
from inboxbot.records import Fence, Stage, Step
from inboxbot.store.casebook import SqlCaseBook
from inboxbot.store.engine import open_store
from inboxbot.store.ledger import SqlLedger
from inboxbot.store.tables import metadata
from tests.contracts.casebook_contract import CaseBookContract
from tests.contracts.ledger_contract import ACCOUNT, LedgerContract, arrival, filing, reading
from tests.daemon.office import until

BLOCKED = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_store(url, Path(os.devnull))
    yield engine
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()


class TestPostgresLedger(LedgerContract):
    @pytest.fixture
    def ledger(self, engine: Engine) -> SqlLedger:
        return SqlLedger(engine)


class TestPostgresCaseBook(CaseBookContract):
    @pytest.fixture
    def ledger(self, engine: Engine) -> SqlLedger:
        return SqlLedger(engine)

    @pytest.fixture
    def book(self, engine: Engine) -> SqlCaseBook:
        return SqlCaseBook(engine)


def test_the_migrations_make_the_tables_that_the_program_uses(engine: Engine) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_what_status_and_events_are_made_of_is_counted_there_too(engine: Engine) -> None:
    ledger = SqlLedger(engine)
    ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1")])
    census = ledger.census()
    assert (census.letters_at(Stage.PLANNED), census.filings_at(Step.PLANNED)) == (1, 1)
    assert ledger.newest_move() > 0


def test_a_store_that_went_away_is_told_with_the_mend_and_found_again(engine: Engine, url: str) -> None:
    ledger = SqlLedger(engine)
    ledger.newest_move()
    with open_store(url, Path(os.devnull)).connect() as other:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = 'postgres'"
        other.execute(text(others))
    with pytest.raises(StoreError, match="start the database"):
        ledger.newest_move()
    ledger.newest_move()


def test_of_two_programs_that_would_file_the_same_draft_one_may(engine: Engine) -> None:
    ledger = SqlLedger(engine)
    ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1")])
    with ThreadPoolExecutor() as pool:
        with engine.begin() as other:
            other.execute(text("UPDATE filings SET step = 'intent' WHERE letter = 'k1'"))
            late = pool.submit(ledger.intend, filing("k1"), Fence(3, 9))
            with engine.connect() as watcher:
                until(lambda: watcher.execute(BLOCKED).scalar(), "the late one at the door")
        with pytest.raises(StoreError, match="another program's hands"):
            late.result(30)
