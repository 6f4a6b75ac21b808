from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from inboxbot.daemon.sweep import Beat, Stumbles, sweep, time_left
from inboxbot.errors import MailboxError, NoModelError, RefusedError
from inboxbot.flow import GRACE
from inboxbot.mailbox import look
from inboxbot.records import Arrival, Brief, Stage
from tests.contracts.mailbox_contract import mail, message_id
from tests.doubles.desk import Clock, SubjectReader, desk
from tests.doubles.memory_ledger import MemoryLedger
from tests.doubles.memory_mailbox import MemoryMailbox, MemoryServer

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


class House:
    """One account, and what it takes to sweep it again and again."""

    def __init__(
        self, since: date | str = "new", folders: tuple[str, ...] = ("INBOX",), *, glance: bool = False
    ) -> None:
        self.brief = Brief(glance=glance)
        self.server, self.clock, self.reader = MemoryServer(), Clock(), SubjectReader()
        self.ledger = MemoryLedger(self.clock)
        self.beat = Beat("office", folders, since)
        self.stumbles = Stumbles()
        self.wrap: Callable[[MemoryMailbox], MemoryMailbox] = lambda mailbox: mailbox
        self.stop: Callable[[], bool] = lambda: False
        self.signs = 0

    def sweep(self) -> int:
        """With a connection of its own, as after a loss."""
        mailbox = self.wrap(self.server.open())
        at_work = desk(reader=self.reader, now=self.clock, brief=self.brief)
        return sweep(self.beat, mailbox, self.ledger, at_work, self.stop, self._sign, self.stumbles)

    def _sign(self) -> None:
        self.signs += 1

    def drafts(self) -> list[str]:
        return sorted(raw.split(b"In-Reply-To: <")[1].split(b"@")[0].decode() for raw in self._raws("Drafts"))

    def _raws(self, folder: str) -> list[bytes]:
        return [mail.raw for mail in self.server.boxes[folder].mails.values()]

    def stages(self) -> list[Stage]:
        return [entry.stage for entry in self.ledger.letters.values()]


# --- what counts as new -----------------------------------------------------------------------------------------------


def test_new_is_what_comes_after_the_first_look() -> None:
    house = House()
    house.server.deliver(mail("old"))
    assert house.sweep() == 0
    house.server.deliver(mail("new"))
    assert house.sweep() == 1
    assert house.drafts() == ["new"]


def test_all_is_everything_and_a_date_what_came_since() -> None:
    for since, expected in (("all", ["old", "recent"]), ((YESTERDAY - timedelta(days=1)).date(), ["recent"])):
        house = House(since)
        house.server.deliver(mail("old"), arrived_at=YESTERDAY - timedelta(days=9))
        house.server.deliver(mail("recent"), arrived_at=YESTERDAY)
        house.sweep()
        assert house.drafts() == expected


def test_mail_that_comes_while_the_very_first_sweep_fails_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    house.server.deliver(mail("old"), arrived_at=YESTERDAY)
    with monkeypatch.context() as patch:
        patch.setattr(MemoryMailbox, "arrivals", broken)
        with pytest.raises(MailboxError):
            house.sweep()
    house.clock.advance(minutes=5)
    house.server.deliver(mail("meanwhile"), arrived_at=house.clock.now - timedelta(minutes=2))
    house.sweep()
    assert house.drafts() == ["meanwhile"]


def broken(*_: object, **__: object) -> object:
    raise MailboxError("the line is cut")


def test_a_folder_added_later_is_new_from_when_the_account_was_first_seen() -> None:
    house = House()
    house.sweep()
    house.server.create("Claims")
    house.server.deliver(mail("before"), "Claims", arrived_at=YESTERDAY)
    house.server.deliver(mail("since"), "Claims", arrived_at=house.clock.now + timedelta(minutes=1))
    house.beat = Beat("office", ("INBOX", "Claims"), "new")
    house.clock.advance(minutes=2)
    house.sweep()
    assert house.drafts() == ["since"]


def test_after_a_renumbering_nothing_is_done_twice_and_nothing_old_is_new() -> None:
    house = House()
    for number in range(250):  # more than a page
        house.server.deliver(mail(f"old{number}", Subject="Lunch"), arrived_at=YESTERDAY)
    house.server.deliver(mail("old-case"), arrived_at=YESTERDAY)
    house.sweep()
    house.clock.advance(minutes=1)
    house.server.deliver(mail("case"), arrived_at=house.clock.now)
    house.sweep()
    house.server.renumber("INBOX")
    house.server.deliver(mail("another"), arrived_at=house.clock.now)
    house.sweep()
    assert house.drafts() == ["another", "case"]
    assert house.reader.read_subjects.total() == 2


def test_a_first_look_that_was_broken_off_begins_anew_and_keeps_to_its_date(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House((YESTERDAY - timedelta(days=1)).date())
    for number in range(250):
        house.server.deliver(mail(f"n{number}", Subject="Lunch"), arrived_at=YESTERDAY)
    house.server.deliver(mail("old"), arrived_at=YESTERDAY - timedelta(days=9))  # moved here later, by its number
    house.server.deliver(mail("recent"), arrived_at=YESTERDAY)
    with monkeypatch.context() as patch:
        breaks_after(patch, 220)
        with pytest.raises(MailboxError):
            house.sweep()
    house.sweep()
    assert house.drafts() == ["recent"]
    assert house.reader.read_subjects["Lunch"] == 250


def breaks_after(patch: pytest.MonkeyPatch, count: int) -> None:
    fetch = MemoryMailbox.fetch
    seen = 0

    def failing(self: MemoryMailbox, arrivals: Sequence[Arrival]) -> Iterable[tuple[Arrival, bytes | None]]:
        nonlocal seen
        for pair in fetch(self, arrivals):
            seen += 1
            if seen > count:
                raise MailboxError("the line is cut")
            yield pair

    patch.setattr(MemoryMailbox, "fetch", failing)


# --- one letter's trouble ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", ["Poison", "Bug"])
def test_a_letter_that_cannot_be_read_is_tried_three_times_and_the_others_go_on(subject: str) -> None:
    house = House("all")
    house.server.deliver(mail("p", Subject=subject))
    house.server.deliver(mail("a"))
    house.sweep()
    assert house.drafts() == ["a"]
    for _ in range(4):
        house.sweep()
    house.server.deliver(mail("b"))
    house.sweep()
    assert house.drafts() == ["a", "b"]
    assert sorted(house.stages()) == [Stage.QUARANTINED, Stage.SETTLED, Stage.SETTLED]
    assert house.reader.read_subjects[subject] == 3


def test_a_struck_letter_that_was_answered_meanwhile_gets_no_draft() -> None:
    house = House("all")
    house.server.deliver(mail("p", Subject="Poison"))
    house.sweep()
    house.server.mark("INBOX", message_id("p"), "\\Answered")
    house.reader.read = lambda raw, brief: SubjectReader().read(raw.replace(b"Poison", b"Case p"), brief)  # type: ignore[method-assign]
    house.sweep()
    assert house.drafts() == []
    assert house.stages() == [Stage.SILENT]


def test_a_struck_letter_that_was_moved_away_holds_up_nothing() -> None:
    house = House("all")
    house.server.deliver(mail("p", Subject="Poison"))
    house.sweep()
    house.server.move("INBOX", message_id("p"), "Trash")
    house.server.deliver(mail("a"))
    assert house.sweep() == 1
    assert house.drafts() == ["a"]


def test_without_a_model_letters_wait_and_none_is_lost() -> None:
    house = House()
    house.sweep()
    house.reader.has_model = False
    for name in ("a", "b"):
        house.server.deliver(mail(name))
        with pytest.raises(NoModelError):
            house.sweep()
    house.reader.has_model = True
    house.sweep()
    assert house.drafts() == ["a", "b"]


def test_a_mail_gone_between_the_look_and_the_fetch_is_passed() -> None:
    house = House("all")
    house.server.deliver(mail("gone"))
    house.server.deliver(mail("a"))
    fetch = MemoryMailbox.fetch

    class Quick(MemoryMailbox):
        def fetch(self, arrivals: Sequence[Arrival]) -> Iterable[tuple[Arrival, bytes | None]]:
            house.server.remove("INBOX", message_id("gone"))
            return fetch(self, arrivals)

    house.wrap = lambda mailbox: Quick(mailbox._server, "auto", None, read_only=False)
    assert house.sweep() == 1
    assert house.drafts() == ["a"]
    assert house.sweep() == 0


# --- ordinary mail ----------------------------------------------------------------------------------------------------


def test_ordinary_mail_is_noted_by_the_handful_and_letters_among_it_are_handled() -> None:
    house = House("all", glance=True)
    for number in range(120):
        house.server.deliver(mail(f"m{number}", Subject="Lunch"))
    for name in ("a", "b"):
        house.server.deliver(mail(name))
    assert house.sweep() == 122
    assert house.drafts() == ["a", "b"]
    assert house.reader.read_subjects["Lunch"] == 0
    assert sorted(house.stages()) == [Stage.SETTLED] * 2 + [Stage.SILENT] * 120
    assert house.sweep() == 0


def test_a_mail_that_the_glance_cannot_survive_is_read_alone_and_the_others_are_not_struck() -> None:
    house = House("all", glance=True)
    for name, subject in (("m", "Lunch"), ("p", "Poison"), ("a", "Case a")):
        house.server.deliver(mail(name, Subject=subject))
    house.sweep()
    assert house.drafts() == ["a"]
    assert {entry.stage: entry.attempts for entry in house.ledger.letters.values()} == {
        Stage.SILENT: 1,
        Stage.SEEN: 1,
        Stage.SETTLED: 1,
    }


def test_a_copy_of_ordinary_mail_in_another_folder_is_the_same_mail() -> None:
    house = House("all", ("INBOX", "Club"), glance=True)
    house.server = MemoryServer("INBOX", "Drafts", "Club")
    for folder in ("INBOX", "Club"):
        for name in ("m", "n"):
            house.server.deliver(mail(name, Subject="Lunch"), folder)
    house.sweep()
    assert house.stages() == [Stage.SILENT] * 2
    assert house.sweep() == 0


def test_what_came_before_the_line_broke_is_noted() -> None:
    house = House("all", glance=True)
    for name in ("a", "b", "c"):
        house.server.deliver(mail(name, Subject="Lunch"))
    fetch = MemoryMailbox.fetch

    class Torn(MemoryMailbox):
        def fetch(self, arrivals: Sequence[Arrival]) -> Iterable[tuple[Arrival, bytes | None]]:
            yield from list(fetch(self, arrivals))[:2]
            raise MailboxError("the line broke")

    house.wrap = lambda mailbox: Torn(mailbox._server, "auto", None, read_only=False)
    with pytest.raises(MailboxError):
        house.sweep()
    assert house.stages() == [Stage.SILENT] * 2


# --- a mail that breaks the line --------------------------------------------------------------------------------------


def test_a_mail_over_which_the_line_breaks_each_time_is_passed_over_in_the_end() -> None:
    house = House("all")
    for name in ("a", "sick", "b"):
        house.server.deliver(mail(name))
    house.wrap = sickening
    for _ in range(30):
        try:
            house.sweep()
        except MailboxError:
            continue
        break
    assert house.drafts() == ["a", "b"]
    house.server.deliver(mail("c"))
    assert house.sweep() == 1
    assert house.drafts() == ["a", "b", "c"]


def passed_over() -> House:
    """A house that has just given up the second of three mails."""
    house = House("all")
    for name in ("a", "sick", "b"):
        house.server.deliver(mail(name))
    house.wrap = sickening
    while not house.stumbles.passed_over:
        with contextlib.suppress(MailboxError):
            house.sweep()
    house.sweep()
    assert house.drafts() == ["a", "b"]
    return house


def test_a_mail_that_was_passed_over_is_tried_again_within_hours_and_by_the_next_process() -> None:
    for later, stumbles in ((timedelta(hours=2), None), (timedelta(0), Stumbles())):
        house = passed_over()
        house.wrap = lambda mailbox: mailbox  # the server is well again
        assert house.sweep() == 0
        house.clock.now += later
        house.stumbles = stumbles or house.stumbles
        house.sweep()
        assert house.drafts() == ["a", "b", "sick"]
        assert house.stumbles.passed_over == {}


def test_a_mail_that_breaks_the_line_for_a_day_is_given_up_for_good() -> None:
    house = passed_over()
    tries = 0
    for _ in range(40):
        house.clock.now += timedelta(hours=1)
        try:
            house.sweep()
        except MailboxError:
            tries += 1
    assert tries == 24
    cursor = house.ledger.cursor(house.server.account, "INBOX")
    assert cursor is not None
    assert cursor.uid == 3


def sickening(mailbox: MemoryMailbox) -> MemoryMailbox:
    """A server that hangs up over one mail, and over the whole batch that it is in."""

    class Sick(MemoryMailbox):
        def fetch(self, arrivals: Sequence[Arrival]) -> Iterable[tuple[Arrival, bytes | None]]:
            for batch in look.batches(arrivals):
                pairs = list(MemoryMailbox.fetch(self, batch))
                if any(message_id("sick").encode() in (raw or b"") for _, raw in pairs):
                    raise MailboxError("the server hung up")
                yield from pairs

    return Sick(mailbox._server, "auto", None, read_only=False)


def test_a_line_that_breaks_over_this_mail_and_that_passes_none_over() -> None:
    house = House("all")
    for number in range(6):
        house.server.deliver(mail(f"m{number}"))
    cuts = iter([0, 1, 0, 2, 0, 0, 1])

    class Unsteady(MemoryMailbox):
        def fetch(self, arrivals: Sequence[Arrival]) -> Iterable[tuple[Arrival, bytes | None]]:
            left = next(cuts, 99)
            for pair in MemoryMailbox.fetch(self, arrivals):
                if left == 0:
                    raise MailboxError("the line is cut")
                left -= 1
                yield pair

    house.wrap = lambda mailbox: Unsteady(mailbox._server, "auto", None, read_only=False)
    for _ in range(8):
        try:
            house.sweep()
        except MailboxError:
            continue
    assert house.drafts() == [f"m{number}" for number in range(6)]
    assert house.stumbles.passed_over == {}


# --- refusals, stops, progress ----------------------------------------------------------------------------------------


def test_a_folder_that_is_missing_is_told_and_the_others_are_swept() -> None:
    house = House("all", folders=("Nowhere", "INBOX"))
    house.server.deliver(mail("a"))
    with pytest.raises(RefusedError, match="Nowhere"):
        house.sweep()
    assert house.drafts() == ["a"]


def test_a_filing_that_is_refused_keeps_no_letter_from_being_read(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House("all")
    for name in ("a", "b"):
        house.server.deliver(mail(name))
    with monkeypatch.context() as patch:
        patch.setattr(MemoryMailbox, "append", full)
        for _ in range(4):
            with pytest.raises(RefusedError, match="full"):
                house.sweep()
    assert house.stages() == [Stage.PLANNED, Stage.PLANNED]
    house.sweep()
    assert house.drafts() == ["a", "b"]
    assert house.reader.read_subjects.total() == 2


def full(*_: object, **__: object) -> object:
    raise RefusedError("the mailbox is full")


def test_a_stop_comes_between_two_letters_and_loses_none() -> None:
    house = House("all")
    for name in ("a", "b", "c"):
        house.server.deliver(mail(name))
    house.stop = lambda: len(house.drafts()) == 1
    house.sweep()
    assert house.drafts() == ["a"]
    house.stop = lambda: False
    house.sweep()
    assert house.drafts() == ["a", "b", "c"]


def test_each_letter_is_a_sign_of_life() -> None:
    house = House("all")
    for name in "abcde":
        house.server.deliver(mail(name, Subject="Lunch"))
    house.sweep()
    assert house.signs >= 5


def test_the_time_until_an_interrupted_filing_may_be_looked_into_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House("all")
    house.server.deliver(mail("a"))
    with monkeypatch.context() as patch:
        patch.setattr(MemoryMailbox, "append", broken)
        with pytest.raises(MailboxError):
            house.sweep()
    mailbox, at_work = house.server.open(), desk(now=house.clock)
    assert time_left(mailbox, house.ledger, at_work) == GRACE
    house.clock.advance(seconds=10)
    assert time_left(mailbox, house.ledger, at_work) == GRACE - timedelta(seconds=10)
    house.clock.advance(minutes=1)
    assert time_left(mailbox, house.ledger, at_work) == timedelta(0)
    house.sweep()
    assert time_left(mailbox, house.ledger, at_work) is None
