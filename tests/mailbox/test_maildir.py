from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from inboxbot.daemon.sweep import Beat, sweep
from inboxbot.errors import MailboxError, RefusedError
from inboxbot.letter.header import fields, first, message_ids, split_head
from inboxbot.mailbox import maildir
from inboxbot.mailbox.maildir import MaildirMailbox
from inboxbot.records import Cursor, Step
from tests.contracts.mailbox_contract import (
    DRAFT_FLAGS,
    LONG_AGO,
    ODD_IDS,
    MailboxContract,
    mail,
    message_id,
    names,
    nobody,
)
from tests.doubles.desk import Clock, desk
from tests.doubles.memory_ledger import MemoryLedger

LETTERS = {"\\Answered": "R", "\\Draft": "D", "\\Flagged": "F", "\\Seen": "S"}
BEGINNING = date(1970, 1, 1)


class MaildirWorld:
    """A tree of Maildirs as mbsync leaves it, and the programs that work on it beside the bot."""

    exact, keywords, odd_ids = False, False, ODD_IDS  # line ends are the disk's

    def __init__(self, directory: Path, layout: str, drafts: str, sent: str, trash: str) -> None:
        self.root, self.index = directory / "Mail", directory / "state"
        self.drafts, self.sent, self.trash = drafts, sent, trash
        self.layout = layout
        for name in ("INBOX", drafts, sent, trash):
            self.create(name)

    def path(self, folder: str) -> Path:
        written = {"Envoyés": "Envoy&AOk-s", "Entwürfe": "Entw&APw-rfe"}.get(folder, folder)
        if self.layout == "maildir++":
            return self.root if folder == "INBOX" else self.root / f".{written}"
        return self.root / written

    def open(
        self, *, drafts: str = "auto", sheets: str | None = "Inboxbot/Cases", read_only: bool = False
    ) -> MaildirMailbox:
        return MaildirMailbox(
            self.root, account="maildir@test", index_dir=self.index, drafts=drafts, sheets=sheets, read_only=read_only
        )

    def deliver(
        self, raw: bytes, folder: str = "INBOX", flags: Iterable[str] = (), arrived_at: datetime | None = None
    ) -> None:
        now = time.time_ns() // 1000
        name, part = f"{now // 1_000_000}.M{now % 1_000_000:06d}P7.host", "new"
        if letters := "".join(sorted(LETTERS[flag] for flag in flags)):
            name, part = f"{name}:2,{letters}", "cur"
        before = self.path(folder) / "tmp" / name
        before.write_bytes(raw.replace(b"\r\n", b"\n"))
        if arrived_at:
            os.utime(before, (arrived_at.timestamp(), arrived_at.timestamp()))
        before.rename(self.path(folder) / part / name)

    def files(self, folder: str) -> list[Path]:
        return sorted((*(self.path(folder) / "new").iterdir(), *(self.path(folder) / "cur").iterdir()))

    def held(self, folder: str) -> list[tuple[str, frozenset[str]]]:
        return [
            (_id(file), frozenset(flag for flag, letter in LETTERS.items() if letter in _info(file)))
            for file in self.files(folder)
        ]

    def remove(self, folder: str, message_id: str) -> None:
        for file in self._named(folder, message_id):
            file.unlink()

    def move(self, folder: str, message_id: str, target: str) -> None:
        for file in self._named(folder, message_id):
            file.rename(self.path(target) / file.parent.name / file.name)

    def mark(self, folder: str, message_id: str, flag: str) -> None:
        for file in self._named(folder, message_id):
            letters = "".join(sorted(_info(file) + LETTERS[flag]))
            file.rename(self.path(folder) / "cur" / f"{file.name.partition(':')[0]}:2,{letters}")

    def create(self, folder: str) -> str:
        for part in ("cur", "new", "tmp"):
            (self.path(folder) / part).mkdir(parents=True)
        return folder

    def below(self, path: str) -> str:
        return self.create(path.replace("/", ".") if self.layout == "maildir++" else path)

    def renumber(self, folder: str) -> None:
        shutil.rmtree(self.index)

    def _named(self, folder: str, message_id: str) -> list[Path]:
        return [file for file in self.files(folder) if _id(file) == message_id]


def _id(file: Path) -> str:
    return next(iter(message_ids(first(fields(split_head(file.read_bytes())[0]), "message-id"))), "")


def _info(file: Path) -> str:
    return file.name.partition(":2,")[2]


class TestMaildir(MailboxContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> MaildirWorld:
        return MaildirWorld(tmp_path, "maildir++", "Drafts", "Sent", "Trash")


class TestNestedMaildir(MailboxContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> MaildirWorld:
        return MaildirWorld(tmp_path, "verbatim", "Compte/Brouillons", "Envoyés", "Corbeille")


# --- what the contract cannot ask of every mailbox --------------------------------------------------------------------


@pytest.fixture
def world(tmp_path: Path) -> MaildirWorld:
    return MaildirWorld(tmp_path, "maildir++", "Drafts", "Sent", "Trash")


@contextlib.contextmanager
def opened(world: MaildirWorld, **options: object) -> Iterator[MaildirMailbox]:
    with contextlib.closing(world.open(**options)) as mailbox:
        yield mailbox


def everything(mailbox: MaildirMailbox, folder: str = "INBOX") -> list[str]:
    return names(mailbox, *mailbox.arrivals(folder, None, since=BEGINNING, known=nobody))


@pytest.mark.parametrize(
    ("directories", "expected"),
    [
        ([".", ".Drafts", ".Archive.2024", ".Envoy&AOk-s"], ["Archive.2024", "Drafts", "Envoyés", "INBOX"]),
        (["Inbox", "Drafts", "Archive/2024", "Archive"], ["Archive", "Archive/2024", "Drafts", "INBOX"]),
        (["INBOX", "Archive", "Archive/.2024"], ["Archive", "Archive/2024", "INBOX"]),
        (["INBOX", "R&D", "Entw&APw-rfe", "Été"], ["Entwürfe", "INBOX", "R&D", "Été"]),
        ([".", "Lists/python"], ["INBOX", "Lists/python"]),
    ],
)
def test_the_layouts_of_common_programs_are_understood(
    tmp_path: Path, directories: list[str], expected: list[str]
) -> None:
    for directory in directories:
        for part in ("cur", "new", "tmp"):
            (tmp_path / directory / part).mkdir(parents=True, exist_ok=True)
    (tmp_path / ".notmuch" / "xapian").mkdir(parents=True)
    mailbox = MaildirMailbox(tmp_path, account="a", index_dir=tmp_path / ".state", drafts="auto", sheets=None)
    assert sorted(folder.name for folder in mailbox.folders()) == expected


def test_a_link_to_its_own_parent_is_not_followed_for_ever(world: MaildirWorld) -> None:
    (world.root / "loop").symlink_to(world.root)
    with opened(world) as mailbox:
        assert mailbox.drafts_folder() == "Drafts"


def test_a_directory_that_is_missing_or_holds_no_mail_is_named(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="no such directory: check `maildir`"):
        MaildirMailbox(tmp_path / "nowhere", account="a", index_dir=tmp_path, drafts="auto", sheets=None)
    mailbox = MaildirMailbox(tmp_path, account="a", index_dir=tmp_path, drafts="auto", sheets=None)
    with pytest.raises(RefusedError, match='no folder "INBOX": there are no Maildirs at all'):
        mailbox.arrivals("INBOX", None, since=None, known=nobody)


def test_no_file_is_renamed_or_touched_by_reading(world: MaildirWorld) -> None:
    world.deliver(mail("a"))
    world.deliver(mail("b"), flags=["\\Seen"])
    before = {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in world.files("INBOX")}
    with opened(world) as mailbox:
        assert everything(mailbox) == ["a", "b"]
        assert not mailbox.holds(message_id("x"))
    assert {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in world.files("INBOX")} == before


def test_a_mail_keeps_its_number_when_programs_rename_its_file(world: MaildirWorld) -> None:
    world.deliver(mail("a"))
    with opened(world) as mailbox:
        cursor, _ = mailbox.arrivals("INBOX", None, since=None, known=nobody)
        world.mark("INBOX", message_id("a"), "\\Seen")
        [file] = world.files("INBOX")
        file.rename(file.with_name(file.name.replace(":2,", ",U=7:2,")))  # mbsync notes its own number
        assert mailbox.arrivals("INBOX", cursor, since=None, known=nobody) == (cursor, [])
    with opened(world) as mailbox:
        assert mailbox.arrivals("INBOX", cursor, since=None, known=nobody) == (cursor, [])


def test_a_number_is_never_given_to_another_mail(world: MaildirWorld) -> None:
    world.deliver(mail("kept"))
    world.deliver(mail("a"))
    with opened(world) as mailbox:
        cursor, _ = mailbox.arrivals("INBOX", None, since=None, known=nobody)
    world.remove("INBOX", message_id("a"))
    world.deliver(mail("b"))
    with opened(world) as mailbox:
        assert names(mailbox, *mailbox.arrivals("INBOX", cursor, since=None, known=nobody)) == ["b"]


def test_after_a_synchronisation_from_scratch_old_mail_is_not_new(world: MaildirWorld) -> None:
    long_ago = f"from a by b; {format_datetime(LONG_AGO)}"
    world.deliver(mail("old", Received=long_ago))
    with opened(world) as mailbox:
        cursor, _ = mailbox.arrivals("INBOX", None, since=None, known=nobody)
    world.remove("INBOX", message_id("old"))
    world.deliver(mail("old", Received=long_ago))
    world.deliver(mail("new", Received=f"from a by b; {format_datetime(datetime.now(UTC))}"))
    with opened(world) as mailbox:
        ahead, new = mailbox.arrivals("INBOX", cursor, since=date(2026, 1, 1), known=nobody)
        assert ahead.uidvalidity != cursor.uidvalidity
        assert names(mailbox, ahead, new) == ["new"]


def test_broken_numbers_begin_anew_and_the_old_ones_are_kept_aside(world: MaildirWorld) -> None:
    world.deliver(mail("a"))
    with opened(world) as mailbox:
        cursor, _ = mailbox.arrivals("INBOX", None, since=None, known=nobody)
    (world.index / "uids.db").write_bytes(b"no database " * 1000)
    with opened(world) as mailbox:
        ahead, new = mailbox.arrivals("INBOX", cursor, since=BEGINNING, known=nobody)
        assert ahead.uidvalidity > cursor.uidvalidity
        assert names(mailbox, ahead, new) == ["a"]
    assert (world.index / "uids.broken").exists()


def test_numbers_that_cannot_be_written_stop_the_mailbox(world: MaildirWorld) -> None:
    world.deliver(mail("a"))
    with opened(world) as mailbox, contextlib.closing(sqlite3.connect(world.index / "uids.db")) as other:
        mailbox._numbers._db.execute("PRAGMA busy_timeout = 50")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(MailboxError, match=r"uids\.db: the numbers of local mail cannot be kept"):
            everything(mailbox)


def test_reading_only_writes_nothing_at_all(world: MaildirWorld) -> None:
    world.deliver(mail("a"))
    with opened(world, read_only=True) as mailbox:
        assert everything(mailbox) == ["a"]
    assert not world.index.exists()


def test_reading_only_goes_by_the_numbers_there_are(world: MaildirWorld) -> None:
    world.deliver(mail("a"))
    with opened(world) as mailbox:
        cursor, _ = mailbox.arrivals("INBOX", None, since=None, known=nobody)
    world.deliver(mail("b"))
    stamp = (world.index / "uids.db").read_bytes()
    with opened(world, read_only=True) as mailbox:
        assert names(mailbox, *mailbox.arrivals("INBOX", cursor, since=None, known=nobody)) == ["b"]
    assert (world.index / "uids.db").read_bytes() == stamp


def test_a_file_that_cannot_be_read_costs_no_other(world: MaildirWorld) -> None:
    world.deliver(mail("a"))
    with opened(world) as mailbox:
        _, new = mailbox.arrivals("INBOX", None, since=BEGINNING, known=nobody)
        world.deliver(mail("b"))
        [a] = world._named("INBOX", message_id("a"))
        loop = a.with_name("1.loop.host")
        a.unlink()
        a.symlink_to(loop)
        loop.symlink_to(a)
        assert [raw for _, raw in mailbox.fetch(new)] == [None]
        assert everything(mailbox) == ["b"]


@pytest.fixture
def hasty_program(world: MaildirWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail program that is opened in the very moment: what lay in new lies in cur once the bot looks into a file."""
    listed = MaildirMailbox._files

    def files(self: MaildirMailbox, folder: str) -> object:
        found = listed(self, folder)
        for file in (world.path(folder) / "new").iterdir():
            file.rename(world.path(folder) / "cur" / f"{file.name}:2,S")
        return found

    monkeypatch.setattr(MaildirMailbox, "_files", files)


@pytest.mark.usefixtures("hasty_program")
def test_a_mail_that_a_program_renames_just_now_is_not_lost(world: MaildirWorld) -> None:
    world.deliver(mail("a"))
    with opened(world) as mailbox:
        cursor, _ = mailbox.arrivals("INBOX", None, since=None, known=nobody)
        world.deliver(mail("b"))
        assert names(mailbox, *mailbox.arrivals("INBOX", cursor, since=None, known=nobody)) == ["b"]


@pytest.mark.usefixtures("hasty_program")
def test_a_draft_that_a_program_renames_just_now_is_not_overlooked(world: MaildirWorld) -> None:
    with opened(world) as mailbox:
        fence = mailbox.fence("Drafts")
        world.deliver(mail("draft"), "Drafts")
        assert mailbox.drift("Drafts", fence).present == {fence.uidnext: message_id("draft")}


def test_a_draft_that_cannot_be_read_is_no_proof_that_ours_is_missing(world: MaildirWorld) -> None:
    with opened(world) as mailbox:
        fence = mailbox.fence("Drafts")
        (world.path("Drafts") / "cur" / "1.sick.host:2,").symlink_to("1.sick.host:2,")
        drift = mailbox.drift("Drafts", fence)
        assert (drift.fence.uidnext, drift.present) == (fence.uidnext + 1, {})


def test_a_draft_lies_in_cur_with_its_flags_and_the_disks_line_ends(world: MaildirWorld) -> None:
    raw = mail("draft", body="été\r\n.\r\nFrom here")
    with opened(world) as mailbox:
        mailbox.append("Drafts", raw, DRAFT_FLAGS)
    [file] = world.files("Drafts")
    assert file.parent.name == "cur"
    assert file.name.endswith(":2,DS")
    assert file.read_bytes() == raw.replace(b"\r\n", b"\n")
    assert file.stat().st_mode & 0o777 == 0o600
    assert list((world.path("Drafts") / "tmp").iterdir()) == []


def test_a_draft_that_never_left_tmp_is_proved_not_filed(world: MaildirWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(self: Path, target: Path) -> Path:
        raise Killed

    with opened(world) as mailbox:
        fence = mailbox.fence("Drafts")
        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", killed)
            with pytest.raises(Killed):
                mailbox.append("Drafts", mail("draft"), DRAFT_FLAGS)
    with opened(world) as mailbox:
        drift = mailbox.drift("Drafts", fence)
        assert drift.present == {fence.uidnext: ""}
        assert drift.fence.uidnext == fence.uidnext + 1


def test_a_draft_that_the_user_removed_before_anybody_looked_leaves_a_hole(world: MaildirWorld) -> None:
    with opened(world) as mailbox:
        fence = mailbox.fence("Drafts")
        mailbox.append("Drafts", mail("draft"), DRAFT_FLAGS)
    world.remove("Drafts", message_id("draft"))
    with opened(world) as mailbox:
        drift = mailbox.drift("Drafts", fence)
        assert (drift.fence.uidnext, drift.present) == (fence.uidnext + 1, {})


def test_a_full_disk_refuses_the_draft_and_leaves_nothing_behind(
    world: MaildirWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with opened(world) as mailbox, monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(RefusedError, match="nothing could be written: No space left"):
            mailbox.append("Drafts", mail("draft"), DRAFT_FLAGS)
    assert world.files("Drafts") == []
    assert list((world.path("Drafts") / "tmp").iterdir()) == []


@pytest.mark.parametrize(("layout", "directory"), [("maildir++", ".Inboxbot.Cases"), ("verbatim", "Inboxbot/Cases")])
def test_the_bots_own_folders_are_made_in_the_layout_there_is(tmp_path: Path, layout: str, directory: str) -> None:
    world = MaildirWorld(tmp_path, layout, "Drafts", "Sent", "Trash")
    with opened(world) as mailbox:
        assert mailbox.sheets_folder() is None
        [made] = mailbox.make_folders(["Inboxbot/Cases"])
        assert (world.root / directory / "new").is_dir()
        assert mailbox.sheets_folder() == made
        assert mailbox.make_folders(["Inboxbot/Cases"]) == []


def test_what_a_check_asks_is_answered(world: MaildirWorld) -> None:
    world.deliver(mail("a", Authentication_Results="mx.client.example; dkim=pass"))
    with opened(world) as mailbox:
        assert mailbox.writable("Drafts")
        assert mailbox.missing_folders(["Inboxbot/Cases", "Sent"]) == ["Inboxbot.Cases"]
        [trace] = mailbox.traces("INBOX")
        assert ("Authentication-Results", "mx.client.example; dkim=pass") in trace


def test_two_mailboxes_at_once_give_no_number_twice(world: MaildirWorld) -> None:
    with opened(world) as one, opened(world) as other:
        world.deliver(mail("a"))
        assert everything(one) == ["a"]
        world.deliver(mail("b"))
        assert everything(other) == ["a", "b"]
        world.deliver(mail("c"))
        cursor = Cursor(one.fence("INBOX").uidvalidity, 0)
        told = [arrival.uid for arrival in one.arrivals("INBOX", cursor, since=None, known=nobody)[1]]
        assert (
            told
            == [arrival.uid for arrival in other.arrivals("INBOX", cursor, since=None, known=nobody)[1]]
            == [1, 2, 3]
        )
        assert (
            timedelta(0)
            <= datetime.now(UTC) - datetime.fromtimestamp(cursor.uidvalidity / 1000, UTC)
            < timedelta(minutes=5)
        )


# --- exactly once -----------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("removed", [False, True])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["_write", "Numbers.of", "Path.rename", "_sync_directory"])
def test_a_filing_interrupted_at_any_step_on_the_disk_is_there_once(
    world: MaildirWorld, monkeypatch: pytest.MonkeyPatch, step: str, when: str, removed: bool
) -> None:
    world.deliver(mail("a"))
    clock = Clock()
    ledger = MemoryLedger(clock)
    append = MaildirMailbox.append

    def interrupted(mailbox: MaildirMailbox, folder: str, raw: bytes, flags: Iterable[str]) -> None:
        with monkeypatch.context() as patch:
            kill(patch, step, when)
            append(mailbox, folder, raw, tuple(flags))

    def run() -> None:
        with opened(world) as mailbox:
            sweep(Beat("local", ("INBOX",), "all"), mailbox, ledger, desk(now=clock), lambda: False, lambda: None)

    with monkeypatch.context() as patch:
        patch.setattr(MaildirMailbox, "append", interrupted)
        with pytest.raises(Killed):
            run()
    there = world.files("Drafts")
    for file in there if removed else ():
        file.unlink()
    clock.advance(minutes=1)
    run()
    [entry] = ledger.letters.values()
    if removed and there:  # the user did not want it
        assert (world.files("Drafts"), entry.filings[0].step) == ([], Step.UNCERTAIN)
    else:
        assert (len(world.files("Drafts")), entry.filings[0].step) == (1, Step.FILED)


def kill(patch: pytest.MonkeyPatch, step: str, when: str) -> None:
    """End the program before or after this step."""
    owner, _, name = step.rpartition(".")
    place = {"": maildir, "Numbers": maildir.Numbers, "Path": Path}[owner]
    act = getattr(place, name)

    def killed(*args: object) -> None:
        if when == "after":
            act(*args)
        raise Killed

    patch.setattr(place, name, killed)
