"""A lesson is told by a sheet in the mailboxes that it learned from, once, whoever gave it and whatever happens in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inboxbot.cases.filings import Writer
from inboxbot.daemon.bulletin import Bulletin
from inboxbot.errors import MailboxError
from inboxbot.learn.finding import Finding, Studied, last, remember
from inboxbot.letter.header import fields, first, split_head
from inboxbot.letter.identity import is_filing
from inboxbot.letter.parse import read_letter
from inboxbot.records import Brief, Identity
from inboxbot.store.casebook import SqlCaseBook
from inboxbot.store.engine import open_store
from inboxbot.store.erase import erase
from tests.daemon.test_gestures import LUNCH, House, broken
from tests.doubles.desk import desk
from tests.doubles.memory_mailbox import MemoryMailbox
from tests.main_job.service import configured, inboxbot, mails
from tests.main_job.test_main_job import LETTER
from tests.servers.imapservers import Server

SHEETS = "Inboxbot/Cases"


class Told(House):
    """The account of a user who wants lessons told."""

    def __init__(self, directory: Path, *, sheets: bool = True) -> None:
        super().__init__(directory)
        self.home = directory
        self.cases = SqlCaseBook(open_store("sqlite:///state.db", directory))
        self.server.create("Inboxbot/Label/Copytrack")
        if sheets:
            self.server.create(SHEETS)
        self.restarts()

    def restarts(self) -> None:
        self.bulletin = Bulletin(self.cases, self.ledger, self.book, self.writer, lambda: last(self.home / "models"))

    def writer(self, mailbox: MemoryMailbox) -> Writer:
        me = Identity("Claire Durand", "contact@client.example", language="fr")
        return Writer(me, "Drafts", mailbox.sheets_folder(), self.clock)

    def learns(self, version: str = "2026-03-04T03-30-00Z-aaaaaaaa", *, promoted: bool = True) -> None:
        against = () if promoted else ("it would miss 1 instead of 0 of held-out letters",)
        finding = Finding(version, promoted, "Why.", ((self.key(LUNCH), "copytrack", "other"),), (), {}, against)
        remember(self.home / "models", Studied("d", finding, self.clock(), frozenset(), promoted))

    def turns(self) -> None:
        mailbox = self.server.open()
        self.bulletin(mailbox, desk(sheets=mailbox.sheets_folder(), now=self.clock, brief=Brief()))

    def sheets(self) -> list[str]:
        raws = [each.raw for each in self.server.boxes[SHEETS].mails.values()]
        return [read_letter(raw).head.subject for raw in raws]


@pytest.fixture
def house(tmp_path: Path) -> Told:
    house = Told(tmp_path)
    house.server.deliver(LUNCH, "Inboxbot/Label/Copytrack")
    house.sweep()
    return house


def test_a_lesson_is_told_once(house: Told) -> None:
    house.turns()
    assert house.sheets() == []
    house.learns()
    for _ in range(3):
        house.turns()
        house.restarts()
    assert house.sheets() == ["Leçon : un meilleur modèle est en service"]
    (sheet,) = house.server.boxes[SHEETS].mails.values()
    assert is_filing(sheet.raw)
    assert b"Lunch" in sheet.raw  # the letter that is asked about, by its subject


def test_each_lesson_has_its_own_sheet(house: Told) -> None:
    house.learns()
    house.turns()
    house.learns("2026-03-05T03-30-00Z-bbbbbbbb", promoted=False)
    house.turns()
    assert house.sheets() == ["Leçon : un meilleur modèle est en service", "Leçon : le modèle reste le même"]


def test_what_the_line_cut_short_is_filed_once_all_the_same(house: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    house.learns()
    with monkeypatch.context() as patch:
        patch.setattr(MemoryMailbox, "append", broken)
        with pytest.raises(MailboxError):
            house.turns()
    house.restarts()
    for _ in range(3):
        house.later(minutes=5)
        house.turns()
    assert house.sheets() == ["Leçon : un meilleur modèle est en service"]


def test_the_same_lesson_is_not_told_again_when_its_letter_was_erased(house: Told) -> None:
    house.learns()
    house.turns()
    erase(
        open_store("sqlite:///state.db", house.home),
        message_id=first(fields(split_head(LUNCH)[0]), "message-id").decode(),
    )
    house.server.deliver(LETTER, "Inboxbot/Label/Copytrack")
    house.later(minutes=5)
    house.restarts()
    house.turns()
    assert house.sheets() == ["Leçon : un meilleur modèle est en service"]


def test_a_mailbox_that_taught_nothing_is_told_nothing(tmp_path: Path) -> None:
    house = Told(tmp_path)
    house.server.deliver(LUNCH)
    house.sweep()
    house.learns()
    house.turns()
    assert house.sheets() == []


def test_without_a_folder_for_sheets_nothing_is_filed_until_there_is_one(tmp_path: Path) -> None:
    house = Told(tmp_path, sheets=False)
    house.server.deliver(LUNCH, "Inboxbot/Label/Copytrack")
    house.sweep()
    house.learns()
    house.turns()
    house.server.create(SHEETS)
    house.turns()
    assert house.sheets() == ["Leçon : un meilleur modèle est en service"]


def test_a_study_that_came_to_nothing_is_no_news(house: Told) -> None:
    house.learns()
    studied = last(house.home / "models")
    assert studied is not None
    remember(house.home / "models", replace(studied, finding=Finding(None, better=False, why="Nothing is new.")))
    house.turns()
    assert house.sheets() == []


def test_the_service_files_it_for_whoever_asked_for_it(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user, "[learning]\nsheet = true\n")
    with dovecot.client(user) as person:
        for folder in ("Inboxbot.Cases", "Inboxbot.Label.Copytrack"):
            person.create_folder(folder)
        person.append("Inboxbot.Label.Copytrack", LETTER, ())
    finding = Finding("v2", better=True, why="Why.", learned={"copytrack": 1})
    remember(tmp_path / "state" / "models", Studied("d", finding, datetime.now(UTC), frozenset(), promoted=True))
    for _ in range(2):
        done = inboxbot(tmp_path, "run", "--once", "--config", str(config))
        assert done.returncode == 0, done.stderr
    subjects = [sheet["Subject"] for sheet, _ in mails(dovecot, user, "Inboxbot.Cases")]
    assert subjects[1:] == ["Lesson: a better model is in use"]  # after that of the letter
