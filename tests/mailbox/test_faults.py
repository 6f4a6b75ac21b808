"""A mailbox over a bad line and with a bad server: every fault ends in one error that says which of the two it was."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from inboxbot.errors import MailboxError, RefusedError
from inboxbot.mailbox.connect import Deadlines
from inboxbot.mailbox.imap import ImapMailbox
from inboxbot.records import Arrival
from inboxbot.stop import Stop
from tests.contracts.mailbox_contract import DRAFT_FLAGS, mail, message_id, nobody
from tests.servers import faultproxy as fault
from tests.servers.imapservers import Server
from tests.servers.imapworld import ImapWorld

IMPATIENT = Deadlines(connect=1.0, login=1.0, command=1.0, fetch=1.0, done=1.0, leave=0.5)


@pytest.fixture
def world(dovecot: Server, user: str) -> Iterator[ImapWorld]:
    with ImapWorld(dovecot.imap, user) as world:
        world.deadlines = IMPATIENT
        yield world


def everything(mailbox: ImapMailbox) -> list[Arrival]:
    return mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)[1]


def lost(error: MailboxError) -> bool:
    return not isinstance(error, RefusedError)


# --- the line ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act", [fault.cut, fault.reset, fault.hang, fault.say(b"* BYE shutting down\r\n", then=fault.CutError)]
)
@pytest.mark.parametrize("command", [rb"LOGIN", rb"EXAMINE", rb"FETCH", rb"APPEND", rb"SEARCH HEADER"])
def test_a_broken_line_is_a_lost_connection_whatever_was_asked(
    world: ImapWorld, command: bytes, act: Callable[..., bytes]
) -> None:
    world.deliver(mail("a"))
    world.wire.script = [[fault.on(command, act)]]
    with pytest.raises(MailboxError) as caught:
        use_all_of_it(world)
    assert lost(caught.value)
    world.wire.script = []
    use_all_of_it(world)


def use_all_of_it(world: ImapWorld) -> None:
    with contextlib.closing(world.open()) as mailbox:
        list(mailbox.fetch(everything(mailbox)))
        mailbox.append("Drafts", mail("draft"), DRAFT_FLAGS)
        mailbox.holds(message_id("draft"))


def test_after_a_lost_connection_the_mailbox_is_dead(world: ImapWorld) -> None:
    world.wire.script = [[fault.on(rb"EXAMINE", fault.cut)]]
    with contextlib.closing(world.open()) as mailbox:
        with pytest.raises(MailboxError, match="hung up"):
            everything(mailbox)
        with pytest.raises(MailboxError, match="was lost before"):
            everything(mailbox)


def test_a_mail_cut_in_its_middle_is_not_taken_for_a_short_one(world: ImapWorld) -> None:
    world.deliver(mail("a", body="x" * 50_000))
    world.wire.script = [
        [fault.on(rb"x{1000}", lambda d, w, b: (d.send("down", b[:2000]), fault.cut(d, w, b))[1], "down")]
    ]
    with contextlib.closing(world.open()) as mailbox, pytest.raises(MailboxError):
        list(mailbox.fetch(everything(mailbox)))


def test_a_server_that_drips_is_left_after_the_deadline(world: ImapWorld) -> None:
    world.wire.script = [[fault.on(rb"LOGIN", fault.drip(0.1))]]
    with pytest.raises(MailboxError, match=r"no (complete )?answer within"):
        world.open()


def test_a_server_that_hangs_in_idle_is_noticed(world: ImapWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inboxbot.mailbox.rest.SLICE", 0.3)
    world.wire.script = [[fault.on(rb"idling", lambda d, w, b: (d.send(w, b), fault.hang(d, w, b))[1], "down")]]
    with contextlib.closing(world.open()) as mailbox, pytest.raises(MailboxError, match="no answer within"):
        mailbox.wait("INBOX", 60, Stop())


@pytest.mark.parametrize("fate", ["cut", "bye", "garbage"])
def test_the_end_of_the_line_ends_idle_at_once(world: ImapWorld, fate: str) -> None:
    with contextlib.closing(world.open()) as mailbox:

        def strike() -> None:
            [dialogue] = world.wire.dialogues
            if fate == "cut":
                world.wire.cut_all()
            else:
                words = b"* BYE restarting\r\n" if fate == "bye" else b"%$#@ no IMAP\r\n"
                world.wire._loop.call_soon_threadsafe(dialogue.send, "down", words)

        threading.Timer(0.3, strike).start()
        with pytest.raises(MailboxError) as caught:
            mailbox.wait("INBOX", 60, Stop())
        assert lost(caught.value)


def test_mail_announced_together_with_the_start_of_idle_is_a_push(world: ImapWorld) -> None:
    world.wire.script = [[fault.replace(rb"\+ idling\r\n", b"+ idling\r\n* 1 EXISTS\r\n")]]
    with contextlib.closing(world.open()) as mailbox:
        assert mailbox.wait("INBOX", 60, Stop()) is True


def test_a_server_that_announces_idle_and_refuses_it_is_polled(
    world: ImapWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inboxbot.mailbox.rest.POLL", 0.2)
    world.wire.always = [lambda: fault.on(rb"IDLE\r\n", fault.instead(b"TAG BAD not today\r\n"), times=99)]
    with contextlib.closing(world.open()) as mailbox:
        threading.Timer(0.3, world.deliver, [mail("a")]).start()
        assert mailbox.wait("INBOX", 60, Stop()) is True


# --- the server -------------------------------------------------------------------------------------------------------


def test_an_absurd_literal_is_refused_before_it_is_stored(world: ImapWorld) -> None:
    world.deliver(mail("a"))
    world.wire.script = [[fault.replace(rb"BODY\[\] \{\d+\}", b"BODY[] {4000000000}")]]
    with contextlib.closing(world.open()) as mailbox, pytest.raises(MailboxError, match="announced 4000000000 bytes"):
        list(mailbox.fetch(everything(mailbox)))


def test_a_line_without_end_is_left(world: ImapWorld) -> None:
    world.wire.script = [[fault.on(rb"EXAMINE", fault.say(b"* " + b"x" * 3_000_000))]]
    with contextlib.closing(world.open()) as mailbox, pytest.raises(MailboxError, match="more than it had announced"):
        everything(mailbox)


def test_a_mail_larger_than_the_server_said_is_read_all_the_same(world: ImapWorld) -> None:
    raw = mail("a", body=("x" * 998 + "\r\n") * 3000)
    world.deliver(raw)
    world.wire.script = [[fault.replace(rb"RFC822\.SIZE \d+", b"RFC822.SIZE 1200")]]
    with contextlib.closing(world.open()) as mailbox:
        new = everything(mailbox)
        assert new[0].size == 1200
        assert [got for _, got in mailbox.fetch(new)] == [raw]


def test_one_mail_that_the_server_cannot_hand_out_costs_no_other(world: ImapWorld) -> None:
    for name in "abc":
        world.deliver(mail(name))
    sick = rb"UID FETCH (1:3|2) \(FLAGS INTERNALDATE BODY"
    world.wire.always = [lambda: fault.on(sick, fault.instead(b"TAG NO cannot read it\r\n"), times=9)]
    with contextlib.closing(world.open()) as mailbox:
        got = [raw for _, raw in mailbox.fetch(everything(mailbox))]
    assert got == [mail("a"), None, mail("c")]


def test_one_head_that_the_server_cannot_hand_out_costs_no_mail(world: ImapWorld) -> None:
    for name in "abc":
        world.deliver(mail(name))
    sick = rb"UID FETCH (1:3|2) \(FLAGS INTERNALDATE RFC822.SIZE"
    world.wire.always = [lambda: fault.on(sick, fault.instead(b"TAG NO cannot read it\r\n"), times=9)]
    with contextlib.closing(world.open()) as mailbox:
        got = [raw for _, raw in mailbox.fetch(everything(mailbox))]
    assert got == [mail("a"), mail("b"), mail("c")]


def test_a_special_folder_that_cannot_be_opened_does_not_block_the_others(world: ImapWorld) -> None:
    world.deliver(mail("draft"), "Trash")
    world.wire.always = [lambda: fault.on(rb"EXAMINE Sent", fault.instead(b"TAG NO [NOPERM] not yours\r\n"), times=9)]
    with contextlib.closing(world.open()) as mailbox:
        assert mailbox.holds(message_id("draft"))
        assert not mailbox.answered(message_id("a"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"TAG NO [OVERQUOTA] Quota exceeded\r\n", "make room"),
        (b"TAG NO [TRYCREATE] Mailbox doesn't exist\r\n", "does not exist"),
        (b"TAG NO [NOPERM] no\r\n", "write access"),
        (b"TAG BAD what?\r\n", "what?"),
    ],
)
def test_a_refused_draft_is_certainly_not_there_and_the_reason_is_told(
    world: ImapWorld, answer: bytes, words: str
) -> None:
    world.wire.script = [[fault.on(rb"APPEND", fault.instead(answer))]]
    with contextlib.closing(world.open()) as mailbox:
        with pytest.raises(RefusedError, match=words.replace("?", r"\?")):
            mailbox.append("Drafts", mail("draft"), DRAFT_FLAGS)
        assert mailbox.drift("Drafts", mailbox.fence("Drafts")).present == {}


@pytest.mark.parametrize("code", [b"[UNAVAILABLE]", b"[INUSE]", b"[SERVERBUG]"])
def test_a_refusal_that_passes_is_no_refusal(world: ImapWorld, code: bytes) -> None:
    world.wire.script = [[fault.on(rb"EXAMINE", fault.instead(b"TAG NO " + code + b" later\r\n"))]]
    with contextlib.closing(world.open()) as mailbox, pytest.raises(MailboxError) as caught:
        everything(mailbox)
    assert lost(caught.value)
    assert caught.value.retry_after == 60


def test_the_servers_own_words_on_the_pause_are_obeyed(world: ImapWorld) -> None:
    answer = b"TAG NO Request is throttled. Suggested Backoff Time: 299961 milliseconds\r\n"
    world.wire.script = [[fault.on(rb"EXAMINE", fault.instead(answer))]]
    with contextlib.closing(world.open()) as mailbox, pytest.raises(MailboxError) as caught:
        everything(mailbox)
    assert caught.value.retry_after == pytest.approx(299.961)


def test_a_draft_whose_head_is_not_told_is_no_proof_that_ours_is_missing(world: ImapWorld) -> None:
    world.wire.script = [[fault.replace(rb"BODY\[HEADER.FIELDS[^\r]*\r\nMessage-ID: [^\r]*\r\n\r\n\)", b"BODY[] NIL)")]]
    with contextlib.closing(world.open()) as mailbox:
        fence = mailbox.fence("Drafts")
        world.deliver(mail("draft"), "Drafts")
        drift = mailbox.drift("Drafts", fence)
        assert (drift.fence.uidnext, drift.present) == (fence.uidnext + 1, {})


def test_a_lost_answer_to_append_is_no_refusal_and_the_draft_is_there(world: ImapWorld) -> None:
    world.wire.script = [[fault.on(rb"APPENDUID", fault.cut, "down")]]
    with contextlib.closing(world.open()) as mailbox, pytest.raises(MailboxError) as caught:
        mailbox.append("Drafts", mail("draft"), DRAFT_FLAGS)
    assert lost(caught.value)
    assert [name for name, _ in world.held("Drafts")] == [message_id("draft")]


def test_an_interruption_from_within_leaves_no_half_command_behind(world: ImapWorld) -> None:
    class Stopped(BaseException):
        pass

    with contextlib.closing(world.open()) as mailbox:
        line = mailbox._session.line
        send = line.send

        def interrupted(data: bytes) -> None:
            if data.startswith(b"From:"):
                send(data[:100])
                raise Stopped
            send(data)

        line.send = interrupted
        with pytest.raises(Stopped):
            mailbox.append("Drafts", mail("draft"), DRAFT_FLAGS)
    assert world.held("Drafts") == []
    time.sleep(0.1)
    assert b"LOGOUT" not in bytes(world.wire.dialogues[0].said["up"])
