from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date

import pytest

from inboxbot.demo.server import EmbeddedImap
from inboxbot.records import Cursor
from inboxbot.stop import Stop
from tests.contracts.mailbox_contract import (
    DRAFT_FLAGS,
    LONG_AGO,
    ODD_IDS,
    MailboxContract,
    mail,
    message_id,
    nobody,
    paged,
)
from tests.servers.imapservers import PASSWORD, Server
from tests.servers.imapworld import ImapWorld
from tests.servers.verbs import commands, verb


class TestDovecot(MailboxContract):
    @pytest.fixture
    def world(self, dovecot: Server, user: str) -> Iterator[ImapWorld]:
        with ImapWorld(dovecot.imap, user) as world:
            yield world


class TestDovecotInFrench(MailboxContract):
    @pytest.fixture
    def world(self, dovecot_fr: Server, user: str) -> Iterator[ImapWorld]:
        with ImapWorld(dovecot_fr.imap, user, drafts="Brouillons", sent="Envoyés", trash="Corbeille") as world:
            yield world


class TestDovecotBeneathInboxWithoutIdle(MailboxContract):
    @pytest.fixture
    def world(self, dovecot_beneath_inbox: Server, user: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ImapWorld]:
        monkeypatch.setattr("inboxbot.mailbox.rest.POLL", 0.5)
        names = {"drafts": "INBOX.Drafts", "sent": "INBOX.Sent", "trash": "INBOX.Trash", "prefix": "INBOX."}
        with ImapWorld(dovecot_beneath_inbox.imap, user, **names) as world:
            yield world


class TestCyrus(MailboxContract):
    @pytest.fixture
    def world(self, cyrus: Server, cyrus_user: str) -> Iterator[ImapWorld]:
        names = {"drafts": "Brouillons", "sent": "Envoyés", "trash": "Corbeille"}
        with ImapWorld(cyrus.imap, cyrus_user, exact=False, **names) as world:
            yield world


class TestEmbedded(MailboxContract):
    @pytest.fixture
    def world(self, user: str) -> Iterator[ImapWorld]:
        findable = ODD_IDS[2:]  # pymap reads headers by a parser that stumbles over the others
        with (
            EmbeddedImap({user: PASSWORD}) as server,
            ImapWorld(server.port, user, keywords=False, odd_ids=findable) as world,
        ):
            yield world


# --- what the contract cannot ask of every mailbox --------------------------------------------------------------------


@pytest.fixture
def world(dovecot: Server, user: str) -> Iterator[ImapWorld]:
    with ImapWorld(dovecot.imap, user) as world:
        yield world


def test_reading_leaves_mail_recent_for_the_person(world: ImapWorld) -> None:
    world.deliver(mail("a"))
    assert world.recent("INBOX") == 1
    with contextlib.closing(world.open()) as mailbox:
        _, new = mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)
        assert all(raw for _, raw in mailbox.fetch(new))
        mailbox.wait("INBOX", 0.1, Stop())
    assert world.recent("INBOX") == 1


def test_a_quiet_look_costs_one_command(world: ImapWorld) -> None:
    with contextlib.closing(world.open()) as mailbox:
        cursor, _ = mailbox.arrivals("INBOX", None, since=None, known=nobody)
        before = len(commands(bytes(world.wire.dialogues[0].said["up"])))
        assert mailbox.arrivals("INBOX", cursor, since=None, known=nobody) == (cursor, [])
        assert [verb(command) for command in commands(bytes(world.wire.dialogues[0].said["up"]))[before:]] == [
            "EXAMINE"
        ]


def test_a_long_backlog_is_searched_window_by_window(world: ImapWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inboxbot.mailbox.imap.WINDOW", 3)
    for number in range(40):
        world.deliver(mail(f"m{number}"), arrived_at=LONG_AGO if number % 2 else None)
    for number in range(5, 30):
        world.remove("INBOX", message_id(f"m{number}"))
    left = [f"m{number}" for number in (0, 1, 2, 3, 4, *range(30, 40))]
    with contextlib.closing(world.open()) as mailbox:
        all_of_it = list(paged(mailbox, Cursor(mailbox.fence("INBOX").uidvalidity, 0), since=None))
        since = list(paged(mailbox, None, since=date(2026, 1, 1)))
    assert [name for page in all_of_it for name in page] == left
    assert [name for page in since for name in page] == [name for name in left if int(name[1:]) % 2 == 0]


def test_the_bots_own_folders_are_made_where_the_users_folders_live(dovecot_beneath_inbox: Server, user: str) -> None:
    world = ImapWorld(dovecot_beneath_inbox.imap, user, drafts="INBOX.Drafts", sent="INBOX.Sent", trash="INBOX.Trash")
    world.may_create = True
    with world, contextlib.closing(world.open()) as mailbox:
        assert mailbox.sheets_folder() is None
        assert mailbox.make_folders(["Inboxbot/Cases"]) == ["INBOX.Inboxbot.Cases"]
        assert mailbox.make_folders(["Inboxbot/Cases"]) == []
        assert mailbox.sheets_folder() == "INBOX.Inboxbot.Cases"
        assert "INBOX.Inboxbot.Cases" in [name for _, _, name in world.person.list_sub_folders()]


def test_a_draft_comes_to_lie_there_byte_for_byte(world: ImapWorld) -> None:
    raw = mail("draft", body="Grüße, été, 350,00 €\r\n.\r\n\r\nFrom here {12}\r\n" + "x" * 900)
    with contextlib.closing(world.open()) as mailbox:
        mailbox.append("Drafts", raw, DRAFT_FLAGS)
    assert world.raws("Drafts") == [raw]


def test_a_folder_renamed_while_the_connection_lasts_is_found_at_the_next_sweep(world: ImapWorld) -> None:
    with contextlib.closing(world.open()) as mailbox:
        cursor, _ = mailbox.arrivals("INBOX", None, since=None, known=nobody)
        assert mailbox.sheets_folder() is None
        world.create("Inboxbot.Cases")
        mailbox.arrivals("INBOX", cursor, since=None, known=nobody)
        assert mailbox.sheets_folder() == "Inboxbot.Cases"
