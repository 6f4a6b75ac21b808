"""Logins by an access token, on a real Dovecot that verifies it."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path

import pytest

from inboxbot.errors import MailboxError, RefusedError, SignInError
from inboxbot.mailbox.connect import Deadlines, with_token
from inboxbot.mailbox.imap import open_imap
from tests.main_job.service import configured, inboxbot
from tests.servers import faultproxy as fault
from tests.servers import imapservers
from tests.servers.faultproxy import FaultProxy
from tests.servers.imapservers import Server
from tests.servers.jwtmini import token


def drafts(port: int, user: str, bearer: str) -> str:
    """Sign in and look."""
    mailbox = open_imap(
        host="127.0.0.1", port=port, security="none", user=user, login=with_token(user, lambda: bearer), deadlines=Deadlines(login=5.0),
    )  # fmt: skip
    with contextlib.closing(mailbox):
        return mailbox.drafts_folder()


def key(server: Server) -> bytes:
    return server.secret_file.read_bytes()


def test_a_good_token_opens_the_mailbox(dovecot: Server, user: str) -> None:
    assert drafts(dovecot.imap, user, token(user, key(dovecot))) == "Drafts"


def test_a_server_that_knows_oauthbearer_alone_is_served_too(user: str) -> None:
    with imapservers.dovecot(AUTH="plain oauthbearer") as server:
        assert drafts(server.imap, user, token(user, key(server))) == "Drafts"


@pytest.mark.parametrize("mechanisms", ["plain xoauth2", "plain oauthbearer"])
def test_a_token_that_is_expired_forged_or_anothers_is_refused_in_words(user: str, mechanisms: str) -> None:
    with imapservers.dovecot(AUTH=mechanisms) as server:
        for bearer in (
            token(user, key(server), seconds=-60),
            token(user, b"another key"),
            token("t-somebody-else", key(server)),
            token(user, key(server), issuer="https://elsewhere.test"),
            "no token at all",
        ):
            with pytest.raises(RefusedError, match=f"access token for {user} was refused") as caught:
                drafts(server.imap, user, bearer)
            assert not isinstance(caught.value, SignInError)  # no guess at a password: asking again locks nobody out
            assert bearer not in str(caught.value)


def test_a_line_that_breaks_at_the_login_is_no_refusal(dovecot: Server, user: str) -> None:
    with FaultProxy(dovecot.imap) as wire:
        wire.script = [[fault.on(rb"AUTHENTICATE", fault.cut)]]
        with pytest.raises(MailboxError, match="connection lost at login") as caught:
            drafts(wire.port, user, token(user, key(dovecot)))
    assert not isinstance(caught.value, RefusedError)


def test_a_token_from_a_command_opens_the_mailbox(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    command = json.dumps([sys.executable, "-c", f"print({token(user, key(dovecot))!r})"])
    by_token = f'auth = "xoauth2"\ntoken_command = {command}\n'
    config.write_text(config.read_text().replace('password_file = "office.password"\n', by_token))
    told = inboxbot(tmp_path, "check", "--json", "--config", str(config)).stdout
    found = {each["what"]: each for each in map(json.loads, told.splitlines())}
    assert (found["secret"]["state"], found["login"]["state"]) == ("ok", "ok")
