"""An account on a real server as somebody else sees it: who delivers to it, and the person whose mailbox it is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import Self

from imapclient import IMAPClient

from inboxbot.letter.header import fields, first, message_ids
from inboxbot.mailbox.connect import Deadlines
from inboxbot.mailbox.imap import ImapMailbox, open_imap
from tests.contracts.mailbox_contract import ODD_IDS
from tests.servers.faultproxy import FaultProxy
from tests.servers.imapservers import PASSWORD
from tests.servers.verbs import OWN_FOLDERS, PERSON, forbidden, verb

MESSAGE_ID = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"


class ImapWorld:
    """The account, reached by the bot through a proxy (`wire`) that keeps every word, and by a person beside it."""

    def __init__(
        self,
        port: int,
        user: str,
        *,
        drafts: str = "Drafts",
        sent: str = "Sent",
        trash: str = "Trash",
        exact: bool = True,
        prefix: str = "",
        keywords: bool = True,
        odd_ids: Sequence[str] = ODD_IDS,
    ) -> None:
        self.port, self.user, self.exact, self.prefix = port, user, exact, prefix
        self.drafts, self.sent, self.trash = drafts, sent, trash
        self.keywords, self.odd_ids = keywords, odd_ids
        self.may_create = False
        self.deadlines = Deadlines()
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self.person = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20)
        self.person._imap.debug = 0
        self.person.normalise_times = False
        self.person.login(self.user, PASSWORD)
        if self.person.has_capability("ID"):
            self.person.id_(PERSON)
        self._stack.callback(self.person.shutdown)
        return self

    def __exit__(self, *problem: object) -> None:
        self._stack.close()
        if problem[0] is None and "wire" in vars(self):
            may = OWN_FOLDERS if self.may_create else set()
            said = [word for dialogue in self.wire.dialogues for word in forbidden(bytes(dialogue.said["up"]))]
            assert [word for word in said if verb(word) not in may] == []

    @cached_property
    def wire(self) -> FaultProxy:
        """The proxy on the bot's way; there from the first use on."""
        return self._stack.enter_context(FaultProxy(self.port))

    def open(
        self,
        *,
        drafts: str = "auto",
        sheets: str | None = "Inboxbot/Cases",
        read_only: bool = False,
        port: int | None = None,
    ) -> ImapMailbox:
        """The bot's own connection."""
        return open_imap(
            host="127.0.0.1",
            port=port or self.wire.port,
            security="none",
            user=self.user,
            secret=lambda: PASSWORD,
            drafts=drafts,
            sheets=sheets,
            deadlines=self.deadlines,
            read_only=read_only,
        )

    def deliver(
        self, raw: bytes, folder: str = "INBOX", flags: Iterable[str] = (), arrived_at: datetime | None = None
    ) -> None:
        """By APPEND, which can set flags and date; for the bot it is a mail like any other."""
        self.person.append(folder, raw, tuple(flags), arrived_at)

    def held(self, folder: str) -> list[tuple[str, frozenset[str]]]:
        with self._within(folder, readonly=True) as uids:
            told = self.person.fetch(uids, ["FLAGS", MESSAGE_ID]) if uids else {}
            return [
                (_id(told[uid]), frozenset(flag.decode() for flag in told[uid][b"FLAGS"]))
                for uid in uids
                if uid in told
            ]

    def raws(self, folder: str) -> list[bytes]:
        """All mail there."""
        with self._within(folder, readonly=True) as uids:
            told = self.person.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
            return [told[uid][b"BODY[]"] for uid in uids]

    def remove(self, folder: str, message_id: str) -> None:
        self._do(folder, message_id, lambda uids: (self.person.delete_messages(uids), self.person.expunge()))

    def move(self, folder: str, message_id: str, target: str) -> None:
        self._do(folder, message_id, lambda uids: self.person.move(uids, target))

    def mark(self, folder: str, message_id: str, flag: str) -> None:
        self._do(folder, message_id, lambda uids: self.person.add_flags(uids, [flag]))

    def create(self, folder: str) -> str:
        self.person.create_folder(self.prefix + folder)
        return self.prefix + folder

    def below(self, path: str) -> str:
        [(_, separator, _)] = self.person.list_folders("", "INBOX")
        return self.create(path.replace("/", separator.decode()))

    def renumber(self, folder: str) -> None:
        with self._within(folder, readonly=True) as uids:
            told = self.person.fetch(uids, ["BODY.PEEK[]", "FLAGS", "INTERNALDATE"]) if uids else {}
        self.person.delete_folder(folder)
        self.person.create_folder(folder)
        for uid in uids:
            mail = told[uid]
            flags = [flag for flag in mail[b"FLAGS"] if flag != b"\\Recent"]
            self.person.append(folder, mail[b"BODY[]"], flags, mail[b"INTERNALDATE"])

    def recent(self, folder: str) -> int:
        """How many mails there no client has opened the folder over."""
        return int(self.person.folder_status(folder, ["RECENT"])[b"RECENT"])

    def _do(self, folder: str, message_id: str, act: Callable[[list[int]], object]) -> None:
        with self._within(folder, readonly=False) as uids:
            told = self.person.fetch(uids, [MESSAGE_ID]) if uids else {}
            act([uid for uid in uids if _id(told[uid]) == message_id])

    @contextlib.contextmanager
    def _within(self, folder: str, *, readonly: bool) -> Iterator[list[int]]:
        self.person.select_folder(folder, readonly=readonly)
        try:
            yield self.person.search()
        finally:
            if self.person.has_capability("UNSELECT"):
                self.person.unselect_folder()
            else:
                self.person.select_folder("INBOX", readonly=True)


def _id(told: dict[bytes, bytes]) -> str:
    body = next(value for key, value in told.items() if key.startswith(b"BODY["))
    return next(iter(message_ids(first(fields(body or b""), "message-id"))), "")
