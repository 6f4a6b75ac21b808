"""The same promises on a real PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from inboxbot.errors import StoreError
from inboxbot.records import Stage, Step
from inboxbot.store.casebook import SqlCaseBook
from inboxbot.store.engine import open_store
from inboxbot.store.ledger import SqlLedger
from inboxbot.store.tables import metadata
from tests.contracts.casebook_contract import CaseBookContract
from tests.contracts.ledger_contract import ACCOUNT, LedgerContract, arrival, filing, reading
from tests.daemon.office import until
from tests.servers.imapservers import HERE


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and shutil.which("initdb") is None:
        pytest.skip("PostgreSQL is not installed")
    directory = Path(tempfile.mkdtemp(prefix="ib-"))  # short: unix sockets have 108 bytes
    directory.chmod(0o755)
    server = subprocess.Popen(
        [str(HERE / "start_postgres.sh"), str(directory / "s")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: (directory / "s" / "url").exists() or server.poll() is not None, "a database")
        url = (directory / "s" / "url").read_text().strip()
        until(lambda: _answers(url), "its first answer")
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
        shutil.rmtree(directory, ignore_errors=True)


def _answers(url: str) -> bool:
    with contextlib.suppress(StoreError):
        open_store(url, Path(os.devnull)).dispose()
        return True
    return False


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
