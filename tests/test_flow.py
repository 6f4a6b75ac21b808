"""The corridor, letter by letter, on the doubles that keep the real ones' contracts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from inboxbot.errors import MailboxError, NoModelError, RefusedError, SetupError
from inboxbot.flow import GRACE, handle, settle
from inboxbot.letter.identity import letter_key
from inboxbot.ports import Desk
from inboxbot.records import Brief, Entry, Fence, Filing, Stage, Step
from tests.contracts.mailbox_contract import mail, message_id, nobody
from tests.doubles.desk import DRAFT, SHEET, Clock, SubjectReader, desk
from tests.doubles.memory_ledger import MemoryLedger
from tests.doubles.memory_mailbox import MemoryMailbox, MemoryServer


class House:
    """A mailbox, a ledger and a desk, and a letter to hand in."""

    def __init__(self) -> None:
        self.server, self.clock, self.reader = MemoryServer(), Clock(), SubjectReader()
        self.server.create("Cases")
        self.ledger = MemoryLedger(self.clock)
        self.mailbox: MemoryMailbox = self.server.open(sheets="Cases")

    def handle(self, raw: bytes, at: Desk | None = None, flags: tuple[str, ...] = ()) -> Entry:
        """Deliver the letter if it is not there yet, and take it down the corridor."""
        key = message_id_of(raw)
        if key not in [name for name, _ in self.server.held("INBOX")]:
            self.server.deliver(raw, flags=flags)
        _, new = self.mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)
        [(arrival, fetched)] = [pair for pair in self.mailbox.fetch(new) if pair[1] == raw]
        return handle(arrival, fetched or b"", self.mailbox, self.ledger, at or self.desk())

    def desk(self, **changes: object) -> Desk:
        return desk("Drafts", "Cases", reader=self.reader, now=self.clock, **changes)

    def drafts(self) -> list[str]:
        return [name for name, _ in self.server.held("Drafts")]

    def settle(self) -> list[Entry]:
        return [settle(e, self.mailbox, self.ledger, self.desk()) for e in self.ledger.unfinished(self.server.account)]


def message_id_of(raw: bytes) -> str:
    return raw.split(b"Message-ID: ")[1].split(b"\r\n")[0].decode()


@pytest.fixture
def house() -> House:
    return House()


CLAIM, LUNCH, POISON = mail("a"), mail("b", Subject="Lunch"), mail("p", Subject="Poison")


# --- one letter -------------------------------------------------------------------------------------------------------


def test_a_claim_is_filed_and_settled(house: House) -> None:
    entry = house.handle(CLAIM)
    assert [(filing.kind, filing.step) for filing in entry.filings] == [(DRAFT, Step.FILED), (SHEET, Step.FILED)]
    assert house.ledger.letters[entry.key].stage is Stage.SETTLED
    assert len(house.drafts()) == 1


def test_an_ordinary_letter_stays_silent_and_is_not_read_again(house: House) -> None:
    for _ in range(2):
        assert house.handle(LUNCH).stage is Stage.SILENT
    assert house.reader.read_subjects["Lunch"] == 1
    assert house.drafts() == []


def test_a_copy_of_a_letter_by_an_alias_is_the_same_letter(house: House) -> None:
    house.handle(CLAIM)
    copy = b"Received: by an alias\r\nDelivered-To: info@client.example\r\n" + CLAIM
    house.server.deliver(copy)
    arrival = house.mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)[1][-1]
    handle(arrival, copy, house.mailbox, house.ledger, house.desk())
    assert len(house.drafts()) == 1
    assert len(house.ledger.letters) == 1


def test_the_reader_is_told_when_the_letter_arrived(house: House) -> None:
    house.handle(CLAIM)
    assert abs((house.reader.briefs[0].arrived_at or datetime.min.replace(tzinfo=UTC)) - datetime.now(UTC)) < timedelta(
        minutes=1
    )


@pytest.mark.parametrize("how", ["flag", "sent"])
def test_a_letter_that_is_answered_already_gets_its_sheet_and_no_draft(house: House, how: str) -> None:
    if how == "sent":
        house.server.deliver(mail("r", In_Reply_To=message_id("a")), "Sent")
    entry = house.handle(CLAIM, flags=("\\Answered",) if how == "flag" else ())
    assert [filing.kind for filing in entry.filings] == [SHEET]
    assert house.ledger.readings[entry.key].silence == "this letter has been answered already"


def test_a_draft_that_another_run_filed_is_recognised(house: House) -> None:
    house.handle(CLAIM)
    house.ledger = MemoryLedger(house.clock)
    entry = house.handle(CLAIM)
    assert [(filing.step, filing.why) for filing in entry.filings] == [(Step.FILED, "it was there already")] * 2
    assert len(house.drafts()) == 1


# --- trouble ----------------------------------------------------------------------------------------------------------


def test_a_poison_letter_is_set_aside_after_three_strikes_with_its_reason(house: House) -> None:
    stages = [house.handle(POISON).stage for _ in range(3)]
    assert stages == [Stage.SEEN, Stage.SEEN, Stage.QUARANTINED]
    entry = house.handle(POISON)
    assert (entry.stage, entry.last_error) == (Stage.QUARANTINED, "the reader crashed")
    assert house.reader.read_subjects["Poison"] == 3


def test_a_letter_that_stops_the_program_three_times_is_set_aside_unread(house: House) -> None:
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            house.handle(mail("x", Subject="Bug"))
    entry = house.handle(mail("x", Subject="Bug"))
    assert (entry.stage, entry.last_error) == (Stage.QUARANTINED, "the program failed in the middle of it three times")
    assert house.reader.read_subjects["Bug"] == 3


def test_failures_that_are_not_the_letters_cost_it_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (MailboxError("gone"), RefusedError("no"), NoModelError("none"), SetupError(["no reader"])):
        with monkeypatch.context() as patch:
            patch.setattr(house.reader, "read", raising(error))
            for _ in range(5):
                with pytest.raises(type(error)):
                    house.handle(CLAIM)
    assert house.handle(CLAIM).filings[0].step is Step.FILED


def raising(error: Exception) -> object:
    def act(*_: object, **__: object) -> object:
        raise error

    return act


def test_without_a_model_a_letter_waits_undecided(house: House) -> None:
    house.reader.has_model = False
    for _ in range(5):
        with pytest.raises(NoModelError):
            house.handle(CLAIM)
    [entry] = house.ledger.letters.values()
    assert (entry.stage, entry.attempts) == (Stage.SEEN, 0)
    house.reader.has_model = True
    assert house.handle(CLAIM).filings[0].step is Step.FILED


def test_a_refused_filing_is_tried_again_and_holds_up_no_other(house: House) -> None:
    del house.server.boxes["Cases"]
    with pytest.raises(RefusedError):
        house.handle(CLAIM, house.desk())
    assert len(house.drafts()) == 1
    [entry] = house.ledger.unfinished(house.server.account)
    assert [(filing.kind, filing.step) for filing in entry.filings] == [(DRAFT, Step.FILED), (SHEET, Step.PLANNED)]
    house.server.create("Cases")
    assert [filing.step for filing in house.settle()[0].filings] == [Step.FILED, Step.FILED]


def test_a_draft_goes_to_where_drafts_are_now(house: House) -> None:
    house.handle(CLAIM, house.desk(may_file=lambda _: False))
    house.server.boxes["Brouillons"] = house.server.boxes.pop("Drafts")
    [entry] = house.settle()
    assert [filing.folder for filing in entry.filings] == ["Brouillons", "Cases"]
    assert len(house.server.held("Brouillons")) == 1


def test_the_brake_holds_a_draft_back_until_it_is_let_go(house: House) -> None:
    entry = house.handle(CLAIM, house.desk(may_file=lambda filing: filing.kind == SHEET))
    assert [filing.step for filing in entry.filings] == [Step.PLANNED, Step.FILED]
    assert house.drafts() == []
    house.settle()
    assert len(house.drafts()) == 1


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_persons_label_reopens_a_silent_letter(house: House) -> None:
    house.handle(LUNCH)
    entry = house.handle(LUNCH, house.desk(brief=Brief(label="copytrack")))
    assert [filing.step for filing in entry.filings] == [Step.FILED, Step.FILED]
    assert len(house.drafts()) == 1


def test_another_reply_that_a_person_asks_for_comes_beside_the_first(house: House) -> None:
    house.handle(CLAIM, flags=("\\Answered",))
    for _ in range(2):
        house.handle(CLAIM, house.desk(brief=Brief(scenario="licence")))
    assert len(house.drafts()) == 1
    house.handle(CLAIM, house.desk(brief=Brief(scenario="evidence")))
    assert len(house.drafts()) == 2


def test_a_letter_read_in_vain_by_hand_keeps_what_it_was(house: House) -> None:
    for _ in range(2):
        house.handle(POISON)
    house.reader.read_subjects.clear()
    [key] = house.ledger.letters
    settled = replace(house.ledger.letters[key], stage=Stage.SETTLED, attempts=3)
    house.ledger.letters[key] = settled
    entry = house.handle(POISON, house.desk(brief=Brief(label="copytrack")))
    assert (entry.stage, entry.last_error) == (Stage.SETTLED, "the reader crashed")
    assert house.reader.read_subjects["Poison"] == 1


# --- an interrupted filing --------------------------------------------------------------------------------------------


def interrupted(house: House, *, appended: bool) -> Filing:
    """A draft whose intent is committed, and that is there or not."""
    entry = house.handle(CLAIM, house.desk(may_file=lambda filing: filing.kind == SHEET))
    filing = house.ledger.intend(entry.filings[0], house.mailbox.fence("Drafts"))
    if appended:
        house.mailbox.append("Drafts", filing.raw, filing.flags)
    return filing


def recovered(house: House) -> Filing:
    house.clock.advance(seconds=GRACE.total_seconds() + 1)
    house.settle()
    [entry] = house.ledger.letters.values()
    return next(filing for filing in entry.filings if filing.kind == DRAFT)


@pytest.mark.parametrize("appended", [True, False])
def test_an_interrupted_filing_is_left_alone_while_the_server_may_still_be_at_it(house: House, appended: bool) -> None:
    interrupted(house, appended=appended)
    house.clock.advance(seconds=GRACE.total_seconds() - 1)
    house.settle()
    [entry] = house.ledger.unfinished(house.server.account)
    assert entry.filings[0].step is Step.INTENT
    assert len(house.drafts()) == appended


def test_a_clock_that_was_set_back_does_not_stop_the_recovery(house: House) -> None:
    interrupted(house, appended=False)
    house.clock.advance(days=-2)
    house.settle()
    assert len(house.drafts()) == 1


def test_what_is_there_is_filed_and_what_is_proved_absent_is_appended(house: House) -> None:
    interrupted(house, appended=True)
    assert (recovered(house).step, len(house.drafts())) == (Step.FILED, 1)
    other = House()
    interrupted(other, appended=False)
    assert (recovered(other).step, len(other.drafts())) == (Step.FILED, 1)


def test_where_mail_beyond_the_fence_is_gone_nothing_is_appended_again(house: House) -> None:
    filing = interrupted(house, appended=True)
    house.server.remove("Drafts", filing.message_id)
    found = recovered(house)
    assert (found.step, house.drafts()) == (Step.UNCERTAIN, [])
    assert found.why == "interrupted while filing, and its folder has changed: look whether it is there"
    assert recovered(house).step is Step.UNCERTAIN


def test_a_server_restored_from_a_backup_proves_nothing(house: House) -> None:
    interrupted(house, appended=True)
    box = house.server.boxes["Drafts"]
    box.mails, box.uidnext = {}, 0
    assert (recovered(house).step, house.drafts()) == (Step.UNCERTAIN, [])


def test_a_folder_that_is_gone_proves_nothing(house: House) -> None:
    interrupted(house, appended=True)
    house.server.boxes["Brouillons"] = house.server.boxes.pop("Drafts")
    house.server.boxes["Brouillons"].mails.clear()
    assert recovered(house).step is Step.UNCERTAIN
    assert house.server.held("Brouillons") == []


def test_an_absurd_uidnext_costs_no_memory(house: House) -> None:
    interrupted(house, appended=False)
    house.server.boxes["Drafts"].uidnext = 1 << 60
    assert recovered(house).step is Step.UNCERTAIN


def test_an_intent_without_its_fence_is_told(house: House) -> None:
    filing = interrupted(house, appended=False)
    [entry] = house.ledger.letters.values()
    broken = tuple(replace(f, fence=None) if f.kind == DRAFT else f for f in entry.filings)
    house.ledger.letters[filing.letter] = replace(entry, filings=broken)
    assert recovered(house).why == "the ledger holds an intent without its fence"
    assert letter_key(house.server.account, CLAIM) == filing.letter
    assert filing.fence == Fence(1, 1)
