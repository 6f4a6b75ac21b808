from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from inboxbot import wire
from inboxbot.cases.book import Clerk
from inboxbot.records import OTHER, Address, Arrival, Facts, Filing, Gesture, Stage, Step
from inboxbot.store.casebook import SqlCaseBook
from inboxbot.store.engine import committed, open_store
from inboxbot.store.erase import erase, expire
from inboxbot.store.gestures import SqlGestures
from inboxbot.store.ledger import SqlLedger
from inboxbot.store.tables import filings, letters, locations
from tests.cases.readings import NOW, reading, verdict
from tests.doubles.desk import Clock

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


def test_an_erased_letter_in_a_label_folder_is_not_taken_for_newly_labelled(engine: Engine) -> None:
    key, gestures = filled(engine, "case@copytrack.com", "<a@copytrack.com>", 1), SqlGestures(engine)
    lies = Gesture(ACCOUNT, "Label/Copytrack", "Label/Copytrack", 1, 7, key, "label", "copytrack", NOW)
    gestures.note(lies)
    erase(engine, sender="case@copytrack.com")
    assert gestures.presence(ACCOUNT, "Label/Copytrack", 1, frozenset({7}), NOW) == frozenset()
    assert gestures.waiting(ACCOUNT) == gestures.every() == []


@pytest.mark.parametrize("odd", ["<Ünï@copytrack.com>", '<"a\\"b"@copytrack.com>', "<100%_sure@copytrack.com>"])
def test_a_letter_is_found_by_the_oddest_message_id(engine: Engine, odd: str) -> None:
    filled(engine, "case@copytrack.com", "<100xxsure@copytrack.com>", 1)
    assert erase(engine, message_id=odd) == []
    key = filled(engine, "case@copytrack.com", odd, 2)
    assert erase(engine, message_id=odd) == [key]


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


# --- after its time ---------------------------------------------------------------------------------------------------


def kept_since(engine: Engine, uid: int, days: float, **about: object) -> str:
    """A letter that came so many days ago and is a case; returns its key."""
    clock = Clock(NOW - timedelta(days=days))
    ledger, key = SqlLedger(engine, clock), f"{uid}" * 64
    head = replace(reading().head, message_id=f"<{uid}@copytrack.com>", references=())
    told = reading(head=head, **about)
    entry = ledger.open(key, ACCOUNT, Arrival("INBOX", 1, uid, 100))
    raw = Filing(key, "draft:evidence", f"<{uid}@localhost.invalid>", "Drafts", (), CANARY.encode(), Step.FILED)
    ledger.plan(entry, told, [raw])
    Clerk(SqlCaseBook(engine), ACCOUNT, clock)(key, told)
    return key


def test_what_is_older_than_one_wants_to_keep_is_forgotten(engine: Engine, tmp_path: Path) -> None:
    old, new = (
        kept_since(engine, 1, 400, facts=Facts(case_number="AAAA11")),
        kept_since(engine, 2, 10, facts=Facts(case_number="BBBB22")),
    )
    assert expire(engine, NOW - timedelta(days=365)) == [old]
    ledger = SqlLedger(engine)
    assert ledger.reading(old) is None
    assert ledger.reading(new) is not None
    assert [case.letters[0].key for case in SqlCaseBook(engine).cases()] == [new]
    assert ledger.open(old, ACCOUNT, Arrival("INBOX", 1, 1, 100)).stage is Stage.SILENT
    assert expire(engine, NOW - timedelta(days=365)) == []
    expire(engine, NOW)
    assert on_disk(tmp_path, CANARY) == []


def test_a_case_is_kept_whole_as_long_as_its_newest_letter(engine: Engine) -> None:
    facts = Facts(case_number="K7Q2XB")
    kept_since(engine, 1, 400, facts=facts)
    kept_since(engine, 2, 10, facts=facts)
    assert expire(engine, NOW - timedelta(days=365)) == []
    assert len(expire(engine, NOW)) == 2


def test_a_case_is_kept_until_its_deadline(engine: Engine) -> None:
    key = kept_since(engine, 1, 20, facts=Facts(deadline=(NOW + timedelta(days=5)).date()))
    assert expire(engine, NOW - timedelta(days=7)) == []
    assert expire(engine, NOW + timedelta(days=6)) == [key]


def test_a_letter_whose_draft_is_still_to_be_filed_stays(engine: Engine) -> None:
    filled(engine, "case@copytrack.com", "<a@copytrack.com>", 1)  # planned, not filed
    assert expire(engine, NOW + timedelta(days=9999)) == []


@pytest.mark.proof
def test_a_hundred_thousand_letters_are_erased_within_a_minute(engine: Engine) -> None:
    plain = wire.dumps(reading()).decode()
    keys = [f"{number:064d}" for number in range(100_000)]
    letter = {"account": ACCOUNT, "stage": "settled", "attempts": 1, "first_seen_at": NOW, "moved_at": NOW}
    draft = {"kind": "draft:evidence", "message_id": "<x@localhost.invalid>", "folder": "Drafts", "flags": ""}
    place = {"account": ACCOUNT, "folder": "INBOX", "uidvalidity": 1, "envelope": "e", "size": 1}
    with committed(engine) as c:
        c.execute(insert(letters), [{**letter, "key": key, "reading": plain} for key in keys])
        filed = {**draft, "raw": b"x" * 3000, "step": "filed", "planned_at": NOW}
        c.execute(insert(filings), [{**filed, "letter": key} for key in keys])
        c.execute(insert(locations), [{**place, "uid": n, "letter": key} for n, key in enumerate(keys, 1)])
    started = time.monotonic()
    assert len(erase(engine, sender="case@copytrack.com")) == 100_000
    assert time.monotonic() - started < 60  # promised: docs/security.md
