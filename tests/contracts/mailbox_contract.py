"""What every mailbox promises (`inboxbot.ports.Mailbox`); a new one inherits this suite and supplies its world."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import pytest

from inboxbot.errors import RefusedError
from inboxbot.letter.identity import envelope_of, letter_key
from inboxbot.mailbox.look import LARGE, LARGE_CUT
from inboxbot.ports import Mailbox
from inboxbot.records import Arrival, Cursor
from inboxbot.stop import Stop

ODD_IDS = ('<it"s@issuer.example>', "<a\\b@issuer.example>", "<a%b*c@issuer.example>", "<{12}~@issuer.example>")
LONG_AGO = datetime(2020, 5, 4, 12, 0, tzinfo=UTC)
DRAFT_FLAGS = ("\\Draft", "\\Seen")


class World(Protocol):
    """What happens to a mailbox besides the bot: deliveries, a person with a mail client, an administrator."""

    drafts: str
    sent: str
    trash: str
    exact: bool  # mails come back byte for byte; else by their letter key
    keywords: bool  # a mail may bear words of a person's own
    odd_ids: Sequence[str]  # Message-IDs beyond the usual that this server can find

    def open(self, *, drafts: str = "auto", sheets: str | None = ..., read_only: bool = ...) -> Mailbox: ...

    def deliver(
        self, raw: bytes, folder: str = "INBOX", flags: Iterable[str] = (), arrived_at: datetime | None = None
    ) -> None: ...

    def held(self, folder: str) -> list[tuple[str, frozenset[str]]]:
        """(Message-ID, flags) of all mail there."""
        ...

    def remove(self, folder: str, message_id: str) -> None: ...

    def move(self, folder: str, message_id: str, target: str) -> None: ...

    def mark(self, folder: str, message_id: str, flag: str) -> None: ...

    def create(self, folder: str) -> str:
        """Make a folder of this name, and tell what it is called here."""
        ...

    def below(self, path: str) -> str:
        """Make a folder whose levels are parted by "/" here, and tell what it is called."""
        ...

    def renumber(self, folder: str) -> None:
        """The same mails under another UIDVALIDITY."""
        ...


def mail(name: str, body: str = "Pay 350,00 € within 14 days.", **headers: str) -> bytes:
    heads = {
        "From": "Claims Desk <claims@issuer.example>",
        "To": "contact@client.example",
        "Subject": f"Case {name}",
        "Date": "Mon, 02 Mar 2026 09:00:00 +0100",
        "Message-ID": message_id(name),
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    } | {key.replace("_", "-"): value for key, value in headers.items()}
    head = "".join(f"{key}: {value}\r\n" for key, value in heads.items() if value)
    return (head + "\r\n" + body + "\r\n").encode()


def message_id(name: str) -> str:
    return f"<{name}@issuer.example>"


def nobody(arrival: Arrival) -> bool:
    return False


class MailboxContract:
    @pytest.fixture
    def world(self) -> Iterator[World]:
        raise NotImplementedError

    @pytest.fixture
    def mailbox(self, world: World) -> Iterator[Mailbox]:
        opened = world.open()
        yield opened
        opened.close()

    # --- what is new --------------------------------------------------------------------------------------------------

    def test_at_first_sight_nothing_is_new_and_the_cursor_stands_at_the_last_mail(
        self, world: World, mailbox: Mailbox
    ) -> None:
        world.deliver(mail("old"))
        cursor, new = mailbox.arrivals("INBOX", None, since=None, known=nobody)
        assert new == []
        world.deliver(mail("new"))
        assert names(mailbox, *mailbox.arrivals("INBOX", cursor, since=None, known=nobody)) == ["new"]

    def test_an_empty_folder_has_a_cursor_too(self, world: World, mailbox: Mailbox) -> None:
        cursor, _ = mailbox.arrivals("INBOX", None, since=None, known=nobody)
        world.deliver(mail("first"))
        assert names(mailbox, *mailbox.arrivals("INBOX", cursor, since=None, known=nobody)) == ["first"]

    def test_new_mail_comes_once_in_the_order_of_its_arrival(self, world: World, mailbox: Mailbox) -> None:
        cursor, _ = mailbox.arrivals("INBOX", None, since=None, known=nobody)
        for name in ("a", "b", "c"):
            world.deliver(mail(name))
        ahead, new = mailbox.arrivals("INBOX", cursor, since=None, known=nobody)
        assert names(mailbox, ahead, new) == ["a", "b", "c"]
        assert [arrival.uid for arrival in new] == sorted({arrival.uid for arrival in new})
        assert mailbox.arrivals("INBOX", ahead, since=None, known=nobody) == (ahead, [])

    def test_an_arrival_tells_its_place_size_flags_time_and_envelope(self, world: World, mailbox: Mailbox) -> None:
        raw = mail("a")
        world.deliver(raw, flags=["\\Answered", "\\Flagged"])
        cursor, [arrival] = mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)
        assert (arrival.folder, arrival.uidvalidity, arrival.uid) == ("INBOX", cursor.uidvalidity, cursor.uid)
        assert abs(arrival.size - len(raw)) <= raw.count(b"\n")
        assert {"\\Answered", "\\Flagged"} <= arrival.flags
        assert arrival.envelope == envelope_of(raw)
        assert arrival.arrived_at is not None
        assert abs(datetime.now(UTC) - arrival.arrived_at) < timedelta(minutes=5)

    def test_since_a_day_what_arrived_on_it_or_later_is_new(self, world: World, mailbox: Mailbox) -> None:
        world.deliver(mail("before"), arrived_at=LONG_AGO - timedelta(days=2))
        world.deliver(mail("that-day"), arrived_at=LONG_AGO)
        world.deliver(mail("after"))
        told = mailbox.arrivals("INBOX", None, since=LONG_AGO.date(), known=nobody)
        assert names(mailbox, *told) == ["that-day", "after"]

    def test_since_a_moment_what_arrived_then_or_later_is_new(self, world: World, mailbox: Mailbox) -> None:
        world.deliver(mail("before"), arrived_at=LONG_AGO - timedelta(seconds=2))
        world.deliver(mail("then"), arrived_at=LONG_AGO)
        told = mailbox.arrivals("INBOX", None, since=LONG_AGO, known=nobody)
        assert names(mailbox, *told) == ["then"]

    def test_since_the_beginning_everything_is_new(self, world: World, mailbox: Mailbox) -> None:
        world.deliver(mail("old"), arrived_at=LONG_AGO)
        told = mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)
        assert names(mailbox, *told) == ["old"]

    def test_with_a_cursor_the_day_does_not_matter(self, world: World, mailbox: Mailbox) -> None:
        cursor, _ = mailbox.arrivals("INBOX", None, since=None, known=nobody)
        world.deliver(mail("moved-here"), arrived_at=LONG_AGO)
        told = mailbox.arrivals("INBOX", cursor, since=date(2026, 1, 1), known=nobody)
        assert names(mailbox, *told) == ["moved-here"]

    def test_known_mail_is_left_out_and_the_cursor_passes_it(self, world: World, mailbox: Mailbox) -> None:
        cursor, _ = mailbox.arrivals("INBOX", None, since=None, known=nobody)
        for name in ("a", "b", "c"):
            world.deliver(mail(name))
        there = envelope_of(mail("c"))
        ahead, new = mailbox.arrivals("INBOX", cursor, since=None, known=lambda arrival: arrival.envelope == there)
        assert names(mailbox, ahead, new) == ["a", "b"]
        assert mailbox.arrivals("INBOX", ahead, since=None, known=nobody) == (ahead, [])

    def test_a_backlog_comes_in_pages(self, world: World, mailbox: Mailbox) -> None:
        cursor, _ = mailbox.arrivals("INBOX", None, since=None, known=nobody)
        for name in "abcde":
            world.deliver(mail(name))
        world.remove("INBOX", message_id("b"))
        pages = list(paged(mailbox, cursor, since=None))
        assert [name for page in pages for name in page] == ["a", "c", "d", "e"]
        assert max(map(len, pages)) == 2

    def test_a_first_look_comes_in_pages_and_keeps_to_its_day(self, world: World, mailbox: Mailbox) -> None:
        for name in "abcde":
            world.deliver(mail(name), arrived_at=LONG_AGO if name in "bd" else None)
        pages = list(paged(mailbox, None, since=date(2026, 1, 1)))
        assert [name for page in pages for name in page] == ["a", "c", "e"]
        assert max(map(len, pages)) <= 2

    def test_under_another_uidvalidity_everything_since_is_new(self, world: World) -> None:
        claims = world.create("Claims")
        world.deliver(mail("old"), claims, arrived_at=LONG_AGO)
        world.deliver(mail("recent"), claims)
        with contextlib.closing(world.open()) as mailbox:
            before, _ = mailbox.arrivals(claims, None, since=None, known=nobody)
        world.renumber(claims)
        with contextlib.closing(world.open()) as mailbox:
            after, new = mailbox.arrivals(claims, before, since=date(2026, 1, 1), known=nobody)
            assert after.uidvalidity != before.uidvalidity
            assert names(mailbox, after, new) == ["recent"]
            assert mailbox.arrivals(claims, before, since=None, known=nobody)[1] == []

    # --- the mails themselves -----------------------------------------------------------------------------------------

    def test_mails_come_byte_for_byte(self, world: World, mailbox: Mailbox) -> None:
        raws = [mail("a"), mail("b", body="x\r\n" * 4000), mail("c", body="no end of line")[:-2]]
        for raw in raws:
            world.deliver(raw)
        _, new = mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)
        got = [fetched for _, fetched in mailbox.fetch(new)]
        if world.exact:
            assert got == raws
        assert [letter_key("a", raw or b"") for raw in got] == [letter_key("a", raw) for raw in raws]

    def test_a_mail_that_is_gone_comes_as_none_beside_the_others(self, world: World, mailbox: Mailbox) -> None:
        for name in ("a", "b", "c"):
            world.deliver(mail(name))
        _, new = mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)
        world.move("INBOX", message_id("a"), world.trash)
        world.remove("INBOX", message_id("c"))
        with contextlib.closing(world.open()) as another:  # what is gone in an open folder, a server may still hand out
            got = list(another.fetch(new))
        assert [arrival.uid for arrival, _ in got] == [arrival.uid for arrival in new]
        assert [raw is None for _, raw in got] == [True, False, True]

    def test_mails_of_several_folders_come_in_the_order_asked(self, world: World, mailbox: Mailbox) -> None:
        claims = world.create("Claims")
        world.deliver(mail("a"))
        world.deliver(mail("b"), claims)
        world.deliver(mail("c"))
        [a, c] = mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)[1]
        [b] = mailbox.arrivals(claims, None, since=date(1970, 1, 1), known=nobody)[1]
        got = [raw for _, raw in mailbox.fetch([a, b, c])]
        assert [letter_key("a", raw or b"") for raw in got] == [letter_key("a", mail(name)) for name in "abc"]

    def test_a_place_under_an_old_uidvalidity_holds_nothing(self, world: World) -> None:
        claims = world.create("Claims")
        world.deliver(mail("a"), claims)
        with contextlib.closing(world.open()) as mailbox:
            _, new = mailbox.arrivals(claims, None, since=date(1970, 1, 1), known=nobody)
        world.renumber(claims)
        with contextlib.closing(world.open()) as mailbox:
            assert [raw for _, raw in mailbox.fetch(new)] == [None]

    def test_a_mail_comes_with_its_flags_as_they_are_now(self, world: World, mailbox: Mailbox) -> None:
        world.deliver(mail("a"))
        _, [arrival] = mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)
        world.mark("INBOX", message_id("a"), "\\Answered")
        as_remembered = replace(arrival, flags=frozenset(), arrived_at=None)  # what a ledger keeps of it
        [(now, _)] = mailbox.fetch([as_remembered])
        assert "\\Answered" in now.flags
        assert now.arrived_at == arrival.arrived_at
        assert (now.uid, now.size, now.envelope) == (arrival.uid, arrival.size, arrival.envelope)

    def test_of_a_mail_over_25_mb_the_first_2_mb_come(self, world: World, mailbox: Mailbox) -> None:
        raw = mail("large", body=("x" * 998 + "\r\n") * (LARGE // 1000 + 200))
        world.deliver(raw)
        world.deliver(mail("small"))
        _, new = mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)
        [large, small] = [got or b"" for _, got in mailbox.fetch(new)]
        assert len(large) == LARGE_CUT
        assert large.replace(b"\r", b"")[:200] == raw.replace(b"\r", b"")[:200]
        assert letter_key("a", small) == letter_key("a", mail("small"))

    # --- folders ------------------------------------------------------------------------------------------------------

    def test_drafts_are_found_without_being_named(self, world: World, mailbox: Mailbox) -> None:
        assert mailbox.drafts_folder() == world.drafts

    def test_a_folder_named_for_drafts_wins(self, world: World) -> None:
        replies = world.create("Replies")
        with contextlib.closing(world.open(drafts="Replies")) as mailbox:
            assert mailbox.drafts_folder() == replies
        with contextlib.closing(world.open(drafts="replies")) as mailbox:
            assert mailbox.drafts_folder() == replies

    def test_a_folder_that_is_named_and_missing_is_refused_with_those_there_are(self, world: World) -> None:
        with (
            contextlib.closing(world.open(drafts="Repiles")) as mailbox,
            pytest.raises(RefusedError, match=rf"Repiles.*{world.drafts}"),
        ):
            mailbox.drafts_folder()

    def test_the_folder_for_sheets_is_found_once_it_exists(self, world: World) -> None:
        with contextlib.closing(world.open(sheets="Cases")) as mailbox:
            assert mailbox.sheets_folder() is None
        cases = world.create("Cases")
        with contextlib.closing(world.open(sheets="Cases")) as mailbox:
            assert mailbox.sheets_folder() == cases
        with contextlib.closing(world.open(sheets=None)) as mailbox:
            assert mailbox.sheets_folder() is None

    def test_the_folders_beneath_one_are_found_by_their_last_part_in_any_case(self, world: World) -> None:
        with contextlib.closing(world.open()) as mailbox:
            assert mailbox.beneath("Inboxbot/Label") == {}
        own, deeper, beside = map(
            world.below, ("Inboxbot/label/copyTRACK", "Inboxbot/Label/Other/x", "Inboxbot/Beside")
        )
        with contextlib.closing(world.open()) as mailbox:
            found = mailbox.beneath("Inboxbot/Label")
        assert found.get("copyTRACK") == own
        assert {deeper, beside} & set(found.values()) == set()

    def test_what_lies_in_a_folder_now_is_told_by_its_numbers(self, world: World, mailbox: Mailbox) -> None:
        for name in "abc":
            world.deliver(mail(name))
        validity, before = mailbox.present("INBOX")
        world.remove("INBOX", message_id("b"))
        again, after = mailbox.present("INBOX")
        assert (len(before), len(after), validity) == (3, 2, again)
        assert after < before
        looked = mailbox.look("INBOX", before)
        assert [arrival.uid for arrival in looked] == sorted(after)
        assert [arrival.envelope for arrival in looked] == [envelope_of(mail(name)) for name in "ac"]

    def test_mails_that_bear_a_keyword_are_told_from_the_others(self, world: World, mailbox: Mailbox) -> None:
        for name in "abc":
            world.deliver(mail(name))
        if not world.keywords:
            assert mailbox.present("INBOX", ["$Inboxbot-Other"])[1] == frozenset()
            return
        world.mark("INBOX", message_id("a"), "$Inboxbot-Copytrack")
        world.mark("INBOX", message_id("c"), "$inboxbot-other")
        _, found = mailbox.present("INBOX", ["$Inboxbot-Copytrack", "$Inboxbot-Hadopi", "$Inboxbot-Other"])
        marked = mailbox.look("INBOX", found)
        assert [arrival.envelope for arrival in marked] == [envelope_of(mail(name)) for name in "ac"]
        assert [{flag.casefold() for flag in each.flags if "nboxbot" in flag} for each in marked] == [
            {"$inboxbot-copytrack"}, {"$inboxbot-other"},
        ]  # fmt: skip

    # --- filing -------------------------------------------------------------------------------------------------------

    def test_a_draft_is_filed_with_its_flags_and_stands_beyond_the_fence(self, world: World, mailbox: Mailbox) -> None:
        world.deliver(mail("theirs"), world.drafts)
        fence = mailbox.fence(world.drafts)
        mailbox.append(world.drafts, mail("draft"), DRAFT_FLAGS)
        held = dict(world.held(world.drafts))
        assert held[message_id("draft")] - {"\\Recent"} == set(DRAFT_FLAGS)
        drift = mailbox.drift(world.drafts, fence)
        assert drift.present == {fence.uidnext: message_id("draft")}
        assert drift.fence.uidvalidity == fence.uidvalidity
        assert drift.fence.uidnext == fence.uidnext + 1

    def test_a_mail_without_message_id_shows_in_the_drift_without_one(self, world: World, mailbox: Mailbox) -> None:
        fence = mailbox.fence(world.drafts)
        world.deliver(mail("x", Message_ID=""), world.drafts)
        world.deliver(mail("y"), world.drafts)
        assert list(mailbox.drift(world.drafts, fence).present.values()) == ["", message_id("y")]

    def test_what_was_removed_since_the_fence_leaves_a_hole(self, world: World, mailbox: Mailbox) -> None:
        fence = mailbox.fence(world.drafts)
        mailbox.append(world.drafts, mail("draft"), DRAFT_FLAGS)
        mailbox.append(world.drafts, mail("other"), DRAFT_FLAGS)
        world.remove(world.drafts, message_id("draft"))
        drift = mailbox.drift(world.drafts, fence)
        assert drift.fence.uidnext == fence.uidnext + 2
        assert drift.present == {fence.uidnext + 1: message_id("other")}

    def test_under_another_uidvalidity_a_drift_proves_nothing(self, world: World) -> None:
        claims = world.create("Claims")
        with contextlib.closing(world.open()) as mailbox:
            fence = mailbox.fence(claims)
            mailbox.append(claims, mail("draft"), DRAFT_FLAGS)
        world.renumber(claims)
        with contextlib.closing(world.open()) as mailbox:
            drift = mailbox.drift(claims, fence)
            assert drift.fence.uidvalidity != fence.uidvalidity
            assert drift.present == {}

    def test_a_missing_folder_refuses_and_the_mailbox_lives_on(self, world: World, mailbox: Mailbox) -> None:
        with pytest.raises(RefusedError):
            mailbox.fence("Nowhere")
        with pytest.raises(RefusedError):
            mailbox.append("Nowhere", mail("draft"), DRAFT_FLAGS)
        mailbox.append(world.drafts, mail("draft"), DRAFT_FLAGS)
        assert [name for name, _ in world.held(world.drafts)] == [message_id("draft")]

    def test_a_mailbox_opened_for_reading_files_nothing(self, world: World) -> None:
        with contextlib.closing(world.open(read_only=True)) as mailbox:
            assert mailbox.arrivals("INBOX", None, since=None, known=nobody)[1] == []
            with pytest.raises(RefusedError, match="reading only"):
                mailbox.append(world.drafts, mail("draft"), DRAFT_FLAGS)
        assert world.held(world.drafts) == []

    def test_a_filing_is_recognised_wherever_the_user_put_it(self, world: World) -> None:
        places = (world.drafts, world.sent, world.trash, world.create("Cases"))
        for place in places:
            world.deliver(mail(f"in-{place.encode().hex()}"), place)
        with contextlib.closing(world.open(sheets="Cases")) as mailbox:
            for place in places:
                assert mailbox.holds(message_id(f"in-{place.encode().hex()}")), place

    def test_only_exactly_this_message_id_counts(self, world: World, mailbox: Mailbox) -> None:
        world.deliver(mail("ab12"), world.drafts)
        assert mailbox.holds(message_id("ab12"))
        for other in (
            "<b12@issuer.example>",
            "<ab12@issuer.exampl>",
            "<>",
            "",
            "ab12@issuer.example",
            '<"@issuer.example>',
        ):
            assert not mailbox.holds(other), other

    def test_a_reply_in_sent_answers_the_letter(self, world: World, mailbox: Mailbox) -> None:
        world.deliver(mail("r1", In_Reply_To=message_id("a")), world.sent)
        world.deliver(mail("r2", References=f"{message_id('b')} {message_id('c')}"), world.sent)
        assert [mailbox.answered(message_id(name)) for name in "abc"] == [True, True, True]

    def test_the_users_answers_can_be_had(self, world: World, mailbox: Mailbox) -> None:
        world.deliver(mail("r1", In_Reply_To=message_id("a")), world.sent)
        world.deliver(mail("r2", References=f"{message_id('a')} {message_id('b')}"), world.sent)
        world.deliver(mail("r3", In_Reply_To=message_id("b")), world.sent)
        answers = mailbox.answers(message_id("a"))
        raws = [raw for _, raw in mailbox.fetch(answers) if raw is not None]
        assert [message_id(name).encode() in raw for raw in raws for name in ("r1", "r2", "r3")] == [
            True, False, False,
            False, True, False,
        ]  # fmt: skip
        assert not mailbox.answers(message_id("c"))
        assert not mailbox.answers(None)

    def test_an_answer_that_still_lies_in_drafts_can_be_had_there(self, world: World, mailbox: Mailbox) -> None:
        world.deliver(mail("r1", In_Reply_To=message_id("a")), world.sent)
        world.deliver(mail("r2", In_Reply_To=message_id("a")), world.drafts)
        (found,) = mailbox.answers(message_id("a"), mailbox.drafts_folder())
        assert [message_id("r2").encode() in (raw or b"") for _, raw in mailbox.fetch([found])] == [True]

    def test_what_only_looks_like_a_reply_does_not_answer(self, world: World, mailbox: Mailbox) -> None:
        world.deliver(mail("r1", In_Reply_To="<xa@issuer.example>"), world.sent)
        world.deliver(mail("a"), world.sent)
        world.deliver(mail("r2", In_Reply_To=message_id("b")), world.drafts)
        assert [mailbox.answered(message_id(name)) for name in "ab"] == [False, False]
        assert not mailbox.answered(None)

    @pytest.mark.parametrize(
        "hostile",
        [
            "<a\r\nX1 CREATE pwned@issuer.example>",
            '<a"@issuer.example>',
            "<a\\@issuer.example>",
            "<é@issuer.example>",
            "<a{3}@issuer.example>",
            "<%*()@issuer.example>",
            f"<{'a' * 5000}@issuer.example>",
            "<\x00@issuer.example>",
        ],
    )
    def test_a_hostile_message_id_asks_nothing_else(self, world: World, mailbox: Mailbox, hostile: str) -> None:
        assert not mailbox.answered(hostile)
        assert not mailbox.holds(hostile)
        world.deliver(mail("still-there"))
        _, new = mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)
        assert len(new) == 1

    def test_odd_but_lawful_message_ids_are_recognised(self, world: World, mailbox: Mailbox) -> None:
        for number, name in enumerate(world.odd_ids):
            world.deliver(mail(f"x{number}", Message_ID=name), world.drafts)
            world.deliver(mail(f"y{number}", In_Reply_To=name), world.sent)
        assert [name for name in world.odd_ids if not mailbox.holds(name)] == []
        assert [name for name in world.odd_ids if not mailbox.answered(name)] == []

    # --- resting ------------------------------------------------------------------------------------------------------

    def test_resting_ends_by_itself_without_a_push(self, mailbox: Mailbox) -> None:
        mailbox.arrivals("INBOX", None, since=None, known=nobody)
        assert mailbox.wait("INBOX", 0.3, Stop()) is False

    def test_new_mail_ends_the_rest(self, world: World, mailbox: Mailbox) -> None:
        mailbox.arrivals("INBOX", None, since=None, known=nobody)
        post = threading.Timer(0.3, world.deliver, [mail("pushed")])
        post.start()
        started = time.monotonic()
        assert mailbox.wait("INBOX", 60, Stop()) is True
        assert time.monotonic() - started < 30
        post.join()

    def test_a_stop_ends_the_rest(self, mailbox: Mailbox) -> None:
        mailbox.arrivals("INBOX", None, since=None, known=nobody)
        stop = Stop()
        threading.Timer(0.2, stop.set).start()
        assert mailbox.wait("INBOX", 60, stop) is False

    def test_mail_that_came_between_the_look_and_the_rest_is_not_slept_through(
        self, world: World, mailbox: Mailbox
    ) -> None:
        mailbox.arrivals("INBOX", None, since=None, known=nobody)
        world.deliver(mail("between"))
        assert mailbox.wait("INBOX", 60, Stop()) is True

    # --- nothing changes ----------------------------------------------------------------------------------------------

    def test_reading_changes_nothing(self, world: World, mailbox: Mailbox) -> None:
        world.deliver(mail("a"))
        world.deliver(mail("b"), flags=["\\Flagged"])
        world.deliver(mail("c"), world.sent, flags=["\\Seen"])
        folders = ("INBOX", world.drafts, world.sent, world.trash)
        before = {folder: world.held(folder) for folder in folders}
        _, new = mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)
        assert all(raw for _, raw in mailbox.fetch(new))
        mailbox.fence(world.drafts)
        mailbox.drift(world.drafts, mailbox.fence(world.drafts))
        assert not mailbox.holds(message_id("nowhere"))
        assert not mailbox.answered(message_id("a"))
        mailbox.wait("INBOX", 0.1, Stop())
        mailbox.close()
        assert {folder: world.held(folder) for folder in folders} == before

    def test_leaving_twice_is_no_trouble(self, mailbox: Mailbox) -> None:
        mailbox.close()
        mailbox.close()


def names(mailbox: Mailbox, _: Cursor, new: list[Arrival]) -> list[str]:
    """What the new mails are called, by their subjects."""
    return [(raw or b"").split(b"Subject: Case ")[1].split(b"\n")[0].strip().decode() for _, raw in mailbox.fetch(new)]


def paged(mailbox: Mailbox, cursor: Cursor | None, since: date | None) -> Iterator[list[str]]:
    """The names on each page of two, until nothing is ahead."""
    while True:
        ahead, new = mailbox.arrivals("INBOX", cursor, since=since, known=nobody, limit=2)
        if ahead == cursor:
            return
        cursor = ahead
        yield names(mailbox, ahead, new)
