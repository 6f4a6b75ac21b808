"""What became of cases, seen in a mailbox in memory: answers, drafts, reminders and the digest, each told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from inboxbot.cases.book import Clerk
from inboxbot.cases.case import status_of
from inboxbot.cases.filings import Writer
from inboxbot.daemon.observe import Observer, Wishes
from inboxbot.daemon.sweep import EVERYTHING, Beat, sweep
from inboxbot.flow import handle
from inboxbot.letter.parse import read_letter
from inboxbot.ports import Desk
from inboxbot.records import (
    Brief,
    Case,
    Facts,
    Fate,
    Glance,
    Identity,
    Reading,
    Reply,
    Standing,
    Status,
    Trust,
    Verdict,
)
from tests.doubles.desk import Clock, ordinary_reading
from tests.doubles.memory_casebook import MemoryCaseBook
from tests.doubles.memory_ledger import MemoryLedger
from tests.doubles.memory_mailbox import MemoryMailbox, MemoryServer

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DUE = date(2026, 3, 16)


class CaseReader:
    """ "Case …" is a first demand, due on 16 March; "Again …" a reminder without a date; "End …" a withdrawal."""

    def glance(self, raws: Sequence[bytes], brief: Brief) -> Glance:
        return Glance((False,) * len(raws), ordinary_reading())

    def read(self, raw: bytes, brief: Brief) -> Reading:
        head = read_letter(raw).head
        what, _, number = head.subject.partition(" ")
        stage = {"Case": "notice", "Again": "reminder", "End": "closing"}.get(what)
        label = "copytrack" if stage else "other"
        reply = Reply(brief.scenario or "evidence", "en", None, f"Re: {head.subject}", "Please show your rights.\n")
        return Reading(
            head=head,
            verdict=Verdict(label, 0.99, {label: 0.99}, 0.9, 0.2, "test"),
            language="en",
            trust=Trust(Standing.UNVERIFIED, ()),
            stage=stage,
            facts=Facts(case_number=number, deadline=DUE if what == "Case" else None) if stage else Facts(),
            reply=reply if stage in ("notice", "reminder") else None,
            silence=None if stage in ("notice", "reminder") else "no reply fits",
            issuer="Copytrack",
        )


@dataclass
class House:
    """A mailbox, its ledger and case book, and the time."""

    wishes: Wishes = field(default_factory=Wishes)
    clock: Clock = field(default_factory=lambda: Clock(START))
    server: MemoryServer = field(
        default_factory=lambda: MemoryServer("INBOX", "Drafts", "Sent", "Trash", "Inboxbot/Cases")
    )

    def __post_init__(self) -> None:
        self.ledger = MemoryLedger(self.clock)
        self.book = MemoryCaseBook(self.ledger)
        self.observer = Observer(self.book, self.ledger, self.writer, self.wishes)

    def writer(self, mailbox: MemoryMailbox) -> Writer:
        clerk = Clerk(self.book, mailbox.account, self.clock)
        me = Identity("Claire Durand", "contact@client.example", language="en")
        return Writer(me, "Drafts", mailbox.sheets_folder(), self.clock, clerk)

    def comes(self, subject: str, name: str, sender: str = "case@copytrack.com") -> None:
        when = self.clock().strftime("%a, %d %b %Y %H:%M:%S +0000")
        raw = f"From: {sender}\r\nSubject: {subject}\r\nDate: {when}\r\nMessage-ID: <{name}@copytrack.com>\r\n\r\nPlease.\r\n"
        self.server.deliver(raw.encode())
        self.turns()

    def answers(self, name: str, message_id: str = "<mine@client.example>") -> None:
        when = self.clock().strftime("%a, %d %b %Y %H:%M:%S +0000")
        raw = f"From: contact@client.example\r\nDate: {when}\r\nMessage-ID: {message_id}\r\nIn-Reply-To: <{name}@copytrack.com>\r\n\r\nHere.\r\n"
        self.server.deliver(raw.encode(), "Sent")

    def asks(self, scenario: str) -> None:
        """The user asks for another reply to the first letter."""
        mailbox = self.server.open()
        desk = Desk(CaseReader(), Brief(scenario=scenario), self.writer(mailbox), self.clock)
        for arrival, raw in mailbox.fetch(mailbox.look("INBOX", [1])):
            assert raw is not None
            handle(arrival, raw, mailbox, self.ledger, desk)

    def turns(self, **later: float) -> None:
        """Time passes, and the watch comes round."""
        self.clock.advance(**(later or {"minutes": 2}))
        mailbox = self.server.open()
        desk = Desk(CaseReader(), Brief(), self.writer(mailbox), self.clock)
        sweep(Beat("office", ("INBOX",), EVERYTHING), mailbox, self.ledger, desk, lambda: False, lambda: None)
        self.observer(mailbox, desk)

    @property
    def case(self) -> Case:
        (case,) = self.book.cases()
        return case

    def sheets(self) -> list[str]:
        mails = self.server.boxes["Inboxbot/Cases"].mails.values()
        return [read_letter(mail.raw).head.subject for mail in mails]

    def drafts(self) -> list[str]:
        return [message_id for message_id, _ in self.server.held("Drafts")]


@pytest.fixture
def house() -> House:
    return House()


def test_a_letter_makes_a_case_and_its_draft_waits(house: House) -> None:
    house.comes("Case A1", "one")
    assert status_of(house.case) is Status.DRAFTED
    assert [draft.fate for draft in house.case.drafts] == [Fate.WAITING]
    assert house.sheets() == ["Case sheet: Copytrack · A1 – by 16 March 2026"]


def test_an_answer_in_sent_is_seen_and_noted_once(house: House) -> None:
    house.comes("Case A1", "one")
    house.answers("one")
    house.turns()
    house.turns()
    assert status_of(house.case) is Status.ANSWERED
    assert [answer.message_id for answer in house.case.answers] == ["<mine@client.example>"]


def test_a_draft_that_was_sent_as_it_is_or_thrown_away_is_seen(house: House) -> None:
    house.comes("Case A1", "one")
    (draft,) = house.drafts()
    house.server.move("Drafts", draft, "Trash")
    house.turns()
    assert house.case.drafts[0].fate is Fate.GONE
    house.server.move("Trash", draft, "Drafts")
    house.turns()
    assert house.case.drafts[0].fate is Fate.WAITING
    house.server.move("Drafts", draft, "Sent")
    house.turns()
    assert house.case.drafts[0].fate is Fate.SENT


def test_a_draft_that_was_edited_is_known_by_the_letter_that_it_answers(house: House) -> None:
    house.comes("Case A1", "one")
    house.comes("Case B2", "two")
    (first, second) = house.drafts()
    house.server.move("Drafts", first, "Trash")
    edited = b"Message-ID: <edited@client.example>\r\nIn-Reply-To: <one@copytrack.com>\r\n\r\nEdited.\r\n"
    house.server.deliver(edited, "Drafts")
    house.turns()
    fates = {draft.message_id: draft.fate for case in house.book.cases() for draft in case.drafts}
    assert fates == {first: Fate.EDITED, second: Fate.WAITING}
    house.server.move("Drafts", "<edited@client.example>", "Sent")
    house.turns()
    fates = {draft.message_id: draft.fate for case in house.book.cases() for draft in case.drafts}
    assert fates == {first: Fate.SENT, second: Fate.WAITING}


def test_another_draft_of_the_bots_is_no_edited_one(house: House) -> None:
    house.comes("Case A1", "one")
    (first,) = house.drafts()
    house.asks("licence")
    house.server.move("Drafts", first, "Trash")
    house.turns()
    fates = {draft.kind: draft.fate for draft in house.case.drafts}
    assert fates == {"draft:evidence": Fate.GONE, "draft:licence": Fate.WAITING}


def test_what_is_observed_changes_no_mailbox(house: House) -> None:
    house.comes("Case A1", "one")
    house.answers("one")
    before = {name: house.server.held(name) for name in house.server.boxes}
    house.turns()
    house.turns(hours=3)
    assert {name: house.server.held(name) for name in house.server.boxes} == before


def test_a_reminder_in_a_new_thread_finds_its_case_and_its_sheet_says_so(house: House) -> None:
    house.comes("Case A1", "one")
    house.turns(days=4)
    house.comes("Again a-1", "two")
    assert status_of(house.case) is Status.REMINDED
    assert [letter.subject for letter in house.case.letters] == ["Case A1", "Again a-1"]
    sheet = read_letter(list(house.server.boxes["Inboxbot/Cases"].mails.values())[-1].raw)
    assert "This is letter 2 of a case opened on 2 March 2026." in " ".join(sheet.body.split())


def test_one_is_reminded_once_a_few_days_before(house: House) -> None:
    house.comes("Case A1", "one")
    for _ in range(10):
        house.turns(days=1)
    assert len(house.sheets()) == 1
    for _ in range(4):
        house.turns(days=1)
    assert house.sheets()[1:] == ["Reminder: Copytrack · A1 – by 16 March 2026"]


def test_nobody_is_reminded_of_what_was_answered_or_closed(house: House) -> None:
    house.comes("Case A1", "one")
    house.comes("Case B2", "two")
    house.answers("one")
    house.turns()
    house.book.close(next(case.id for case in house.book.cases() if case.number == "B2"), house.clock())
    house.turns(days=12)
    assert not [subject for subject in house.sheets() if subject.startswith("Reminder")]


def test_reminders_can_be_switched_off() -> None:
    house = House(Wishes(remind_days=0))
    house.comes("Case A1", "one")
    house.turns(days=12)
    assert len(house.sheets()) == 1


def test_a_lost_store_reminds_nobody_twice(house: House) -> None:
    house.comes("Case A1", "one")
    house.turns(days=12)
    assert len(house.sheets()) == 2
    again = House(clock=Clock(START), server=house.server)
    again.turns()
    again.turns(days=12)
    assert len(house.sheets()) == 2


def test_without_a_wish_there_is_no_digest(house: House) -> None:
    house.comes("Case A1", "one")
    for _ in range(3):
        house.turns(days=1)
    assert len(house.sheets()) == 1


def test_a_digest_comes_once_a_day_not_before_the_morning_as_long_as_a_deadline_is_open() -> None:
    house = House(Wishes(remind_days=0, digest=True))
    mornings = set()
    for number, name in (("A1", "one"), ("B2", "two")):
        house.comes(f"Case {number}", name)
    for _ in range(20):
        house.turns(hours=5)
        here = house.clock().astimezone()
        mornings |= {here.date()} if here.hour >= 7 else set()
    digests = [subject for subject in house.sheets() if subject.startswith("Open deadlines")]
    assert set(digests[1:]) == {"Open deadlines: 2"}
    assert len(mornings) <= len(digests) <= len(mornings) + 1  # the letters themselves may have come in a morning
    house.answers("one")
    house.answers("two", "<other@client.example>")
    house.turns()
    told = len(house.sheets())
    house.turns(days=1)
    assert len(house.sheets()) == told


def test_ordinary_mail_makes_no_case(house: House) -> None:
    house.comes("Lunch", "lunch")
    assert house.book.cases() == []


def test_a_folder_of_drafts_that_is_gone_leaves_what_was_known(house: House) -> None:
    house.comes("Case A1", "one")
    mailbox = house.server.open()
    desk = Desk(CaseReader(), Brief(), house.writer(mailbox), house.clock)
    del house.server.boxes["Drafts"]
    house.clock.advance(hours=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mailbox, "answers", lambda _: [])
        house.observer(mailbox, desk)
    assert house.case.drafts[0].fate is Fate.WAITING


def test_it_looks_at_most_once_a_minute(house: House) -> None:
    house.comes("Case A1", "one")
    house.answers("one")
    house.turns(seconds=20)
    assert status_of(house.case) is Status.DRAFTED
    house.turns(seconds=61)
    assert status_of(house.case) is Status.ANSWERED
    assert house.clock() - START < timedelta(hours=1)


def test_a_draft_that_a_second_program_filed_too_is_told_of_once() -> None:
    house = House()
    house.comes("Case K7Q2XB", "a")
    drafts = house.server.boxes["Drafts"]
    (draft,) = drafts.mails.values()
    drafts.put(draft)
    with capture_logs() as logs:
        for _ in range(2):
            house.clock.now += timedelta(minutes=5)
            house.turns()
    (told,) = [line for line in logs if line["event"] == "a draft lies there twice"]
    assert "keywords = true" in told["mend"]
