from __future__ import annotations

import socket
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from inboxbot.daemon.metrics import Metrics
from inboxbot.errors import SetupError, StoreError
from inboxbot.records import Census
from inboxbot.store.engine import open_store
from inboxbot.store.ledger import SqlLedger
from tests.contracts.ledger_contract import ACCOUNT, arrival, filing, reading
from tests.daemon.test_status import OFFICE, service


def figures(text: str) -> dict[tuple[str, ...], float]:
    """Name and label values, in the order of the labels' names → figure."""
    families = text_string_to_metric_families(text)
    return {
        (each.name, *(value for _, value in sorted(each.labels.items()))): each.value
        for family in families
        for each in family.samples
    }


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def test_a_scrape_tells_of_accounts_and_ledger_and_of_no_person(tmp_path: Path) -> None:
    ledger = SqlLedger(open_store("sqlite:///state.db", tmp_path))
    ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1")])
    ledger.quarantine(ledger.open("k2", ACCOUNT, arrival(uid=2)), "unreadable")
    metrics = Metrics(ledger.census, lambda: "2026-11-22")
    metrics.listen("127.0.0.1", port := free_port())
    metrics(service(OFFICE))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    told = figures(text)
    assert told["inboxbot_account_state", "office", "watching"] == 1
    assert told["inboxbot_account_state", "office", "resting"] == 0
    assert told["inboxbot_letters", "office", "copytrack", "planned"] == 1
    assert told["inboxbot_letters", "office", "none", "quarantined"] == 1
    assert told["inboxbot_filings", "office", "draft", "planned"] == 1
    assert told["inboxbot_last_success_timestamp_seconds", "office"] == OFFICE.succeeded_at.timestamp()
    assert told["inboxbot_info", "2026-11-22", "0.1.0"] == 1
    assert "@" not in text
    assert len(told) < 30


def test_the_textfile_is_whole_and_follows_the_status(tmp_path: Path) -> None:
    path = tmp_path / "inboxbot.prom"
    metrics = Metrics(lambda: Census({}, {}), lambda: None, path)
    metrics(service(OFFICE))
    metrics(service(replace(OFFICE, state="resting")))
    assert figures(path.read_text())["inboxbot_account_state", "office", "resting"] == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_directory_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    metrics = Metrics(lambda: Census({}, {}), lambda: None, tmp_path / "nowhere" / "inboxbot.prom")
    with capture_logs() as logs:
        metrics(service(OFFICE))
        metrics(service(OFFICE))
    assert [line["event"] for line in logs] == ["metrics cannot be written"]


def test_without_the_store_the_accounts_are_told_all_the_same(tmp_path: Path) -> None:
    def broken() -> Census:
        raise StoreError("the disk is gone")

    path = tmp_path / "inboxbot.prom"
    Metrics(broken, lambda: None, path)(service(OFFICE))
    assert figures(path.read_text())["inboxbot_account_state", "office", "watching"] == 1


def test_a_port_that_is_taken_is_told_with_the_mend() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SetupError, match="give another port"):
        Metrics(lambda: Census({}, {}), lambda: None).listen("127.0.0.1", taken.getsockname()[1])
