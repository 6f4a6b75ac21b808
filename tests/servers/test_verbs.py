"""That the suite would notice: every command of the bot's that reaches a test's Dovecot is looked at when it stops."""

from __future__ import annotations

import contextlib

import pytest

from tests.servers import imapservers
from tests.servers.imapworld import ImapWorld
from tests.servers.verbs import logged, never_to_be_said


def test_what_the_bot_says_to_a_server_is_kept_and_what_a_person_says_is_not() -> None:
    with imapservers.dovecot() as server, ImapWorld(server.imap, "t-verbs") as world:
        world.person.delete_folder(world.create("Old"))
        with contextlib.closing(world.open()) as mailbox:
            mailbox.drafts_folder()
        heard = server.heard_of_the_bot()
        assert [command.split()[0] for command in heard][-1:] == [b"LOGOUT"]
        assert any(command.startswith(b"LIST") for command in heard)
        assert not any(b"Old" in command for command in heard)


@pytest.mark.parametrize("verb", [b"EXPUNGE", b"UID STORE 1 +FLAGS (\\Seen)", b"UID FETCH 1 (BODY[])", b"CLOSE"])
def test_a_forbidden_word_fails_the_suite(verb: bytes) -> None:
    log = b'1795577485.073726 GFAM2 EXAMINE "INBOX"\r\n1795577485.073726 GFAM3 ' + verb + b"\r\n"
    assert never_to_be_said(logged(log)) == [verb]


def test_a_word_in_a_draft_is_no_command() -> None:
    log = b"1795577485.073726 GFAM2 APPEND Drafts {12}\r\n1795577485.073726 A1 EXPUNGE\r\n"
    assert logged(log) == [b"APPEND Drafts {12}"]
