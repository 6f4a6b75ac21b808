"""Three weeks of a user who teaches by moving mail, on a real server: what the bot recognises, and what its mistakes cost.

In the first week letters of two hands come that no model has seen, and of forty that are filed fifteen lie in a wrong folder
until the next day. In the second a new issuer appears. In the third a batch is filed wrongly and stays so.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from inboxbot.cases.book import Clerk
from inboxbot.cases.filings import Writer
from inboxbot.daemon.gestures import Hand
from inboxbot.daemon.sweep import Beat, sweep
from inboxbot.learn.gate import Judged, price
from inboxbot.learn.lesson import Result, learn
from inboxbot.letter.header import fields, first, message_ids, split_head
from inboxbot.letter.identity import is_filing
from inboxbot.letter.parse import read_letter
from inboxbot.model.judge import open_judge
from inboxbot.ports import Desk
from inboxbot.reader.process import Furniture, ReaderProcess
from inboxbot.records import OTHER, Brief
from inboxbot.store.casebook import SqlCaseBook
from inboxbot.store.engine import open_store
from inboxbot.store.gestures import SqlGestures
from inboxbot.store.ledger import SqlLedger
from tests.doubles.desk import Clock
from tests.issuers.letters import COMPANY
from tests.learn.letters import rooms
from tests.learn.post import corpus
from tests.learn.school import TIMID, opened
from tests.learn.test_new_issuer import LETTERS, ORDINARY, ROOM, TOMORROW
from tests.servers.imapservers import Server
from tests.servers.imapworld import ImapWorld

pytestmark = [pytest.mark.proof, pytest.mark.timeout(3600), pytest.mark.filterwarnings("ignore::UserWarning")]

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
KNOWN, NEW = ("copytrack", "pixtrakk"), "picrights"
LABELS = (*KNOWN, "hadopi", NEW, OTHER)
MISFILED = 15

Filed = Sequence[tuple[str, bytes]]  # (what it is, the letter)


class House:
    """The account, the person whose it is, and the service, whose time passes when told."""

    def __init__(self, world: ImapWorld, home: Path) -> None:
        self.world, self.clock, self.delivered = world, Clock(MONDAY), set[bytes]()
        self.school = opened(home, KNOWN, TIMID, extra=[ROOM], hands=("anna", "bert"))
        self.store = open_store("sqlite:///state.db", home)
        self.ledger, self.book = SqlLedger(self.store, self.clock), SqlGestures(self.store)
        self.reader = ReaderProcess(Furniture(str(self.school.shelf), (str(ROOM),), ocr=False))
        world.below("Inboxbot/Cases")
        self.folders = {label: world.below(f"Inboxbot/Label/{label.title()}") for label in LABELS}

    def sweep(self) -> None:
        mailbox = self.world.open()
        clerk = Clerk(SqlCaseBook(self.store), mailbox.account, self.clock)
        write = Writer(COMPANY, mailbox.drafts_folder(), mailbox.sheets_folder(), self.clock, clerk)
        desk = Desk(self.reader, Brief(identity=COMPANY), write, self.clock)
        hand = Hand(LABELS, ("evidence",), ("INBOX",), self.book, self.school.pile, self.reader, "office")
        sweep(Beat("office", ("INBOX",), "all"), mailbox, self.ledger, desk, lambda: False, lambda: None, hand=hand)
        mailbox.close()

    def week(self, letters: Filed, wrong: int, *, corrected: bool) -> Result:
        """Letters come, are filed, `wrong` of them under a wrong label, which is corrected a day later or not; a lesson."""
        for _, raw in letters:
            self.world.deliver(raw)
            self.delivered.add(raw)
        self.sweep()
        for number, (label, raw) in enumerate(letters):
            self.move(raw, "INBOX", wrongly(label) if number < wrong else label)
        self.clock.advance(hours=1)
        self.sweep()
        self.clock.advance(hours=20)
        for label, raw in letters[:wrong] if corrected else ():
            self.move(raw, self.folders[wrongly(label)], label)
        self.sweep()
        self.clock.advance(days=4)
        self.sweep()
        result = learn(self.school, self.book.every(), self.clock())
        self.clock.advance(days=2, hours=3)
        return result

    def move(self, raw: bytes, source: str, label: str) -> None:
        self.world.move(source, message_id(raw), self.folders[label])

    def judged(self) -> Judged:
        """What the model in use makes of letters that nobody has filed."""
        judge = open_judge(self.school.shelf, rooms(ROOM))
        return [(str(n), label, judge(read_letter(raw)).label) for n, (label, raw) in enumerate(UNSEEN)]


def message_id(raw: bytes) -> str:
    return message_ids(first(fields(split_head(raw)[0]), "message-id"))[0]


def wrongly(label: str) -> str:
    """Where a hurried hand puts it: ordinary mail under an issuer, a demand under Other."""
    return OTHER if label != OTHER else "copytrack"


def filed(numbers: range, hands: tuple[str, ...]) -> Filed:
    return [(label, raw) for label, _, raw in corpus(KNOWN, numbers, KNOWN, hands)]


UNSEEN = [*filed(range(70, 73), ("anna", "bert", "cora", "dirk")), *((NEW, raw) for raw in TOMORROW.values())]


def test_three_weeks(dovecot: Server, user: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ImapWorld(dovecot.imap, user) as world:
        house = House(world, tmp_path)
        try:
            figures = [told("at first", house)]
            strangers = filed(range(10, 15), ("cora", "dirk"))
            first_week = house.week(strangers, MISFILED, corrected=True)
            figures.append(told("week 1", house))
            newcomers = [*((NEW, raw) for raw in LETTERS), *((OTHER, raw) for raw in ORDINARY)]
            second = house.week([*newcomers, *filed(range(20, 23), ("cora", "dirk"))[:22]], 0, corrected=True)
            figures.append(told("week 2", house))
            batch = filed(range(30, 35), ("anna", "cora"))
            third = house.week(batch, len(batch), corrected=False)
            figures.append(told("week 3", house))
        finally:
            house.reader.close()
        with capsys.disabled():
            sys.stdout.write("\n".join(["", *(line for _, _, line in figures), third.finding.why, ""]))
        assert len(house.delivered) == 120
        assert first_week.promoted, first_week.finding
        assert second.promoted, second.finding
        assert not third.promoted, third.finding
        for (recall, cost, _), (later, dearer, _) in pairwise(figures):
            assert later >= recall
            assert dearer <= cost
        assert figures[-1][0] >= 0.95
        unchanged(house)


def told(when: str, house: House) -> tuple[float, float, str]:
    judged = house.judged()
    letters = [label == decision for _, label, decision in judged if label != OTHER]
    recall, cost = sum(letters) / len(letters), price(judged)
    return recall, cost, f"{when}: {recall:.0%} of {len(letters)} letters recognised; mistakes cost {cost:.1f}"


def unchanged(house: House) -> None:
    """Every letter is there, once, byte for byte, with no flag that the bot set; what is new are drafts and sheets."""
    places = ["INBOX", *house.folders.values()]
    raws = [raw for place in places for raw in house.world.raws(place)]
    assert sorted(raws) == sorted(house.delivered)
    assert {flag for place in places for _, flags in house.world.held(place) for flag in flags} <= {"\\Recent"}
    filings = [raw for place in ("Drafts", "Inboxbot.Cases") for raw in house.world.raws(place)]
    assert filings
    assert all(is_filing(raw) for raw in filings)
