"""A mailbox in memory: trusted as a double because it passes the same contract suite as the real ones.

`MemoryServer` is what lies behind it; a test is its other user.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from inboxbot.errors import MailboxError, RefusedError
from inboxbot.letter.header import fields, first, message_ids, split_head, values
from inboxbot.letter.identity import envelope_of
from inboxbot.mailbox.folders import DRAFTS, SENT, TRASH, Folder, Space, beneath, drafts, existing, special
from inboxbot.mailbox.look import LARGE, LARGE_CUT, arrived_since
from inboxbot.records import Arrival, Cursor, Drift, Fence
from inboxbot.stop import Stop


@dataclass(frozen=True)
class Mail:
    raw: bytes
    flags: frozenset[str]
    arrived_at: datetime

    @property
    def message_id(self) -> str:
        return next(iter(message_ids(first(fields(split_head(self.raw)[0]), "message-id"))), "")


@dataclass
class Box:
    uidvalidity: int
    uidnext: int = 1
    mails: dict[int, Mail] = field(default_factory=dict)

    def put(self, mail: Mail) -> None:
        self.mails[self.uidnext] = mail
        self.uidnext += 1

    @property
    def fence(self) -> Fence:
        return Fence(self.uidvalidity, self.uidnext)


class MemoryServer:
    def __init__(self, *folders: str, account: str = "contact@imap.client.example") -> None:
        self.account = account
        self.boxes = {name: Box(1) for name in folders or ("INBOX", "Drafts", "Sent", "Trash")}
        self.changed = threading.Condition()

    def open(
        self, *, drafts: str = "auto", sheets: str | None = "Inboxbot/Cases", read_only: bool = False
    ) -> MemoryMailbox:
        return MemoryMailbox(self, drafts, sheets, read_only)

    def deliver(
        self, raw: bytes, folder: str = "INBOX", flags: Iterable[str] = (), arrived_at: datetime | None = None
    ) -> None:
        with self.changed:
            self.boxes[folder].put(Mail(raw, frozenset(flags), arrived_at or datetime.now(UTC)))
            self.changed.notify_all()

    def held(self, folder: str) -> list[tuple[str, frozenset[str]]]:
        return [(mail.message_id, mail.flags) for mail in self.boxes[folder].mails.values()]

    def remove(self, folder: str, message_id: str) -> None:
        box = self.boxes[folder]
        box.mails = {uid: mail for uid, mail in box.mails.items() if mail.message_id != message_id}

    def move(self, folder: str, message_id: str, target: str) -> None:
        for mail in [mail for mail in self.boxes[folder].mails.values() if mail.message_id == message_id]:
            self.boxes[target].put(mail)
        self.remove(folder, message_id)

    def mark(self, folder: str, message_id: str, flag: str) -> None:
        box = self.boxes[folder]
        box.mails = {
            uid: replace(mail, flags=mail.flags | {flag}) if mail.message_id == message_id else mail
            for uid, mail in box.mails.items()
        }

    def create(self, folder: str) -> str:
        self.boxes[folder] = Box(1)
        return folder

    def below(self, path: str) -> str:
        return self.create(path)

    def renumber(self, folder: str) -> None:
        old = self.boxes[folder]
        new = self.boxes[folder] = Box(old.uidvalidity + 1)
        for mail in old.mails.values():
            new.put(mail)


class MemoryMailbox:
    def __init__(self, server: MemoryServer, drafts: str, sheets: str | None, read_only: bool) -> None:
        self.account = server.account
        self.certificate_ends: datetime | None = None
        self._server, self._drafts, self._sheets, self._read_only = server, drafts, sheets, read_only
        self._looked: dict[str, Fence] = {}
        self._first_looks: dict[str, tuple[int, date, int]] = {}
        self._closed = False

    def arrivals(
        self,
        folder: str,
        cursor: Cursor | None,
        *,
        since: date | None,
        known: Callable[[Arrival], bool],
        limit: int = 200,
    ) -> tuple[Cursor, list[Arrival]]:
        box = self._box(folder)
        self._looked[folder] = box.fence
        top = box.uidnext - 1
        if cursor is None or cursor.uidvalidity != box.uidvalidity:
            if since is None:
                return Cursor(box.uidvalidity, top), []
            self._first_looks[folder] = (box.uidvalidity, since, top)
            cursor = Cursor(box.uidvalidity, 0)
        validity, day, last = self._first_looks.get(folder, (0, date.min, 0))
        first_look = validity == box.uidvalidity and cursor.uid < last
        ahead = [
            uid
            for uid, mail in box.mails.items()
            if uid > cursor.uid and not (first_look and uid <= last and not arrived_since(mail.arrived_at, day))
        ]
        end = ahead[limit - 1] if len(ahead) > limit else top
        new = [self._arrival(folder, box.uidvalidity, uid, box.mails[uid]) for uid in ahead[:limit]]
        return Cursor(box.uidvalidity, max(end, cursor.uid)), [arrival for arrival in new if not known(arrival)]

    def fetch(self, arrivals: Sequence[Arrival]) -> Iterable[tuple[Arrival, bytes | None]]:
        for arrival in arrivals:
            box = self._box(arrival.folder)
            mail = box.mails.get(arrival.uid) if box.uidvalidity == arrival.uidvalidity else None
            if mail is None:
                yield arrival, None
            else:
                raw = mail.raw[:LARGE_CUT] if len(mail.raw) > LARGE else mail.raw
                yield replace(arrival, flags=mail.flags, arrived_at=mail.arrived_at), raw

    def drafts_folder(self) -> str:
        return drafts(*self._listing(), self._drafts).name

    def sheets_folder(self) -> str | None:
        return existing(*self._listing(), self._sheets) if self._sheets else None

    def beneath(self, path: str) -> Mapping[str, str]:
        return beneath(*self._listing(), path)

    def present(self, folder: str, keywords: Sequence[str] = ()) -> tuple[int, frozenset[int]]:
        box, wanted = self._box(folder), {keyword.casefold() for keyword in keywords}
        return box.uidvalidity, frozenset(
            uid for uid, mail in box.mails.items() if not wanted or wanted & {flag.casefold() for flag in mail.flags}
        )

    def look(self, folder: str, uids: Iterable[int]) -> Sequence[Arrival]:
        box = self._box(folder)
        return [self._arrival(folder, box.uidvalidity, uid, box.mails[uid]) for uid in sorted(uids) if uid in box.mails]

    def fence(self, folder: str) -> Fence:
        return self._box(folder).fence

    def append(self, folder: str, raw: bytes, flags: Sequence[str]) -> None:
        box = self._box(folder)
        if self._read_only:
            raise RefusedError("opened for reading only")
        box.put(Mail(raw, frozenset(flags), datetime.now(UTC)))

    def drift(self, folder: str, fence: Fence) -> Drift:
        box = self._box(folder)
        same = box.uidvalidity == fence.uidvalidity
        present = {uid: mail.message_id for uid, mail in box.mails.items() if same and uid >= fence.uidnext}
        return Drift(box.fence, present)

    def claim(self, arrival: Arrival) -> bool:
        return True

    def answered(self, message_id: str | None) -> bool:
        return bool(self.answers(message_id))

    def answers(self, message_id: str | None, folder: str | None = None) -> Sequence[Arrival]:
        sent = special(*self._listing(), SENT)
        place = folder or (sent.name if sent else None)
        mails = self._box(place).mails.items() if place else ()
        heads = {uid: fields(split_head(mail.raw)[0]) for uid, mail in mails}
        named = {
            uid: [value for name in ("in-reply-to", "references") for value in values(head, name)]
            for uid, head in heads.items()
        }
        found = [uid for uid, said in named.items() if any(message_id in message_ids(value) for value in said)]
        return self.look(place, found) if place else []

    def holds(self, message_id: str) -> bool:
        found = [special(*self._listing(), use) for use in (DRAFTS, SENT, TRASH)]
        places = [choice.name for choice in found if choice] + [name for name in (self.sheets_folder(),) if name]
        return any(
            mail.message_id == message_id for place in places for mail in self._box(place).mails.values() if message_id
        )

    def wait(self, folder: str, seconds: float, stop: Stop) -> bool:
        looked = self._looked.get(folder)
        ends = datetime.now(UTC).timestamp() + seconds
        with self._server.changed:
            now = self._box(folder).fence
            while looked in (None, now) and not stop.is_set() and (left := ends - datetime.now(UTC).timestamp()) > 0:
                self._server.changed.wait(min(left, 0.05))
                looked, now = looked or now, self._box(folder).fence
        return looked is not None and looked != now

    def close(self) -> None:
        self._closed = True

    def _box(self, folder: str) -> Box:
        if self._closed:
            raise MailboxError("closed")
        if folder not in self._server.boxes:
            raise RefusedError(f"no folder {folder}")
        return self._server.boxes[folder]

    def _listing(self) -> tuple[list[Folder], Space]:
        return [Folder(name) for name in self._server.boxes], Space()

    def _arrival(self, folder: str, uidvalidity: int, uid: int, mail: Mail) -> Arrival:
        envelope = envelope_of(split_head(mail.raw)[0])
        return Arrival(folder, uidvalidity, uid, len(mail.raw), mail.flags, mail.arrived_at, envelope)
