from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from inboxbot.daemon import supervise, watch
from inboxbot.daemon.notify import Notifier
from inboxbot.daemon.supervise import DONE, FAILED, TEMPORARY, Supervisor, drain
from inboxbot.daemon.watch import Watch
from inboxbot.errors import MailboxError, RefusedError, SetupError, SignInError, StoreError
from inboxbot.mailbox.imap import ImapMailbox, open_imap
from tests.contracts.mailbox_contract import mail
from tests.daemon.office import PATIENCE, Office, until
from tests.servers import faultproxy as fault
from tests.servers import imapservers
from tests.servers.imapservers import PASSWORD, Server
from tests.servers.imapworld import ImapWorld


@pytest.fixture
def offices(dovecot: Server, user: str) -> Iterator[tuple[Office, Office]]:
    with ImapWorld(dovecot.imap, user) as one, ImapWorld(dovecot.imap, f"{user}-2") as other:
        yield Office(one, "one"), Office(other, "other")


class Manager:
    """systemd's end of the notification socket."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self._path)
        self.heard: list[str] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        while said := self._socket.recv(65536):
            self.heard.append(said.decode())

    def close(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self._path)
        self._listener.join()
        self._socket.close()

    def hears(self, words: str, times: int = 1) -> None:
        until(lambda: sum(words in said for said in self.heard) >= times, f"{words} in {self.heard[-3:]}")


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manager]:
    path = Path("/tmp") / f"ib-{os.getpid()}-{tmp_path.name[-12:]}.sock"  # 108 bytes in all
    monkeypatch.setenv("NOTIFY_SOCKET", str(path))
    monkeypatch.setenv("WATCHDOG_USEC", "150000")
    with contextlib.closing(Manager(path)) as manager:
        yield manager
    path.unlink()


def serve(
    watches: Sequence[Watch], play: Callable[[], None], reload: Callable[[], Sequence[Watch]] | None = None
) -> int:
    """Run a supervisor in this, the main thread, while the play goes on beside it; SIGTERM ends it. Its exit code."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    trouble: list[BaseException] = []

    def act() -> None:
        try:
            play()
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            trouble.append(error)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    actor = threading.Timer(0.2, act)
    actor.start()
    try:
        code = Supervisor(watches, reload or (lambda: watches), Notifier()).run()
    finally:
        actor.join()  # its SIGTERM must come while a handler stands, also when the service ended by itself
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if trouble:
        raise trouble[0]
    return code


def refused() -> ImapMailbox:
    raise SignInError("wrong password")


# --- several accounts -------------------------------------------------------------------------------------------------


def test_one_account_that_fails_does_not_keep_the_other_from_its_work(
    offices: tuple[Office, Office], manager: Manager
) -> None:
    one, other = offices

    def play() -> None:
        manager.hears("one: resting, other: watching")
        other.world.deliver(mail("a"))
        other.drafted("a")

    assert serve([one.watch(opener=refused), other.watch()], play) == DONE
    assert any(said.startswith("READY=1") for said in manager.heard)


def test_an_expired_certificate_keeps_its_own_account_alone_waiting_until_it_is_renewed(
    offices: tuple[Office, Office], manager: Manager, dovecot: Server
) -> None:
    one, other = offices
    with imapservers.dovecot(CERT="expired") as expired:
        server = expired

        def opened() -> ImapMailbox:
            return open_imap(
                host="localhost", port=server.imaps, security="tls", user=one.world.user, secret=lambda: PASSWORD, ca_file=server.ca,
            )  # fmt: skip

        def play() -> None:
            nonlocal server
            manager.hears("one: refused, other: watching")
            other.world.deliver(mail("a"))
            other.drafted("a")
            server = dovecot  # where the certificate is good
            manager.hears("one: watching")
            one.world.deliver(mail("b"))
            one.drafted("b")

        assert serve([one.watch(opener=opened), other.watch()], play) == DONE


def test_a_stop_does_not_wait_for_a_server_that_hangs(offices: tuple[Office, Office]) -> None:
    one, _ = offices
    one.world.wire.script = [[fault.on(rb"EXAMINE", fault.hang)]]
    assert serve([one.watch()], lambda: until(lambda: one.world.wire.dialogues, "a connection")) == DONE


def test_the_watchdog_is_fed_by_progress_alone(
    offices: tuple[Office, Office], manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = offices
    hanging = threading.Event()
    monkeypatch.setattr(supervise, "STALE_SECONDS", 1.5)
    monkeypatch.setattr(watch, "LONGEST_REST", 0.2)

    def hang() -> ImapMailbox:
        hanging.wait(PATIENCE)
        raise MailboxError("at last")

    def play() -> None:
        manager.hears("WATCHDOG=1")
        until(lambda: quiet(manager), "the watchdog's hunger while one account hangs")
        hanging.set()
        until(lambda: not quiet(manager), "its food, once that account gets on")

    assert serve([one.watch(), other.watch(opener=hang)], play) == DONE


def quiet(manager: Manager) -> bool:
    before = len(manager.heard)
    threading.Event().wait(1.0)
    return len(manager.heard) == before


def test_a_store_that_fails_ends_the_service_for_the_supervisor_to_try_again(
    offices: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = offices

    def broken(*_: object) -> object:
        raise StoreError("the disk is gone")

    monkeypatch.setattr(one.ledger, "first_seen", broken)
    ended = threading.Event()
    assert serve([one.watch()], lambda: ended.wait(1.0)) == TEMPORARY


# --- reading the configuration again ----------------------------------------------------------------------------------


def test_a_reload_puts_new_watches_in_the_place_of_the_old_ones(
    offices: tuple[Office, Office], manager: Manager
) -> None:
    one, other = offices

    def play() -> None:
        manager.hears("one: watching")
        os.kill(os.getpid(), signal.SIGHUP)
        manager.hears("RELOADING=1")
        manager.hears("other: watching")
        other.world.deliver(mail("a"))
        other.drafted("a")
        one.world.deliver(mail("b"))

    assert serve([one.watch()], play, lambda: [other.watch()]) == DONE
    assert one.drafts() == []


def test_a_configuration_that_is_refused_leaves_the_old_watches_at_work(offices: tuple[Office, Office]) -> None:
    one, _ = offices

    def wrong() -> Sequence[Watch]:
        raise SetupError(["unknown key quoat", "no such file"])

    with capture_logs() as logs:

        def play() -> None:
            until(lambda: one.connections, "a connection")
            os.kill(os.getpid(), signal.SIGHUP)
            until(lambda: sum(line["event"].startswith("configuration refused") for line in logs) == 2, "both problems")
            one.world.deliver(mail("a"))
            one.drafted("a")

        assert serve([one.watch()], play, wrong) == DONE
    assert one.connections == 1


def test_a_letter_in_the_hands_of_an_old_watch_is_not_taken_by_the_new_one(
    offices: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = offices
    monkeypatch.setattr(supervise, "STOP_SECONDS", 0.1)
    reading, go_on = threading.Event(), threading.Event()
    read = one.reader.read

    def slowly(raw: bytes, brief: object) -> object:
        reading.set()
        go_on.wait(PATIENCE)
        return read(raw, brief)  # type: ignore[arg-type]

    monkeypatch.setattr(one.reader, "read", slowly)

    def play() -> None:
        until(lambda: one.connections == 1, "a connection")
        until(lambda: one.ledger.cursor(f"{one.world.user}@127.0.0.1", "INBOX"), "a first look")
        one.world.deliver(mail("a"))
        assert reading.wait(PATIENCE)
        os.kill(os.getpid(), signal.SIGHUP)
        assert not threading.Event().wait(0.5)
        assert one.connections == 1
        go_on.set()
        until(lambda: one.connections == 2, "the new watch")
        one.drafted("a")

    assert serve([one.watch()], play) == DONE
    assert one.reader.read_subjects.total() == 1


# --- once -------------------------------------------------------------------------------------------------------------


def failing(error: Exception) -> Callable[[], ImapMailbox]:
    def fail() -> ImapMailbox:
        raise error

    return fail


def test_draining_says_how_it_went(offices: tuple[Office, Office]) -> None:
    one, other = offices
    assert drain([one.watch(), other.watch()]) == DONE
    other.world.deliver(mail("a"))
    for error, code in (
        (MailboxError("no route"), TEMPORARY),
        (StoreError("disk full"), TEMPORARY),
        (RefusedError("wrong password"), FAILED),
        (SetupError(["no password file"]), FAILED),
        (ZeroDivisionError(), FAILED),
    ):
        assert drain([one.watch(opener=failing(error)), other.watch()]) == code
    assert other.drafts() == ["a"]
