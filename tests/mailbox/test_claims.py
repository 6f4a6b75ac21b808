"""Two programs on one mailbox: exactly one of them may answer a letter."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from inboxbot.mailbox.imap import ImapMailbox, open_imap
from inboxbot.records import Arrival
from tests.contracts.mailbox_contract import mail, message_id
from tests.main_job.service import configured, environment, mails
from tests.main_job.test_main_job import LETTER
from tests.servers import faultproxy as fault
from tests.servers import imapservers
from tests.servers.faultproxy import FaultProxy
from tests.servers.imapservers import PASSWORD, Server
from tests.servers.imapworld import ImapWorld

RACERS, LETTERS = 4, 25


@pytest.fixture
def world(dovecot: Server, user: str) -> Iterator[ImapWorld]:
    with ImapWorld(dovecot.imap, user) as world:
        yield world


@contextlib.contextmanager
def opened(port: int, user: str, claimant: str | None) -> Iterator[ImapMailbox]:
    mailbox = open_imap(
        host="127.0.0.1", port=port, security="none", user=user, secret=lambda: PASSWORD, claimant=claimant
    )
    with contextlib.closing(mailbox):
        yield mailbox


def letters(mailbox: ImapMailbox) -> list[Arrival]:
    from inboxbot.daemon.sweep import EVERYTHING

    return mailbox.arrivals("INBOX", None, since=EVERYTHING, known=lambda _: False)[1]


def test_the_first_claim_stands_and_may_be_repeated(world: ImapWorld) -> None:
    world.deliver(mail("a"))
    with opened(world.port, world.user, "one") as one, opened(world.port, world.user, "two") as two:
        (letter,) = letters(one)
        assert [one.claim(letter), two.claim(letter), one.claim(letter)] == [True, False, True]
    with opened(world.port, world.user, "one") as again:
        assert again.claim(letter)
    ((_, flags),) = world.held("INBOX")
    assert flags - {"\\Recent"} == {"$InboxbotClaim", "$InboxbotClaim-one"}


def test_a_claim_by_whomsoever_is_respected(world: ImapWorld) -> None:
    world.deliver(mail("a"), flags=["$InboxbotClaim"])
    with opened(world.port, world.user, "one") as one:
        assert not one.claim(letters(one)[0])


def test_of_those_who_race_exactly_one_wins_each_letter(world: ImapWorld) -> None:
    for number in range(LETTERS):
        world.deliver(mail(f"m{number}"))
    won: Counter[int] = Counter()
    start = threading.Barrier(RACERS)

    def race(name: str) -> None:
        with opened(world.port, world.user, name) as mailbox:
            found = letters(mailbox)
            start.wait()
            won.update(letter.uid for letter in found if mailbox.claim(letter))

    racers = [threading.Thread(target=race, args=(f"r{number}",)) for number in range(RACERS)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert len(won) == LETTERS
    assert set(won.values()) == {1}


def test_a_person_who_marks_the_letter_meanwhile_is_no_rival(world: ImapWorld) -> None:
    world.deliver(mail("a"))

    def marked(dialogue: fault.Dialogue, way: fault.Direction, data: bytes) -> bytes:
        world.mark("INBOX", message_id("a"), "\\Flagged")
        return data

    with FaultProxy(world.port) as wire:
        wire.script = [[fault.on(rb"UNCHANGEDSINCE", marked)]]
        with opened(wire.port, world.user, "one") as one:
            (letter,) = letters(one)
            assert one.claim(letter)
    ((_, flags),) = world.held("INBOX")
    assert {"$InboxbotClaim-one", "\\Flagged"} <= flags


def test_a_letter_that_is_gone_or_renumbered_is_no_one_elses(world: ImapWorld) -> None:
    world.deliver(mail("a"))
    with opened(world.port, world.user, "one") as one:
        (letter,) = letters(one)
        assert one.claim(replace(letter, uid=letter.uid + 50))
        assert one.claim(replace(letter, uidvalidity=letter.uidvalidity + 1))
    ((_, flags),) = world.held("INBOX")
    assert not any("Claim" in flag for flag in flags)


def test_without_condstore_there_are_no_claims_and_that_is_told(user: str) -> None:
    with (
        imapservers.dovecot(CAPS="-CONDSTORE -QRESYNC") as server,
        ImapWorld(server.imap, user) as world,
        capture_logs() as logs,
        opened(server.imap, user, "one") as one,
    ):
        world.deliver(mail("a"))
        assert one.claim(letters(one)[0])
        ((_, flags),) = world.held("INBOX")
    assert not any("Claim" in flag for flag in flags)
    assert [line["event"] for line in logs] == ["letters cannot be claimed here"]


def test_without_keywords_nothing_on_the_server_is_touched(world: ImapWorld) -> None:
    world.deliver(mail("a"))
    with contextlib.closing(world.open()) as mailbox:
        assert mailbox.claim(letters(mailbox)[0])


def test_two_machines_file_one_draft_a_letter(dovecot: Server, user: str, tmp_path: Path) -> None:
    count = 6
    for number in range(count):
        dovecot.deliver(user, LETTER.replace(b"20191230.AAAAAA@", b"letter-%d@" % number))
    runs = []
    for home in (tmp_path / "one", tmp_path / "two"):
        home.mkdir()
        config = configured(home, dovecot, user, "keywords = true\n")
        command = [sys.executable, "-m", "inboxbot", "run", "--once", "--config", str(config)]
        runs.append(subprocess.Popen(command, env=environment(home), cwd=home, stderr=subprocess.PIPE, text=True))
    for run in runs:
        _, said = run.communicate(timeout=120)
        assert run.returncode == 0, said
    answered = Counter(draft["In-Reply-To"] for draft, _ in mails(dovecot, user, "Drafts"))
    assert len(answered) == count
    assert set(answered.values()) == {1}
