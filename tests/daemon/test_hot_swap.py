"""A promoted model is taken up between two letters; a letter in flight keeps the decision that its row holds."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from inboxbot.errors import MailboxError
from inboxbot.model import shelf
from inboxbot.reader.process import Furniture, ReaderProcess
from inboxbot.records import Brief
from inboxbot.store.engine import open_store
from inboxbot.store.ledger import SqlLedger
from tests.contracts.mailbox_contract import mail as contract_mail
from tests.daemon.office import until
from tests.daemon.test_gestures import House, broken
from tests.doubles.memory_mailbox import MemoryMailbox
from tests.letter.mails import mail
from tests.main_job.service import configured, mails, running
from tests.main_job.test_main_job import LETTER
from tests.model.test_keeping import put
from tests.servers.imapservers import Server

PAY = mail("Copytrack: please pay now")


def judged_by(reader: ReaderProcess) -> str:
    return reader.read(PAY, Brief()).verdict.model


def test_the_next_letter_is_judged_by_the_model_that_was_promoted(tmp_path: Path) -> None:
    first, second = (put(tmp_path, number) for number in (1, 2))
    shelf.promote(tmp_path, first)
    reader = ReaderProcess(Furniture(models_dir=str(tmp_path), ocr=False))
    try:
        assert judged_by(reader) == first
        shelf.promote(tmp_path, second)
        assert judged_by(reader) == second
        shelf.rollback(tmp_path)
        assert judged_by(reader) == first
    finally:
        reader.close()


def test_a_letter_that_is_being_read_is_judged_by_the_model_it_began_with(tmp_path: Path) -> None:
    first, second = (put(tmp_path, number) for number in (1, 2))
    shelf.promote(tmp_path, first)
    reader = ReaderProcess(Furniture(models_dir=str(tmp_path), ocr=False))
    try:
        assert reader.ready.model == first
        child = reader._child
        assert child is not None
        os.kill(child.pid, signal.SIGSTOP)
        told: list[str] = []
        thread = threading.Thread(target=lambda: told.append(judged_by(reader)), daemon=True)
        thread.start()
        until(reader._turn.locked, "the letter to be in hand")
        shelf.promote(tmp_path, second)
        os.kill(child.pid, signal.SIGCONT)
        thread.join(60)
        assert told == [first]
        assert judged_by(reader) == second
    finally:
        reader.close()


def test_a_letter_that_was_decided_is_filed_as_it_was_decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(tmp_path)
    house.server.deliver(contract_mail("a", Subject="Case a"))
    with monkeypatch.context() as patch:
        patch.setattr(MemoryMailbox, "append", broken)
        with pytest.raises(MailboxError):
            house.sweep()
    house.reader.read = read_again  # type: ignore[method-assign, assignment]
    house.later(minutes=30)
    assert house.drafts() == ["a"]


def read_again(*_: object) -> None:
    raise AssertionError("a letter that was decided is read again")


def test_the_running_service_takes_it_up(dovecot: Server, user: str, tmp_path: Path) -> None:
    models, ledger = tmp_path / "state" / "models", SqlLedger(open_store("sqlite:///state.db", tmp_path / "state"))
    with running(tmp_path, configured(tmp_path, dovecot, user)):
        dovecot.deliver(user, LETTER)
        until(lambda: mails(dovecot, user, "Drafts"), "a draft by the packaged model")
        version = put(models, 1)
        shelf.promote(models, version)
        dovecot.deliver(user, LETTER.replace(b"AAAAAA", b"BBBBBB"))
        until(lambda: len(models_used(ledger)) == 2, "a second letter to be judged")
    packaged = shelf.current(shelf.packaged_shelf())
    assert models_used(ledger) == [packaged, version]


def models_used(ledger: SqlLedger) -> list[str]:
    """The model that each letter was judged by, in their order."""
    readings = [ledger.reading(move.letter) for move in ledger.moves(after=0, limit=100)]
    return list(dict.fromkeys(reading.verdict.model for reading in readings if reading))
