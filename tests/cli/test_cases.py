"""`inboxbot cases` over a store that holds a few cases, as a user types it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from icalendar import Calendar

from inboxbot.cli.main import run
from inboxbot.records import Standing
from inboxbot.store.casebook import SqlCaseBook
from inboxbot.store.engine import open_store
from inboxbot.store.ledger import SqlLedger
from tests.contracts.casebook_contract import case, letter
from tests.contracts.ledger_contract import arrival

ACCOUNT = "contact@client.example@localhost"
CONFIG = """\
[identity]
language = "en"
[[account]]
name = "office"
host = "localhost"
port = 9
security = "none"
user = "contact@client.example"
password_env = "NOBODY"
"""
TODAY = datetime.now().astimezone().date()
NOW = datetime.now(UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    monkeypatch.setenv("NOBODY", "x")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inboxbot.toml").write_text(CONFIG)
    engine = open_store("sqlite:///state.db", tmp_path / "state")
    ledger, book = SqlLedger(engine), SqlCaseBook(engine)
    for number, key in enumerate(("aa11", "bb22", "cc33"), 1):
        ledger.open(key, ACCOUNT, arrival(uid=number))

    def sent(key: str, **more: object):
        return letter(key, sent_at=NOW, seen_at=NOW, **more)

    late = sent(
        "aa11", deadline=TODAY - timedelta(days=2), deadline_quote="within 12 days", amount=Decimal(350), currency="EUR"
    )
    soon = sent("bb22", deadline=TODAY + timedelta(days=2), deadline_rolled=TODAY + timedelta(days=4))
    book.keep(case(soon, account=ACCOUNT, number="B2", name="bb22"))
    book.keep(case(late, account=ACCOUNT, number="K7 Q2", name="aa11"))
    book.keep(case(sent("cc33"), account=ACCOUNT, number="C3", name="cc33", title="\x1b[31m[bold]x"))
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(["cases", *arguments]) == code
    return capsys.readouterr().out


def test_the_list_puts_what_is_past_and_near_first(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys).splitlines()
    assert [next(word for word in ("aa11", "bb22", "cc33") if word in line) for line in lines[1:]] == [
        "aa11",
        "bb22",
        "cc33",
    ]
    assert "PASSED 2 days ago" in lines[1]
    assert "€350" in lines[1]
    assert "in 2 days" in lines[2]


def test_a_name_from_a_letter_cannot_paint_the_terminal(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b[31m" not in told(capsys)


def test_the_list_as_json_and_csv(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = json.loads(told(capsys, "list", "--json"))[0]
    assert (first["id"], first["days_left"], first["amount"], first["status"]) == ("aa11", -2, "350", "new")
    rows = list(csv.DictReader(io.StringIO(told(capsys, "list", "--csv"))))
    assert [row["id"] for row in rows] == ["aa11", "bb22", "cc33"]
    assert rows[0]["deadline"] == (TODAY - timedelta(days=2)).isoformat()


def test_one_case_shows_its_deadline_and_the_words_it_was_counted_from(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = told(capsys, "show", "k7q2")
    assert f"  by       {TODAY - timedelta(days=2)} (PASSED 2 days ago)" in out
    assert "counted from: “within 12 days”" in out
    assert "no law sets it" in out
    assert "  asked    €350" in out
    assert f"next working day: {TODAY + timedelta(days=4)}" in told(capsys, "show", "bb")
    assert json.loads(told(capsys, "show", "bb22", "--json"))["case_number"] == "B2"


def test_an_imitation_stands_below_what_waits_and_says_what_it_is(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = SqlCaseBook(open_store("sqlite:///state.db", home / "state"))
    bb = next(each for each in book.cases() if each.id == "bb22")
    book.keep(replace(bb, standing=Standing.SUSPECT))
    lines = told(capsys).splitlines()
    assert "bb22" in lines[-1]
    assert "SUSPECT: do not answer" in lines[-1]
    assert list(csv.DictReader(io.StringIO(told(capsys, "list", "--csv"))))[-1]["trust"] == "suspect"


def test_no_word_of_a_letter_becomes_a_formula_in_a_spreadsheet(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = SqlCaseBook(open_store("sqlite:///state.db", home / "state"))
    for each in book.cases():
        book.keep(replace(each, number="=HYPERLINK(1)", rights_holder="\t@SUM(A1)\x1b"))
    rows = list(csv.DictReader(io.StringIO(told(capsys, "list", "--csv"))))
    assert {row["case_number"] for row in rows} == {"'=HYPERLINK(1)"}
    assert {row["rights_holder"] for row in rows} == {"'@SUM(A1)"}


@pytest.mark.parametrize("name", ["", "nope", "\x1b[31m"])
def test_a_name_that_no_case_bears_shows_none(home: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run(["cases", "show", name]) == 1
    err = capsys.readouterr().err
    assert "no such case" in err
    assert "\x1b" not in err


def test_accounts_are_named_where_there_are_several(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ACCOUNT not in told(capsys)
    engine = open_store("sqlite:///state.db", home / "state")
    SqlLedger(engine).open("dd44", "other@imap.client.example", arrival())
    SqlCaseBook(engine).keep(case(letter("dd44"), account="other@imap.client.example"))
    assert {ACCOUNT, "other@imap.client.example"} <= set(told(capsys).split())


def test_a_case_that_is_not_there_is_said_in_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cases", "show", "nope"]) == 1
    assert capsys.readouterr().err == "inboxbot: nope: no such case: see `inboxbot cases list --all`\n"


def test_a_closed_case_leaves_the_list_and_can_be_opened_again(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "close", "aa11")
    assert [case["id"] for case in json.loads(told(capsys, "list", "--json"))] == ["bb22", "cc33"]
    assert [case["status"] for case in json.loads(told(capsys, "list", "--json", "--all"))][-1] == "closed"
    told(capsys, "close", "aa11", "--reopen")
    assert len(json.loads(told(capsys, "list", "--json"))) == 3


def test_the_calendar_holds_the_open_deadlines(home: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["cases", "ics"]) == 0
    events = Calendar.from_ical(capsysbinary.readouterr().out).walk("VEVENT")
    assert [event["dtstart"].dt for event in events] == [TODAY - timedelta(days=2), TODAY + timedelta(days=2)]


def test_a_folder_for_the_lawyer_needs_the_mailbox(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cases", "export", "aa11"]) == 75
    err = capsys.readouterr().err
    assert err.startswith("inboxbot: ")
    assert "Traceback" not in err
    assert not list(home.glob("*.zip"))


def test_an_empty_book_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inboxbot.toml").write_text(CONFIG)
    assert "no open case" in told(capsys)
