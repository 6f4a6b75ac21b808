"""The case book in a browser: what may be seen, and what may not."""

from __future__ import annotations

import asyncio
import builtins
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from inboxbot.cli.main import run
from inboxbot.cli.web import app
from inboxbot.records import Standing
from inboxbot.store.casebook import SqlCaseBook
from inboxbot.store.engine import open_store
from inboxbot.store.ledger import SqlLedger
from tests.cli.test_cases import CONFIG
from tests.contracts.casebook_contract import case, letter
from tests.contracts.ledger_contract import ACCOUNT, arrival


@pytest.fixture
def store(tmp_path: Path) -> Path:
    engine = open_store("sqlite:///state.db", tmp_path)
    SqlLedger(engine).open("k1", ACCOUNT, arrival())
    SqlCaseBook(engine).keep(case(letter("k1", deadline=date(2026, 3, 14), deadline_quote="within 12 days")))
    return tmp_path / "state.db"


def asked(store: Path, path: str, host: str = "127.0.0.1:8765", method: str = "GET") -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app(store))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.request(method, path)

    return asyncio.run(ask())


def test_the_dashboard_shows_the_open_cases(store: Path) -> None:
    (row,) = asked(store, "/state/open.json?_shape=array").json()
    assert (row["case number"], row["status"], row["by"]) == ("K7Q2XB", "new", "2026-03-14")
    assert asked(store, "/state/open").status_code == 200
    (row,) = asked(store, "/state/letters_of.json?_shape=array&case=k1").json()
    assert row["counted from"] == "within 12 days"
    assert asked(store, "/state/issuers.json?_shape=array").json()[0]["waiting"] == 1


def test_a_page_names_the_other_views_leads_to_a_cases_letters_and_offers_no_sql(store: Path) -> None:
    page = asked(store, "/state/open").text
    assert "Sums claimed, by issuer and currency" in page
    assert '<a href="/state/letters_of?case=k1">k1</a>' in page
    assert "SQL" not in page.partition("<body")[2].partition("<script")[0]
    assert "within 12 days" in asked(store, "/state/letters_of?case=k1").text


def test_sums_are_added_by_issuer_and_currency_and_an_imitations_are_not(store: Path) -> None:
    book = SqlCaseBook(open_store("sqlite:///state.db", store.parent))
    ledger = SqlLedger(open_store("sqlite:///state.db", store.parent))
    for number, (amount, currency, standing) in enumerate(
        [
            ("350.10", "EUR", "genuine"),
            ("0.20", "EUR", "genuine"),
            ("99.00", "CHF", "unverified"),
            ("500", "EUR", "suspect"),
        ]
    ):
        ledger.open(f"s{number}", ACCOUNT, arrival(uid=10 + number))
        one = letter(f"s{number}", amount=Decimal(amount), currency=currency)
        book.keep(case(one, name=f"s{number}", standing=Standing(standing)))
    rows = asked(store, "/state/sums.json?_shape=array").json()
    assert [(row["currency"], row["cases"], row["claimed"], row["still open"]) for row in rows] == [
        ("CHF", 1, "99.00", "99.00"),
        ("EUR", 2, "350.30", "350.30"),
    ]
    assert [row["case"] for row in asked(store, "/state/suspect.json?_shape=array").json()] == ["s3"]
    assert "s3" not in [row["case"] for row in asked(store, "/state/open.json?_shape=array").json()]


@pytest.mark.parametrize(
    "path",
    [
        "/state.json?sql=select+*+from+letters",
        "/state/letters/k1",
        "/state/filings",
        "/state/locations.json",
        "/state/moves.csv",
    ],
)
def test_nothing_else_of_the_store_can_be_read(store: Path, path: str) -> None:
    assert asked(store, path).status_code in (400, 403, 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(store: Path, method: str) -> None:
    assert asked(store, "/state/cases", method=method).status_code >= 400
    assert asked(store, "/state/open", method=method).status_code >= 400
    assert len(SqlCaseBook(open_store("sqlite:///state.db", store.parent)).cases()) == 1


def test_another_name_for_this_machine_is_refused(store: Path) -> None:
    assert asked(store, "/state/open.json", host="evil.example:8765").status_code == 421
    assert asked(store, "/state/open.json", host="localhost:8765").status_code == 200


def test_without_datasette_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inboxbot.toml").write_text(CONFIG)
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith(("datasette", "uvicorn")):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    assert run(["web"]) == 78
    assert (
        capsys.readouterr().err == "inboxbot: the case book in a browser needs Datasette: pip install 'inboxbot[web]'\n"
    )


def test_a_store_elsewhere_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inboxbot.toml").write_text(f'[store]\nurl = "postgresql+psycopg://db.example/x"\n{CONFIG}')
    assert run(["web"]) == 78
    assert "reads SQLite" in capsys.readouterr().err
