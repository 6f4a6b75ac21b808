from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from inboxbot.daemon.gestures import Hand
from inboxbot.daemon.sweep import Beat, sweep
from inboxbot.errors import LetterError, MailboxError
from inboxbot.learn.labels import said
from inboxbot.learn.pile import Pile
from inboxbot.letter.identity import filing_message_id, letter_key
from inboxbot.letter.parse import read_letter
from inboxbot.model.features import Sight
from inboxbot.reader.process import Seen
from inboxbot.records import Brief, Entry, Gesture, Stage, Step
from inboxbot.store.engine import open_store
from inboxbot.store.gestures import SqlGestures
from inboxbot.store.ledger import SqlLedger
from tests.contracts.mailbox_contract import mail, message_id
from tests.doubles.desk import Clock, SubjectReader, desk
from tests.doubles.memory_mailbox import MemoryMailbox, MemoryServer

LABELS = ("copytrack", "pixtrakk", "hadopi", "other")
SCENARIOS = ("evidence", "evidence+removed", "evidence+removed+non-commercial", "licence", "not-ours")


class SubjectEyes:
    """Sees the subject, and nothing in what cannot be read."""

    def see(self, raw: bytes) -> Seen:
        subject = read_letter(raw).head.subject
        if subject.startswith("Poison"):
            raise LetterError("the reader crashed")
        return Seen("en", {"copytrack": Sight(subject.lower(), ("named",))})


class House:
    """One account, the person whose it is, and sweeps as often as wanted."""

    def __init__(self, directory: Path) -> None:
        self.server, self.clock, self.reader = MemoryServer(), Clock(), SubjectReader()
        engine = open_store("sqlite:///state.db", directory)
        self.ledger, self.book = SqlLedger(engine, self.clock), SqlGestures(engine)
        self.pile = Pile(directory / "pile")
        self.brief = Brief(ours=frozenset({"contact@client.example"}))
        self.hand = self.fresh_hand()

    def fresh_hand(self) -> Hand:
        return Hand(LABELS, SCENARIOS, ("INBOX",), self.book, self.pile, SubjectEyes(), "office")

    def sweep(self) -> int:
        at_work = desk(reader=self.reader, now=self.clock, brief=self.brief)
        beat = Beat("office", ("INBOX",), "all")
        return sweep(beat, self.server.open(), self.ledger, at_work, lambda: False, lambda: None, hand=self.hand)

    def later(self, **span: float) -> None:
        self.clock.advance(**span)
        self.sweep()

    def drafts(self) -> list[str]:
        raws = [each.raw for each in self.server.boxes["Drafts"].mails.values()]
        return sorted(raw.split(b"In-Reply-To: <")[1].split(b"@")[0].decode() for raw in raws if b"In-Reply-To" in raw)

    def label(self, raw: bytes) -> str | None:
        return said(self.book.of(self.key(raw)), self.clock()).label

    def counts(self, raw: bytes) -> bool:
        return said(self.book.of(self.key(raw)), self.clock()).counts

    def key(self, raw: bytes) -> str:
        return letter_key(self.server.account, raw)

    def entry(self, raw: bytes) -> Entry:
        entry = self.ledger.entry(self.key(raw))
        assert entry is not None
        return entry

    def piled(self) -> dict[str, str]:
        return {kept.sights["copytrack"].words: kept.label for kept in self.pile.letters()}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


LUNCH = mail("a", Subject="Lunch")


def test_a_letter_moved_under_a_label_gets_its_draft_in_that_sweep(house: House) -> None:
    house.server.deliver(LUNCH)
    house.sweep()
    assert house.drafts() == []
    folder = house.server.create("Inboxbot/Label/Copytrack")
    house.server.move("INBOX", message_id("a"), folder)
    house.later(minutes=5)
    assert house.drafts() == ["a"]
    assert house.reader.briefs[-1].label == "copytrack"
    assert house.label(LUNCH) == "copytrack"
    assert house.piled() == {"lunch": "copytrack"}


def test_it_is_done_once_however_often_one_looks(house: House) -> None:
    house.server.deliver(LUNCH, house.server.create("Inboxbot/Label/Copytrack"))
    for _ in range(3):
        house.later(minutes=5)
        house.hand = house.fresh_hand()
    assert house.drafts() == ["a"]
    assert house.reader.read_subjects["Lunch"] == 1


def test_a_copy_is_the_same_letter(house: House) -> None:
    case = mail("a", Subject="Case a")
    house.server.deliver(case)
    house.server.deliver(case, house.server.create("Inboxbot/Label/Copytrack"))
    for _ in range(2):
        house.sweep()
    assert house.drafts() == ["a"]


@pytest.mark.parametrize("name", ["Inboxbot/Label/HADOPI", "inboxbot/label/hadopi", "Inboxbot/label/Hadopi"])
def test_the_case_of_a_folders_name_does_not_matter(house: House, name: str) -> None:
    house.server.deliver(LUNCH, house.server.create(name))
    house.sweep()
    assert house.label(LUNCH) == "hadopi"


def test_other_is_a_label_and_calls_for_nothing(house: House) -> None:
    house.server.deliver(LUNCH, house.server.create("Inboxbot/Label/Other"))
    house.reader.read = lambda raw, brief: replace(  # type: ignore[method-assign]
        SubjectReader().read(raw, brief), reply=None, silence="not a demand letter"
    )
    house.sweep()
    assert (house.label(LUNCH), house.drafts()) == ("other", [])


def test_a_letter_that_was_answered_long_ago_only_teaches_when_it_is_labelled(house: House) -> None:
    folder = house.server.create("Inboxbot/Label/Copytrack")
    house.server.deliver(LUNCH, folder, flags=["\\Answered"])
    house.sweep()
    assert (house.drafts(), house.piled()) == ([], {"lunch": "copytrack"})
    house.server.move(folder, message_id("a"), house.server.create("Inboxbot/Reply/Evidence"))
    house.later(minutes=5)
    assert house.drafts() == ["a"]  # who asks for a reply gets it


def test_a_keyword_is_a_label_too(house: House) -> None:
    house.server.deliver(LUNCH)
    house.sweep()
    house.server.mark("INBOX", message_id("a"), "$inboxbot-pixtrakk")
    house.later(minutes=5)
    assert (house.label(LUNCH), house.drafts()) == ("pixtrakk", ["a"])


def test_a_reply_that_is_asked_for_is_drafted_beside_the_first(house: House) -> None:
    case = mail("a", Subject="Case a")
    house.server.deliver(case)
    house.sweep()
    house.server.move("INBOX", message_id("a"), house.server.create("Inboxbot/Reply/Not-Ours"))
    house.later(minutes=5)
    house.later(minutes=5)
    kinds = [filing.kind for filing in house.entry(case).filings]
    assert kinds == ["draft:evidence", "draft:not-ours"]
    assert house.label(case) is None  # what is answered is not thereby labelled
    assert house.piled() == {}


@pytest.mark.parametrize(
    ("folder", "scenario"),
    [
        ("Evidence+Removed", "evidence+removed"),
        ("evidence+non-commercial+removed", "evidence+removed+non-commercial"),
    ],
)
def test_what_is_added_to_a_reply_stands_in_the_name_of_its_folder(house: House, folder: str, scenario: str) -> None:
    house.server.deliver(mail("a", Subject="Case a"), house.server.create(f"Inboxbot/Reply/{folder}"))
    house.sweep()
    assert house.reader.briefs[-1].scenario == scenario


def test_a_labelled_letter_that_is_moved_on_to_be_answered_keeps_its_label(house: House) -> None:
    house.server.deliver(LUNCH, house.server.create("Inboxbot/Label/Hadopi"))
    house.sweep()
    house.server.move("Inboxbot/Label/Hadopi", message_id("a"), house.server.create("Inboxbot/Reply/Licence"))
    house.later(minutes=5)
    assert (house.reader.briefs[-1].label, house.reader.briefs[-1].scenario) == ("hadopi", "licence")
    assert house.label(LUNCH) == "hadopi"


# --- what is no label -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Trash", "Junk", "Archive", "Sent", "Drafts", "Inboxbot/Cases", "Label/Copytrack"])
def test_no_other_folder_labels(house: House, name: str) -> None:
    house.server.deliver(LUNCH)
    house.sweep()
    if name not in house.server.boxes:
        house.server.create(name)
    house.server.move("INBOX", message_id("a"), name)
    house.later(days=2)
    assert (house.book.every(), house.drafts(), house.piled()) == ([], [], {})


def own(headers: str) -> bytes:
    return f"From: inboxbot@localhost.invalid\r\nSubject: Case sheet\r\n{headers}\r\n\r\nLook.\r\n".encode()


@pytest.mark.parametrize(
    "raw",
    [
        own("Message-ID: <s@x.example>\r\nX-Inboxbot-Key: 0123"),
        own(f"Message-ID: {filing_message_id('k', 'draft:evidence')}"),
        mail("mine", From="Claire <contact@client.example>", In_Reply_To="<a@issuer.example>"),
    ],
    ids=["a sheet", "a draft that was sent", "the user's answer"],
)
def test_what_the_bot_or_the_user_wrote_is_no_letter(house: House, raw: bytes) -> None:
    house.server.deliver(raw, house.server.create("Inboxbot/Label/Copytrack"))
    house.server.deliver(raw, house.server.create("Inboxbot/Reply/Licence"))
    for _ in range(2):
        house.later(days=1)
    assert (house.book.every(), house.drafts(), house.piled()) == ([], [], {})
    assert house.reader.read_subjects.total() == 0


def test_mail_that_quotes_a_labelled_letter_is_not_labelled(house: House) -> None:
    house.server.deliver(LUNCH, house.server.create("Inboxbot/Label/Copytrack"))
    quoting = mail("q", Subject="Re: Lunch", body="What is that?\r\n\r\n> Pay 350,00 € within 14 days.")
    house.server.deliver(quoting)
    house.sweep()
    assert (house.label(LUNCH), house.label(quoting)) == ("copytrack", None)


def test_a_folder_that_names_no_label_is_told_and_left_alone(house: House) -> None:
    house.server.deliver(LUNCH, house.server.create("Inboxbot/Label/Getty"))
    house.sweep()
    assert (house.book.every(), house.drafts()) == ([], [])


# --- taken back, replaced, contradicted -------------------------------------------------------------------------------


def test_a_label_counts_after_a_day_and_stays_when_the_letter_is_tidied_away(house: House) -> None:
    folder = house.server.create("Inboxbot/Label/Copytrack")
    house.server.deliver(LUNCH, folder)
    house.sweep()
    house.later(hours=23)
    assert not house.counts(LUNCH)
    house.later(hours=2)
    assert house.counts(LUNCH)
    house.server.move(folder, message_id("a"), house.server.create("Archive"))
    house.later(days=30)
    assert house.counts(LUNCH)


def test_moved_out_within_a_day_it_was_never_said(house: House) -> None:
    folder = house.server.create("Inboxbot/Label/Copytrack")
    house.server.deliver(LUNCH, folder)
    house.sweep()
    house.server.move(folder, message_id("a"), "INBOX")
    house.later(hours=3)
    house.later(days=3)
    assert house.label(LUNCH) is None
    assert house.drafts() == ["a"]  # what was filed stays: nothing in Drafts is ever removed


def test_the_newer_label_replaces_the_older(house: House) -> None:
    first, second = (house.server.create(f"Inboxbot/Label/{name}") for name in ("Copytrack", "Other"))
    house.server.deliver(LUNCH, first)
    house.sweep()
    house.later(days=3)
    house.server.move(first, message_id("a"), second)
    house.later(minutes=5)
    assert (house.label(LUNCH), house.counts(LUNCH)) == ("other", False)
    house.later(days=1)
    assert house.counts(LUNCH)
    assert house.piled() == {"lunch": "other"}


def test_two_labels_at_once_are_a_contradiction_until_one_is_left(house: House) -> None:
    for name in ("Copytrack", "Other"):
        house.server.deliver(LUNCH, house.server.create(f"Inboxbot/Label/{name}"))
    house.sweep()
    assert said(house.book.of(house.key(LUNCH)), house.clock()).rivals == ("copytrack", "other")
    assert (house.drafts(), house.piled()) == ([], {})
    house.server.remove("Inboxbot/Label/Other", message_id("a"))
    house.later(hours=1)
    assert (house.drafts(), house.piled()) == (["a"], {"lunch": "copytrack"})


def test_a_label_that_was_typed_is_acted_on_where_the_letter_lies(house: House) -> None:
    house.server.deliver(LUNCH)
    house.sweep()
    house.book.note(Gesture(house.server.account, "", "", 0, 0, house.key(LUNCH), "label", "hadopi", house.clock()))
    house.later(minutes=5)
    assert (house.drafts(), house.piled(), house.counts(LUNCH)) == (["a"], {"lunch": "hadopi"}, True)


# --- trouble ----------------------------------------------------------------------------------------------------------


def test_what_the_line_cut_short_is_acted_on_at_the_next_sweep(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.server.deliver(LUNCH)
    house.sweep()
    house.server.move("INBOX", message_id("a"), house.server.create("Inboxbot/Label/Copytrack"))
    with monkeypatch.context() as patch:
        patch.setattr(MemoryMailbox, "append", broken)
        with pytest.raises(MailboxError):
            house.sweep()
    house.later(minutes=5)
    assert house.drafts() == ["a"]
    (filing,) = house.entry(LUNCH).filings
    assert filing.step is Step.FILED


def broken(*_: object, **__: object) -> Mapping[str, object]:
    raise MailboxError("the line is cut")


def test_a_labelled_letter_that_cannot_be_read_is_set_aside_and_keeps_its_label(house: House) -> None:
    poison = mail("p", Subject="Poison")
    house.server.deliver(poison, house.server.create("Inboxbot/Label/Copytrack"))
    for _ in range(5):
        house.later(hours=6)
    assert house.entry(poison).stage is Stage.QUARANTINED
    assert (house.label(poison), house.piled()) == ("copytrack", {})
    assert house.book.waiting(house.server.account) == []


def test_a_folder_that_cannot_be_opened_holds_up_no_other(house: House) -> None:
    house.server.deliver(LUNCH, house.server.create("Inboxbot/Label/Other"))
    del house.server.boxes[house.server.create("Inboxbot/Label/Copytrack")]
    house.sweep()
    assert house.label(LUNCH) == "other"
