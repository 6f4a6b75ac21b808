from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from inboxbot.records import OTHER, Address, Arrival, Filing, Stage
from inboxbot.store.engine import open_store
from inboxbot.store.erase import erase
from inboxbot.store.ledger import SqlLedger
from tests.cases.readings import reading, verdict

ACCOUNT = "contact@imap.client.example"
CANARY = "canary-7Q2"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_store("sqlite:///state.db", tmp_path)


def filled(engine: Engine, sender: str, message_id: str, uid: int) -> str:
    """A letter that was drafted, with the canary in everything that is kept of it; returns its key."""
    ledger, key = SqlLedger(engine), f"{uid}" * 64
    about = reading()
    about = replace(
        about, head=replace(about.head, message_id=message_id, sender=Address(CANARY, sender), subject=CANARY)
    )
    raw = Filing(key, "draft:evidence", f"<{uid}@localhost.invalid>", "Drafts", ("\\Draft",), CANARY.encode())
    ledger.plan(ledger.open(key, ACCOUNT, Arrival("INBOX", 1, uid, 100)), about, [raw])
    return key


def on_disk(folder: Path, word: str) -> list[str]:
    return [path.name for path in folder.iterdir() if word.encode() in path.read_bytes()]


def test_a_person_leaves_nothing_behind_on_the_disk(engine: Engine, tmp_path: Path) -> None:
    filled(engine, "case@copytrack.com", "<a@copytrack.com>", 1)
    assert on_disk(tmp_path, CANARY)
    assert len(erase(engine, sender="CASE@copytrack.com")) == 1
    assert on_disk(tmp_path, CANARY) == []
    assert on_disk(tmp_path, "case@copytrack.com") == []


def test_one_letter_goes_and_the_others_stay(engine: Engine) -> None:
    gone = filled(engine, "case@copytrack.com", "<a@copytrack.com>", 1)
    kept = filled(engine, "case@copytrack.com", "<b@copytrack.com>", 2)
    assert erase(engine, message_id="<a@copytrack.com>") == [gone]
    ledger = SqlLedger(engine)
    assert ledger.reading(gone) is None
    assert ledger.reading(kept) is not None


def test_an_erased_letter_is_not_drafted_again(engine: Engine) -> None:
    key = filled(engine, "case@copytrack.com", "<a@copytrack.com>", 1)
    erase(engine, sender="case@copytrack.com")
    entry = SqlLedger(engine).open(key, ACCOUNT, Arrival("INBOX", 1, 1, 100))
    assert entry.stage is Stage.SILENT
    assert entry.filings == ()


def test_who_is_not_there_is_not_found(engine: Engine) -> None:
    filled(engine, "case@copytrack.com", "<a@copytrack.com>", 1)
    assert erase(engine, sender="nobody@client.example") == []


def test_of_ordinary_mail_nobodys_name_is_kept_at_all(engine: Engine, tmp_path: Path) -> None:
    ledger = SqlLedger(engine)
    about = reading(verdict=replace(verdict(), label=OTHER), reply=None, silence="other")
    about = replace(about, head=replace(about.head, sender=Address(CANARY, "friend@client.example"), subject=CANARY))
    ledger.silent(ledger.open("1" * 64, ACCOUNT, Arrival("INBOX", 1, 1, 100)), about)
    assert on_disk(tmp_path, CANARY) == []
    assert on_disk(tmp_path, "friend@client.example") == []
