"""What providers say when they will not, in their own words, and what is made of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from inboxbot.errors import MailboxError, RefusedError, SignInError
from inboxbot.mailbox import rest
from inboxbot.mailbox.connect import Deadlines
from inboxbot.mailbox.imap import ImapMailbox
from tests.servers import faultproxy as fault
from tests.servers.imapservers import Server
from tests.servers.imapworld import ImapWorld

MINUTE = 60.0


@pytest.fixture
def world(dovecot: Server, user: str) -> Iterator[ImapWorld]:
    with ImapWorld(dovecot.imap, user) as world:
        yield world


def opened(world: ImapWorld, command: bytes, answer: str) -> ImapMailbox:
    """A mailbox whose server answers that command so."""
    world.wire.script = [[fault.on(command, fault.instead(f"TAG {answer}\r\n".encode()))]]
    return world.open()


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        ("NO [ALERT] Too many simultaneous connections. (Failure)", MINUTE),
        ("NO [ALERT] Account exceeded bandwidth limits. (Failure)", 60 * MINUTE),
        ("NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded", MINUTE),
        ("BAD User is authenticated but not connected.", MINUTE),
        ("NO Server Unavailable. Try again later.", MINUTE),
        ("NO [LIMIT] Session limit reached", 15 * MINUTE),
    ],
)
def test_a_login_that_is_put_off_is_no_wrong_password(world: ImapWorld, answer: str, pause: float) -> None:
    with pytest.raises(MailboxError, match="now") as caught:
        opened(world, rb"LOGIN", answer)
    assert not isinstance(caught.value, RefusedError)
    assert caught.value.retry_after == pause


@pytest.mark.parametrize(
    ("answer", "mend"),
    [
        ("NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "wrong user or password"),
        ("NO LOGIN failed.", "wrong user or password"),
        ("NO [ALERT] Application-specific password required: https://support.google.com/ (Failure)", "app password"),
        ("NO [WEBALERT https://accounts.google.com/] Web login required.", "app password"),
        ("NO [ALERT] Please log in via your web browser: https://support.google.com/ (Failure)", "app password"),
    ],
)
def test_a_login_that_is_refused_is_told_with_what_helps(world: ImapWorld, answer: str, mend: str) -> None:
    with pytest.raises(SignInError, match=mend):
        opened(world, rb"LOGIN", answer)


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        ("NO [THROTTLED] slow down", 5 * MINUTE),
        ("NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)", 60 * MINUTE),
        ("BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds", 299.961),
        ("BAD User is authenticated but not connected.", MINUTE),
        ("NO [INUSE] Mailbox is locked", MINUTE),
    ],
)
def test_a_server_that_asks_to_be_left_alone_is_left_alone_for_so_long(
    world: ImapWorld, answer: str, pause: float
) -> None:
    with contextlib.closing(opened(world, rb"EXAMINE", answer)) as mailbox, pytest.raises(MailboxError) as caught:
        mailbox.fence("INBOX")
    assert not isinstance(caught.value, RefusedError)
    assert caught.value.retry_after == pytest.approx(pause)


def test_a_dead_line_is_noticed_within_six_minutes() -> None:
    assert rest.SLICE + Deadlines().done <= 6 * MINUTE
