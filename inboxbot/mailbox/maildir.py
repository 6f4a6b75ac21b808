"""A mailbox on this machine's disk (`inboxbot.ports.Mailbox`): a tree of Maildirs, as mbsync and others keep them.

Files that are there are read where they lie, never renamed, not even from new to cur. What is filed is written to tmp,
synced, numbered and then renamed into cur (maildir(5)): as long as it is still in tmp, it was certainly not filed.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog

from inboxbot.errors import MailboxError, RefusedError
from inboxbot.letter.automatic import trace
from inboxbot.letter.header import Field, fields, first, message_ids, moment, split_head, values
from inboxbot.letter.identity import envelope_of
from inboxbot.mailbox import folders, tree
from inboxbot.mailbox.folders import ALL, DRAFTS, SENT, TRASH, Choice, Folder, Space
from inboxbot.mailbox.look import HEAD_BYTES, LARGE, LARGE_CUT, arrived_since
from inboxbot.mailbox.numbers import Numbers
from inboxbot.records import Arrival, Cursor, Drift, Fence
from inboxbot.stop import Stop

log = structlog.get_logger()

T = TypeVar("T")

RENAMES = 5  # of one file while it is looked for
GLANCE = 0.5  # seconds between two looks at the directories while resting

_INFO = re.compile(r"[:;!]2,([A-Za-z]*)$")  # ";" and "!" on file systems without ":"
_ADDED = re.compile(r",U=\d+")  # mbsync's own number, which it writes into the name of a file that had none
_FLAGS = {"\\Answered": "R", "\\Deleted": "T", "\\Draft": "D", "\\Flagged": "F", "\\Seen": "S"}
_LETTERS = {letter: flag for flag, letter in _FLAGS.items()}


@dataclass(frozen=True, slots=True)
class _File:
    """A mail's file: its unique name, where it lies now, its flags by its name."""

    name: str
    path: str
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class _FirstLook:
    """A first look at a folder: `since` holds up to the last mail that was there at its start."""

    uidvalidity: int
    since: date
    top: int


class MaildirMailbox:
    """One account's folders beneath `root`; for one thread. The numbers of their mails are kept in `index_dir`."""

    def __init__(
        self, root: Path, *, account: str, index_dir: Path, drafts: str, sheets: str | None, read_only: bool = False
    ) -> None:
        self.account = account
        self.certificate_ends: datetime | None = None
        self._root, self._drafts, self._sheets, self._read_only = root, drafts, sheets, read_only
        self._tree: dict[Folder, Path] | None = None
        self._looked: dict[str, tuple[int, int]] = {}
        self._first_looks: dict[str, _FirstLook] = {}
        if not root.is_dir():
            raise RefusedError(f"{root}: no such directory: check `maildir`")
        self._numbers = Numbers(index_dir, read_only=read_only)

    # --- mail that is there -------------------------------------------------------------------------------------------

    def arrivals(
        self,
        folder: str,
        cursor: Cursor | None,
        *,
        since: date | None,
        known: Callable[[Arrival], bool],
        limit: int = 200,
    ) -> tuple[Cursor, list[Arrival]]:
        """New mail in UID order; when there is none it costs a listing of the directory."""
        self._tree = None  # folders come and go: a listing holds for one sweep
        self._looked[folder] = self._stamp(folder)
        now, files = self._listed(folder)
        top = now.uidnext - 1
        if cursor is None or cursor.uidvalidity != now.uidvalidity:
            if since is None:
                return Cursor(now.uidvalidity, top), []
            self._first_looks[folder] = _FirstLook(now.uidvalidity, since, top)
            cursor = Cursor(now.uidvalidity, 0)
        look = self._first_looks.get(folder)
        new: list[Arrival] = []
        for uid in sorted(uid for uid in files if uid > cursor.uid):
            if len(new) == limit:
                return Cursor(now.uidvalidity, uid - 1), new
            since = look.since if look and look.uidvalidity == now.uidvalidity and uid <= look.top else None
            place = Arrival(folder, now.uidvalidity, uid, 0)
            arrival = self._read(place, files[uid], partial(_arrival, place, since=since))
            if arrival is not None and not known(arrival):
                new.append(arrival)
        return Cursor(now.uidvalidity, max(top, cursor.uid)), new

    def fetch(self, arrivals: Sequence[Arrival]) -> Iterable[tuple[Arrival, bytes | None]]:
        """The raw mails as they lie on disk, one at a time; one beyond 25 MB is cut."""
        listed: dict[str, tuple[Fence, Mapping[int, _File]]] = {}
        for arrival in arrivals:
            if arrival.folder not in listed:
                listed[arrival.folder] = self._listed(arrival.folder)
            now, files = listed[arrival.folder]
            file = files.get(arrival.uid) if now.uidvalidity == arrival.uidvalidity else None
            mail = self._read(arrival, file, partial(_mail, arrival)) if file else None
            yield mail or (arrival, None)

    def _read(self, place: Arrival, file: _File, read: Callable[[_File], T]) -> T | None:
        """What is read from a mail's file, looked for again if a program has just renamed it; None when it is gone.

        One that cannot be read is told, and must not keep the others from being read.
        """
        for _ in range(RENAMES):
            try:
                return read(file)
            except FileNotFoundError:
                found = self._listed(place.folder)[1].get(place.uid)
                if found is None:
                    return None
                file = found
            except OSError as error:
                about = log.bind(account=self.account, folder=place.folder, uid=place.uid)
                about.error("a mail cannot be read", why=str(error))
                return None
        return None

    def present(self, folder: str, keywords: Sequence[str] = ()) -> tuple[int, frozenset[int]]:
        """The numbers of the files there; a Maildir has no keywords that all programs agree on, so none bears one."""
        now, files = self._listed(folder)
        return now.uidvalidity, frozenset() if keywords else frozenset(files)

    def look(self, folder: str, uids: Iterable[int]) -> Sequence[Arrival]:
        """Their sizes, flags and envelopes."""
        now, files = self._listed(folder)
        places = [Arrival(folder, now.uidvalidity, uid, 0) for uid in sorted(uids) if uid in files]
        found = [self._read(place, files[place.uid], partial(_arrival, place, since=None)) for place in places]
        return [arrival for arrival in found if arrival is not None]

    # --- folders ------------------------------------------------------------------------------------------------------

    def folders(self) -> Sequence[Folder]:
        """Every folder, as found now."""
        self._tree = None
        return self._listing()[0]

    def drafts_choice(self) -> Choice:
        """The Drafts folder and why it is that one; RefusedError when it cannot be told."""
        try:
            return folders.drafts(*self._listing(), self._drafts)
        except RefusedError as error:
            raise RefusedError(f"{self._root}: {error}") from None

    def drafts_folder(self) -> str:
        """The Drafts folder by configuration or name."""
        return self.drafts_choice().name

    def sheets_folder(self) -> str | None:
        """The folder for case sheets, if it is wanted and exists."""
        return folders.existing(*self._listing(), self._sheets) if self._sheets else None

    def beneath(self, path: str) -> Mapping[str, str]:
        """The folders one level beneath one of the bot's own."""
        return folders.beneath(*self._listing(), path)

    def special(self, use: str) -> str | None:
        """The folder of a special use (folders.SENT …), or None where there is none or several could be."""
        with contextlib.suppress(RefusedError):
            choice = folders.special(*self._listing(), use)
            return choice.name if choice else None
        return None

    def writable(self, folder: str) -> bool:
        """Whether this user may file into the folder."""
        directory = self._path(folder)
        return all(os.access(directory / part, os.W_OK | os.X_OK) for part in ("tmp", "cur"))

    def traces(self, folder: str, count: int = 30) -> list[tuple[tuple[str, str], ...]]:
        """The trace headers (Received, Authentication-Results) of the folder's latest mails, in order."""
        latest = sorted(self._listed(folder)[1].items())[-count:]
        heads = (self._head(folder, uid, file) for uid, file in latest)
        return [trace(fields(head)) for head in heads if head is not None]

    def make_folders(self, paths: Iterable[str]) -> list[str]:
        """Make those of the bot's own folders (written with "/") that are missing; returns their names."""
        self._may_write()
        missing = self.missing_folders(paths)
        with self._disk("making folders"):
            for name in missing:
                for part in tree.PARTS:
                    (tree.place(self._root, name) / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        self._tree = None
        return missing

    def missing_folders(self, paths: Iterable[str]) -> list[str]:
        """Those of the bot's own folders that are not there, by the names they would have."""
        listing, space = self._listing()
        return [space.name(path) for path in paths if folders.existing(listing, space, path) is None]

    # --- filing -------------------------------------------------------------------------------------------------------

    def fence(self, folder: str) -> Fence:
        """Where the folder stands now, every file in it numbered."""
        return self._listed(folder)[0]

    def append(self, folder: str, raw: bytes, flags: Sequence[str]) -> None:
        """One new file in cur; RefusedError where it certainly is not there, MailboxError where that is not known."""
        self._may_write()
        directory = self._path(folder)
        name = _unique_name()
        waiting = directory / "tmp" / name
        try:
            _write(waiting, raw.replace(b"\r\n", b"\n"))
        except OSError as error:
            with contextlib.suppress(OSError):
                waiting.unlink()
            raise RefusedError(f"{directory}: nothing could be written: {error.strerror or error}") from error
        self._numbers.of(folder, [*self._files(folder), name])
        letters = "".join(sorted(_FLAGS.get(flag, "") for flag in flags))
        try:
            waiting.rename(directory / "cur" / f"{name}:2,{letters}")
        except OSError as error:
            raise RefusedError(f"{directory}: nothing could be filed: {error.strerror or error}") from error
        with self._disk(f"filing into {folder}"):
            _sync_directory(directory / "cur")

    def drift(self, folder: str, fence: Fence) -> Drift:
        """What stands at or beyond the fence, by its headers; what never left tmp stands there as a mail of nobody's."""
        now, files = self._listed(folder)
        if now.uidvalidity != fence.uidvalidity:
            return Drift(now, {})
        heads = {uid: self._head(folder, uid, file) for uid, file in files.items() if uid >= fence.uidnext}
        present = {uid: _own_id(fields(head)) for uid, head in heads.items() if head is not None}
        with self._disk(f"looking at {folder}"):
            waiting = [path.name for path in (self._path(folder) / "tmp").iterdir()]
        _, numbers = self._numbers.of(folder, [])
        held = {numbers[name]: "" for name in waiting if numbers.get(name, 0) >= fence.uidnext}
        return Drift(now, held | present)

    def claim(self, arrival: Arrival) -> bool:  # noqa: ARG002 - local mail has one machine
        """Always: there are no claims on local mail."""
        return True

    def answered(self, message_id: str | None) -> bool:
        """Whether a mail in Sent names this one in In-Reply-To or References."""
        return bool(self._answering(message_id, self.special(SENT)))

    def answers(self, message_id: str | None, folder: str | None = None) -> Sequence[Arrival]:
        """The mails in Sent, or in another folder, that do."""
        place = folder or self.special(SENT)
        return self.look(place, self._answering(message_id, place)) if place else []

    def _answering(self, message_id: str | None, place: str | None) -> list[int]:
        return [
            uid
            for uid, head in self._heads_naming(message_id, place)
            for value in (*values(head, "in-reply-to"), *values(head, "references"))
            if message_id in message_ids(value)
        ]

    def holds(self, message_id: str) -> bool:
        """Whether a folder that a filing may have gone to holds exactly this Message-ID."""
        drafts = self.special(DRAFTS) if self._drafts == "auto" else self.drafts_folder()
        places = (drafts, self.sheets_folder(), *map(self.special, (SENT, TRASH, ALL)))
        return any(message_id == _own_id(head) for _, head in self._heads_naming(message_id, *places))

    def _heads_naming(self, message_id: str | None, *places: str | None) -> Iterator[tuple[int, tuple[Field, ...]]]:
        """The numbers and header fields of mails whose head has this in it somewhere: to look for bytes is cheap, to parse is not."""
        if not message_id or not message_id.isascii():
            return
        for place in dict.fromkeys(place for place in places if place):
            for uid, file in self._listed(place)[1].items():
                head = self._head(place, uid, file)
                if head is not None and message_id.encode() in head:
                    yield uid, fields(head)

    def _head(self, folder: str, uid: int, file: _File) -> bytes | None:
        return self._read(Arrival(folder, 0, uid, 0), file, _head)

    # --- resting and leaving ------------------------------------------------------------------------------------------

    def wait(self, folder: str, seconds: float, stop: Stop) -> bool:
        """Look at the directories now and then; what came between the last look and this counts as a push."""
        looked = self._looked.setdefault(folder, self._stamp(folder))
        ends = time.monotonic() + seconds
        while self._stamp(folder) == looked:
            left = ends - time.monotonic()
            if left <= 0 or stop.wait(min(left, GLANCE)):
                return False
        return True

    def close(self) -> None:
        """Let go of the numbers; never raises."""
        with contextlib.suppress(Exception):
            self._numbers.close()

    # --- the disk -----------------------------------------------------------------------------------------------------

    def _listed(self, folder: str) -> tuple[Fence, Mapping[int, _File]]:
        """Where the folder stands, and its files by number."""
        files = self._files(folder)
        fence, numbers = self._numbers.of(folder, files)
        return fence, {numbers[name]: file for name, file in files.items()}

    def _files(self, folder: str) -> dict[str, _File]:
        """The folder's files by unique name, oldest first: new before cur, so that none slips by on its way."""
        found: dict[str, _File] = {}
        with self._disk(f"listing {folder}"):
            directory = self._path(folder)
            for part in ("new", "cur"):
                with os.scandir(directory / part) as entries:
                    for entry in entries:
                        if not entry.name.startswith(".") and not entry.is_dir(follow_symlinks=False):
                            file = _file(entry.name, entry.path)
                            found[file.name] = file
        return dict(sorted(found.items(), key=lambda item: (_second(item[0]), item[0])))

    def _stamp(self, folder: str) -> tuple[int, int]:
        with self._disk(f"looking at {folder}"):
            directory = self._path(folder)
            return (directory / "new").stat().st_mtime_ns, (directory / "cur").stat().st_mtime_ns

    def _path(self, folder: str) -> Path:
        listing, space = self._listing()
        name = folders.existing(listing, space, folder)
        if name is None:
            shown = ", ".join(sorted(entry.name for entry in listing)[:12])
            raise RefusedError(f'{self._root}: no folder "{folder}": there are {shown or "no Maildirs at all"}')
        return next(path for entry, path in self._found().items() if entry.name == name)

    def _listing(self) -> tuple[Sequence[Folder], Space]:
        return list(self._found()), tree.space_of(self._root)

    def _found(self) -> dict[Folder, Path]:
        if self._tree is None:
            with self._disk("looking for folders"):
                self._tree = tree.walk(self._root)
        return self._tree

    @contextlib.contextmanager
    def _disk(self, doing: str) -> Iterator[None]:
        try:
            yield
        except PermissionError as error:
            raise RefusedError(f"{self._root}: not allowed while {doing}: {error}: check who owns it") from error
        except OSError as error:
            raise MailboxError(f"{self._root}: failed while {doing}: {error}") from error

    def _may_write(self) -> None:
        if self._read_only:
            raise RefusedError(f"{self.account}: opened for reading only")


def unique_name(name: str) -> str:
    """What of a file's name stays when a flag is set or mbsync numbers it (maildir(5))."""
    info = _INFO.search(name)
    return _ADDED.sub("", name[: info.start()] if info else name)


def _file(name: str, path: str) -> _File:
    info = _INFO.search(name)
    letters = info[1] if info else ""
    flags = frozenset(_LETTERS[letter] for letter in letters if letter in _LETTERS)
    return _File(unique_name(name), path, flags)


def _second(name: str) -> int:
    """When the file was made, as its name begins by custom (maildir(5))."""
    digits = re.match(r"\d{1,12}", name)
    return int(digits[0]) if digits else 0


def _unique_name() -> str:
    now = time.time_ns()
    host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname()) or "localhost"
    micro = now // 1000 % 1_000_000
    return f"{now // 1_000_000_000}.M{micro:06d}P{os.getpid()}R{secrets.token_hex(8)}.{host}"


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(descriptor)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _arrival(place: Arrival, file: _File, *, since: date | None) -> Arrival | None:
    """The mail as it lies there, or None when it arrived before `since`."""
    status = Path(file.path).stat()
    written = datetime.fromtimestamp(status.st_mtime, UTC)
    if since is not None and not arrived_since(written, since):
        return None
    head = _head(file)
    arrived_at = _arrived(head, written)
    if since is not None and not arrived_since(arrived_at, since):
        return None
    return replace(place, size=status.st_size, flags=file.flags, arrived_at=arrived_at, envelope=envelope_of(head))


def _mail(arrival: Arrival, file: _File) -> tuple[Arrival, bytes]:
    with Path(file.path).open("rb") as mail:
        status = os.fstat(mail.fileno())
        raw = mail.read(LARGE_CUT if status.st_size > LARGE else -1)
    arrived_at = _arrived(raw[:HEAD_BYTES], datetime.fromtimestamp(status.st_mtime, UTC))
    return replace(arrival, flags=file.flags, arrived_at=arrived_at), raw


def _head(file: _File) -> bytes:
    with Path(file.path).open("rb") as mail:
        return split_head(mail.read(HEAD_BYTES))[0]


def _own_id(head: tuple[Field, ...]) -> str:
    return next(iter(message_ids(first(head, "message-id"))), "")


def _arrived(head: bytes, written: datetime) -> datetime:
    """When a mail arrived: by its topmost Received, since a synchronisation from scratch makes every file new."""
    received = moment(first(fields(head), "received").rpartition(b";")[2].strip())
    return written if received is None else min(received, written)
