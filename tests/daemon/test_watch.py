from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from inboxbot.daemon import watch as watching
from inboxbot.daemon.watch import Pulse
from inboxbot.errors import MailboxError, RefusedError, SetupError, SignInError, StoreError
from inboxbot.mailbox.connect import Deadlines
from inboxbot.mailbox.imap import ImapMailbox, open_imap
from inboxbot.stop import Stop
from tests.contracts.mailbox_contract import mail
from tests.daemon.office import Office, at_work, until
from tests.servers import faultproxy as fault
from tests.servers import imapservers
from tests.servers.imapservers import Server
from tests.servers.imapworld import ImapWorld


@pytest.fixture
def office(dovecot: Server, user: str) -> Iterator[Office]:
    with ImapWorld(dovecot.imap, user) as world:
        world.deadlines = Deadlines(connect=5.0, login=5.0, command=5.0, fetch=5.0, done=1.0, leave=0.5)
        yield Office(world)


# --- the usual day ----------------------------------------------------------------------------------------------------


def test_a_letter_that_is_pushed_gets_its_draft(office: Office) -> None:
    office.world.deliver(mail("old"))
    with at_work(office.watch()):
        office.world.deliver(mail("a"))
        office.drafted("a")
        office.world.deliver(mail("b"))
        office.drafted("a", "b")
    assert office.connections == 1


def test_without_idle_the_folder_is_asked_now_and_then(
    dovecot_beneath_inbox: Server, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inboxbot.mailbox.rest.POLL", 0.2)
    names = {"drafts": "INBOX.Drafts", "sent": "INBOX.Sent", "trash": "INBOX.Trash", "prefix": "INBOX."}
    with ImapWorld(dovecot_beneath_inbox.imap, user, **names) as world:
        office = Office(world)
        with at_work(office.watch()):
            world.deliver(mail("a"))
            office.drafted("a")


def test_what_no_push_tells_of_is_found_by_the_safety_sweep(office: Office) -> None:
    deaf = fault.on(rb"idling\r\n", lambda d, w, b: (d.send(w, b), d.silent.add("down"), b"")[2], "down", times=1)
    office.world.wire.script = [[deaf]]
    office.world.deadlines = Deadlines(done=0.3, leave=0.1)
    with at_work(office.watch(poll_seconds=1.0)):
        office.world.deliver(mail("a"))
        office.drafted("a")


def test_a_rest_gives_signs_of_life(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LONGEST_REST", 0.1)
    with at_work(office.watch()) as pulse:
        before = pulse.moved_at
        until(lambda: pulse.moved_at > before, "a sign of life while resting")
    assert office.connections == 1


# --- the line ---------------------------------------------------------------------------------------------------------


def restart(dialogue: fault.Dialogue, way: fault.Direction, data: bytes) -> bytes:
    dialogue.send("down", b"* BYE restarting\r\n")
    raise fault.CutError


@pytest.mark.parametrize(
    "trouble",
    [
        fault.on(rb"IDLE", fault.cut),
        fault.on(rb"IDLE", fault.reset),
        fault.on(rb"IDLE", restart),
        fault.on(rb"IDLE", fault.say(b"%$#@ no IMAP at all\r\n")),
        fault.on(rb"FETCH", fault.cut),
        fault.on(rb"FETCH", fault.say(b"* 1 FETCH (UID 1 BODY[] {12\r\n", then=fault.CutError)),
        fault.on(rb"LOGIN", fault.cut),
        fault.on(rb"EXAMINE", fault.instead(b"TAG NO [UNAVAILABLE] later\r\n")),
    ],
    ids=["cut", "reset", "bye", "garbage", "cut in a fetch", "nonsense in a fetch", "cut at login", "unavailable"],
)
def test_after_any_failure_of_the_line_it_comes_back(
    office: Office, trouble: fault.Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inboxbot.mailbox.refusal._PASSING", {"UNAVAILABLE": 0.05})
    office.world.wire.script = [[trouble]]
    with at_work(office.watch()):
        office.world.deliver(mail("a"))
        office.drafted("a")
        office.world.deliver(mail("b"))
        office.drafted("a", "b")
    assert office.connections > 1


def test_a_server_that_hangs_is_left_and_found_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inboxbot.mailbox.rest.SLICE", 0.3)
    office.world.wire.script = [[fault.on(rb"IDLE", fault.hang)]]
    with at_work(office.watch()):
        office.world.deliver(mail("a"))
        office.drafted("a")
    assert office.connections == 2


def test_a_server_that_is_down_is_tried_with_growing_pauses(office: Office) -> None:
    office.world.wire.refuse = True
    with capture_logs() as logs, at_work(office.watch(), waiting=False) as pulse:
        until(lambda: office.connections >= 5, "five attempts")
        office.world.wire.refuse = False
        until(lambda: pulse.state == "watching", "a connection")
        office.world.deliver(mail("a"))
        office.drafted("a")
    assert {line["account"] for line in logs} == {"office"}


def test_pauses_double_with_jitter_up_to_a_quarter_of_an_hour(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: (low, high))
    watch, memory = office.watch(), watching._Memory(5.0)
    spans = [watch._jittered(memory) for _ in range(10)]
    assert spans[:3] == [(2.5, 5.0), (5.0, 10.0), (10.0, 20.0)]
    assert spans[-1] == (450.0, 900.0)


def test_the_pause_that_a_server_asks_for_is_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = b"TAG NO Request is throttled. Suggested Backoff Time: 299961 milliseconds\r\n"
    office.world.wire.script = [[fault.on(rb"EXAMINE", fault.instead(answer))]]
    rests: list[float] = []
    monkeypatch.setattr(watching.Watch, "_rest", lambda self, seconds, stop, pulse: rests.append(seconds))
    with at_work(office.watch()):
        until(lambda: rests, "a pause")
    assert rests[0] == pytest.approx(299.961)


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [RefusedError("its certificate is not valid: expired"), SetupError(["no password"])])
def test_what_an_administrator_can_mend_is_told_once_and_asked_for_again(office: Office, error: Exception) -> None:
    mended = threading.Event()

    def opened() -> ImapMailbox:
        office.connections += not mended.is_set()
        if not mended.is_set():
            raise error
        return office.world.open()

    with capture_logs() as logs, at_work(office.watch(opener=opened), waiting=False) as pulse:
        until(lambda: office.connections > 5, "more attempts than a wrong password gets")
        assert pulse.why == str(error)
        mended.set()
        until(lambda: pulse.state == "watching", "a watch")
        assert pulse.why == ""
    assert [line["why"] for line in logs if line["event"] == "mailbox refused"] == [str(error)]


def test_a_certificate_that_ends_soon_is_told_of_once_a_day(user: str) -> None:
    with imapservers.dovecot(CERT="ending") as server:

        def opened() -> ImapMailbox:
            return open_imap(
                host="localhost",
                port=server.imaps,
                security="tls",
                user=user,
                secret=lambda: "secret",
                ca_file=server.ca,
            )

        with (
            ImapWorld(server.imap, user) as world,
            capture_logs() as logs,
            at_work(Office(world).watch(poll_seconds=0.1, opener=opened)) as pulse,
        ):
            first = pulse.succeeded_at
            until(lambda: pulse.succeeded_at != first, "another sweep")
    told = [line for line in logs if line["event"] == "the server's certificate ends soon"]
    assert [line["days"] for line in told] == [9]


def test_after_three_refused_logins_the_account_rests_so_that_no_provider_locks_it(office: Office) -> None:
    attempts = []

    def refused() -> ImapMailbox:
        attempts.append(1)
        raise SignInError("wrong password")

    with at_work(office.watch(opener=refused)) as pulse:
        until(lambda: pulse.state == "resting", "the rest")
    assert len(attempts) == 3


def test_a_login_that_works_again_is_no_refusal_any_more(office: Office) -> None:
    attempts = []

    def now_and_then() -> ImapMailbox:
        attempts.append(1)
        if len(attempts) % 3:
            raise SignInError("not now")
        mailbox = office.open()
        if len(attempts) < 9:
            mailbox._session._drop()
        return mailbox

    with at_work(office.watch(opener=now_and_then)) as pulse:
        until(lambda: pulse.state == "watching", "a watch")
        office.world.deliver(mail("a"))
        office.drafted("a")
    assert len(attempts) == 9


def test_a_full_mailbox_is_told_once_and_filed_into_when_there_is_room(office: Office) -> None:
    full = [fault.instead(b"TAG NO [OVERQUOTA] Quota exceeded\r\n")]

    def act(dialogue: fault.Dialogue, way: fault.Direction, data: bytes) -> bytes:
        return full[0](dialogue, way, data) if full else data

    office.world.wire.script = [[fault.on(rb"APPEND", act, times=99)]]
    with capture_logs() as logs, at_work(office.watch(poll_seconds=0.1)) as pulse:
        office.world.deliver(mail("a"))
        until(lambda: pulse.state == "refused", "a refusal")
        office.world.deliver(mail("b"))
        until(lambda: office.reader.read_subjects.total() == 2, "both letters read")
        full.clear()
        office.drafted("a", "b")
    told = [line["why"] for line in logs if line["event"] == "mailbox refused"]
    assert len(told) == 1
    assert "make room" in told[0]
    assert office.connections == 1


def test_no_drafts_folder_is_told_and_watched_for(office: Office) -> None:
    office.world.drafts = "Entwürfe"
    hidden = fault.on(
        rb"\* LIST",
        lambda _, __, data: data.replace(b"\\Drafts", b"\\Flagged").replace(b"Drafts", b"Other"),
        "down",
        times=9,
    )
    office.world.wire.script = [[hidden]]
    with capture_logs() as logs, at_work(office.watch()):
        office.world.create("Entwürfe")
        until(lambda: any(line["event"] == "mailbox refused" for line in logs), "a refusal")
        until(lambda: any(line["event"] == "watching" for line in logs[2:]), "another connection")
    assert "no Drafts folder" in next(line["why"] for line in logs if line["event"] == "mailbox refused")


# --- letters ----------------------------------------------------------------------------------------------------------


def test_a_letter_moved_away_just_before_it_is_fetched_costs_no_other(
    office: Office, dovecot: Server, user: str
) -> None:
    def moved(dialogue: fault.Dialogue, way: fault.Direction, data: bytes) -> bytes:
        person = dovecot.client(user)
        person.select_folder("INBOX")
        person.move(person.search(), "Trash")
        person.shutdown()
        return data

    office.world.wire.script = [[fault.on(rb"UID FETCH [^\r]*BODY.PEEK\[\]", moved)]]
    with at_work(office.watch()):
        office.world.deliver(mail("gone"))
        until(lambda: len(office.world.held("Trash")) == 1, "the move")
        office.world.deliver(mail("a"))
        until(lambda: "a" in office.drafts(), "the other's draft")


def test_a_poison_letter_is_set_aside_and_told_and_the_others_go_on(office: Office) -> None:
    with capture_logs() as logs, at_work(office.watch(poll_seconds=0.1)):
        office.world.deliver(mail("p", Subject="Poison"))
        office.world.deliver(mail("a"))
        office.drafted("a")
        until(lambda: any(line["event"] == "letter set aside" for line in logs), "the quarantine")
        office.world.deliver(mail("b"))
        office.drafted("a", "b")
    aside = next(line for line in logs if line["event"] == "letter set aside")
    assert aside["why"] == "the reader crashed"
    assert aside["mend"].startswith("inboxbot retry ")
    assert office.reader.read_subjects["Poison"] == 3


def test_without_a_model_letters_wait_which_is_told_once(office: Office) -> None:
    office.reader.has_model = False
    with capture_logs() as logs, at_work(office.watch(poll_seconds=0.1)) as pulse:
        office.world.deliver(mail("a"))
        until(lambda: pulse.state == "undecided", "the wait")
        before = pulse.moved_at
        until(lambda: pulse.moved_at > before + 0.5, "another sweep or two")
        office.reader.has_model = True
        office.drafted("a")
    assert [line["event"] for line in logs].count("letters wait undecided") == 1
    assert office.connections == 1


def test_a_store_that_fails_ends_the_watch(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise StoreError("the disk is gone")

    with at_work(office.watch()) as pulse:
        monkeypatch.setattr(office.ledger, "open", broken)
        office.world.deliver(mail("a"))
        until(lambda: pulse.error is not None, "the end")
    assert isinstance(pulse.error, StoreError)


def test_a_fault_of_ours_is_no_end(office: Office) -> None:
    failures = iter([ZeroDivisionError(), KeyError("x")])

    def clumsy() -> ImapMailbox:
        for error in failures:
            raise error
        return office.open()

    with capture_logs() as logs, at_work(office.watch(opener=clumsy)) as pulse:
        until(lambda: pulse.state == "watching", "a watch")
        office.world.deliver(mail("a"))
        office.drafted("a")
    assert [line["why"] for line in logs if line["event"] == "unexpected failure"] == ["ZeroDivisionError", "KeyError"]


# --- once -------------------------------------------------------------------------------------------------------------


def test_once_drains_and_leaves(office: Office) -> None:
    office.watch().once(Stop(), Pulse())
    office.world.deliver(mail("a"))
    pulse = Pulse()
    office.watch().once(Stop(), pulse)
    assert office.drafts() == ["a"]
    assert pulse.state == "done"


def test_once_waits_for_a_filing_that_was_interrupted_just_before(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.watch().once(Stop(), Pulse())
    office.world.deliver(mail("a"))
    office.world.wire.script = [[fault.on(rb"APPENDUID", fault.cut, "down")]]
    with pytest.raises(MailboxError):
        office.watch().once(Stop(), Pulse())
    rests: list[float] = []

    def rest(self: object, seconds: float, stop: object, pulse: object) -> None:
        rests.append(seconds)
        office.ahead += timedelta(seconds=seconds)

    monkeypatch.setattr(watching.Watch, "_rest", rest)
    office.watch().once(Stop(), Pulse())
    assert office.drafts() == ["a"]
    assert 0 < rests[0] <= 30
    assert office.ledger.unfinished(office.world.open().account) == []
