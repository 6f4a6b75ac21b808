"""Workers as a user starts them, on a real PostgreSQL and a real Dovecot; they are killed, and so is the database."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.main_job.service import Service, configured, environment, inboxbot, mails, until
from tests.servers.imapservers import Server
from tests.servers.postgres import Postgres

ROOT = Path(__file__).parents[2]
LETTER = (ROOT / "tests" / "main_job" / "copytrack.eml").read_bytes()


class Company:
    """A mailbox, a store that workers share, and the letters that came."""

    def __init__(self, home: Path, server: Server, user: str, database: Postgres) -> None:
        self.home, self.server, self.user, self.database = home, server, user, database
        self.config = configured(home, server, user, f'\n[store]\nurl = "{database.url}"\n')
        self.ids: list[str] = []
        with contextlib.closing(_Client(server, user)):
            pass

    def receive(self, count: int) -> None:
        """So many letters more."""
        for _ in range(count):
            name = uuid.uuid4().hex
            self.ids.append(name)
            self.server.deliver(self.user, LETTER.replace(b"20191230.AAAAAA", name.encode()))

    def answered(self) -> list[str]:
        """The letters that have a draft, one entry a draft."""
        return sorted(
            name for mail, _ in mails(self.server, self.user, "Drafts") for name in self.ids
            if name in str(mail["In-Reply-To"])
        )  # fmt: skip

    def has_answered_all_once(self) -> bool:
        return self.answered() == sorted(self.ids)

    @contextlib.contextmanager
    def working(self, verb: str = "worker", sign: str = "at work") -> Iterator[Service]:
        """One more process."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.fleet.hurried", verb, str(self.config)],
            env=environment(self.home) | {"PYTHONPATH": str(ROOT)}, cwd=self.home, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        service = Service(process)
        try:
            service.says(sign)
            yield service
        finally:
            with contextlib.suppress(subprocess.TimeoutExpired):
                service.stop()
            process.kill()


class _Client:
    """Opens the account once, so that its folders are there."""

    def __init__(self, server: Server, user: str) -> None:
        self._client = server.client(user)

    def close(self) -> None:
        self._client.logout()


@pytest.fixture
def company(tmp_path: Path, dovecot: Server, user: str, database: Postgres) -> Company:
    return Company(tmp_path, dovecot, user, database)


@pytest.mark.proof
def test_workers_share_the_mailboxes_and_each_letter_is_answered_once(company: Company) -> None:
    company.receive(3)
    with company.working() as one, company.working() as other:
        until(company.has_answered_all_once, "three drafts")
        company.receive(3)
        until(company.has_answered_all_once, "six drafts")
        assert (one.stop(), other.stop()) == (0, 0)
    assert company.has_answered_all_once()


def test_a_worker_that_is_killed_in_the_middle_of_a_letter_loses_nothing_and_files_nothing_twice(
    company: Company,
) -> None:
    company.receive(12)
    for seen in (1, 4):
        with company.working() as worker:
            until(lambda seen=seen: len(company.answered()) >= seen, "some drafts")
            worker.signal(signal.SIGKILL)
        assert len(company.answered()) < 12
    with company.working():
        until(company.has_answered_all_once, "every letter answered by another one")


def test_a_database_that_is_killed_under_a_worker_is_waited_for(company: Company) -> None:
    company.receive(6)
    with company.working() as worker:
        until(company.answered, "a first draft")
        company.database.stop(signal.SIGQUIT)
        worker.says("the store is away")
        company.receive(2)
        company.database.start()
        worker.says("the store is back")
        until(company.has_answered_all_once, "every letter answered, and none twice")
        assert sum("the store is away" in line for line in worker.lines) == 1
        assert not any("Traceback" in line for line in worker.lines)
        assert worker.stop() == 0


def test_a_database_that_is_killed_under_the_service_is_waited_for(company: Company) -> None:
    company.receive(6)
    with company.working("run", "watching") as service:
        until(company.answered, "a first draft")
        company.database.stop(signal.SIGQUIT)
        company.receive(2)
        service.says("the store is away")
        company.database.start()
        service.says("the store is back")
        until(company.has_answered_all_once, "every letter answered, and none twice")
        assert sum("the store is away" in line for line in service.lines) == 1
        assert not any("Traceback" in line for line in service.lines)
        assert service.stop() == 0


@pytest.mark.proof
def test_where_the_service_is_at_work_a_worker_keeps_away(company: Company) -> None:
    with company.working("run", "watching"), company.working() as worker:
        company.receive(1)
        worker.says("another inboxbot is at work here")
        until(company.has_answered_all_once, "the draft")


def test_without_a_postgresql_there_are_no_workers(company: Company) -> None:
    company.config.write_text(company.config.read_text().replace(company.database.url, "sqlite:///state.db"))
    done = inboxbot(company.home, "worker", "--config", str(company.config))
    assert done.returncode == 78
    assert done.stderr.count("\n") == 1
    assert "[store] url = postgresql+psycopg://" in done.stderr
