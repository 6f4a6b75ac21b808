from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest

from inboxbot.errors import MailboxError, RefusedError, SetupError
from inboxbot.mailbox.connect import Deadlines
from inboxbot.mailbox.imap import ImapMailbox, open_imap
from tests.servers import faultproxy as fault
from tests.servers import imapservers
from tests.servers.faultproxy import FaultProxy
from tests.servers.imapservers import PASSWORD, Server

IMPATIENT = Deadlines(connect=1.0, login=1.0, command=1.0, fetch=1.0, done=1.0, leave=0.5)


@contextlib.contextmanager
def opened(**changes: object) -> Iterator[ImapMailbox]:
    options = {"host": "localhost", "security": "tls", "secret": lambda: PASSWORD, "deadlines": IMPATIENT} | changes
    mailbox = open_imap(**options)
    try:
        yield mailbox
    finally:
        mailbox.close()


@pytest.fixture
def wire(dovecot: Server) -> Iterator[FaultProxy]:
    with FaultProxy(dovecot.imap) as proxy:
        yield proxy


def test_tls_with_the_right_authority_is_a_session(dovecot: Server, user: str) -> None:
    with opened(port=dovecot.imaps, user=user, ca_file=dovecot.ca) as mailbox:
        assert mailbox.account == f"{user}@localhost"
        assert mailbox.drafts_folder() == "Drafts"


def test_starttls_is_a_session_too(dovecot: Server, user: str) -> None:
    with opened(port=dovecot.imap, user=user, security="starttls", ca_file=dovecot.ca) as mailbox:
        assert mailbox.drafts_folder() == "Drafts"


def test_an_unknown_authority_is_refused(dovecot: Server, user: str) -> None:
    with (
        pytest.raises(RefusedError, match=r"certificate is not valid: .*`ca_file`"),
        opened(port=dovecot.imaps, user=user),
    ):
        pass


@pytest.mark.parametrize(("fault", "words"), [("expired", "expired.*clock"), ("wronghost", "localhost.*`ca_file`")])
def test_a_wrong_certificate_is_refused_in_words(user: str, fault: str, words: str) -> None:
    with (
        imapservers.dovecot(CERT=fault) as server,
        pytest.raises(RefusedError, match=f"certificate is not valid: .*{words}"),
        opened(port=server.imaps, user=user, ca_file=server.ca),
    ):
        pass


def test_an_authority_that_cannot_be_read_is_named(dovecot: Server, user: str) -> None:
    with (
        pytest.raises(RefusedError, match="ca_file /nowhere cannot be used"),
        opened(port=dovecot.imaps, user=user, ca_file="/nowhere"),
    ):
        pass


def test_the_password_never_crosses_the_net_in_clear(user: str) -> None:
    with (
        pytest.raises(RefusedError, match="in clear"),
        opened(host="imap.client.example", port=143, user=user, security="none"),
    ):
        pass


def test_starttls_that_was_taken_out_is_no_licence_for_clear_text(wire: FaultProxy, user: str) -> None:
    wire.script = [[fault.replace(rb" STARTTLS", b"", times=9)]]
    with (
        pytest.raises(RefusedError, match="offers no STARTTLS"),
        opened(port=wire.port, user=user, security="starttls"),
    ):
        pass
    assert PASSWORD.encode() not in bytes(wire.dialogues[0].said["up"])


def test_words_slipped_in_behind_starttls_end_the_connection(wire: FaultProxy, user: str, dovecot: Server) -> None:
    wire.script = [[fault.replace(rb"(OK Begin TLS[^\r]*\r\n)", rb"\1* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")]]
    with (
        pytest.raises(MailboxError, match="spoke in clear after STARTTLS"),
        opened(port=wire.port, user=user, security="starttls", ca_file=dovecot.ca),
    ):
        pass


def test_a_greeting_that_claims_a_login_is_refused(wire: FaultProxy, user: str) -> None:
    wire.script = [[fault.replace(rb"\* OK", b"* PREAUTH")]]
    with pytest.raises(RefusedError, match="PREAUTH"), opened(port=wire.port, user=user, security="starttls"):
        pass


def test_a_wrong_password_is_refused_and_a_lost_line_is_not_taken_for_one(wire: FaultProxy, user: str) -> None:
    with (
        pytest.raises(RefusedError, match=f"wrong user or password for {user}"),
        opened(port=wire.port, host="127.0.0.1", user=user, security="none", secret=lambda: "wrong"),
    ):
        pass
    wire.script = [[fault.on(rb"LOGIN", fault.cut)]]
    with (
        pytest.raises(MailboxError, match="connection lost at login") as caught,
        opened(port=wire.port, host="127.0.0.1", user=user, security="none"),
    ):
        pass
    assert not isinstance(caught.value, RefusedError)


def test_too_many_connections_are_no_wrong_password(wire: FaultProxy, user: str) -> None:
    wire.script = [
        [fault.on(rb"LOGIN", fault.instead(b"TAG NO [UNAVAILABLE] Maximum number of connections exceeded\r\n"))]
    ]
    with (
        pytest.raises(MailboxError, match=r"no login for .* now") as caught,
        opened(port=wire.port, host="127.0.0.1", user=user, security="none"),
    ):
        pass
    assert not isinstance(caught.value, RefusedError)
    assert caught.value.retry_after == 60


def test_a_password_beyond_ascii_logs_in() -> None:
    with (
        imapservers.dovecot(USERS="claire:été§12") as server,
        opened(port=server.imap, host="127.0.0.1", security="none", user="claire", secret=lambda: "été§12") as mailbox,
    ):
        assert mailbox.drafts_folder() == "Drafts"


def test_a_password_with_a_line_end_is_not_sent(wire: FaultProxy, user: str) -> None:
    with (
        pytest.raises(RefusedError, match="control characters"),
        opened(port=wire.port, host="127.0.0.1", user=user, security="none", secret=lambda: "a\r\nX1 CREATE pwned"),
    ):
        pass
    assert b"CREATE" not in bytes(wire.dialogues[0].said["up"])


def test_a_secret_that_cannot_be_had_is_told_as_it_is(wire: FaultProxy, user: str) -> None:
    def secret() -> str:
        raise SetupError(["the password file is empty"])

    with (
        pytest.raises(SetupError, match="password file is empty"),
        opened(port=wire.port, host="127.0.0.1", user=user, security="none", secret=secret),
    ):
        pass


def test_a_port_where_nothing_listens_is_named(user: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        pytest.raises(MailboxError, match=f"127.0.0.1:{port}: nothing listens there"),
        opened(port=port, host="127.0.0.1", user=user, security="none"),
    ):
        pass


def test_a_port_that_speaks_no_imap_is_told(user: str) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(MailboxError, match=r"no answer.*`security` fits the port"),
        opened(port=server.getsockname()[1], host="127.0.0.1", user=user, security="none"),
    ):
        pass


def test_tls_on_a_port_without_it_is_told(dovecot: Server, user: str) -> None:
    with pytest.raises(RefusedError, match=r'no TLS.*security = "starttls"'), opened(port=dovecot.imap, user=user):
        pass
