"""A mailbox over IMAP (`inboxbot.ports.Mailbox`): reads by EXAMINE and PEEK, files by APPEND, changes nothing else."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import structlog

from inboxbot.errors import RefusedError
from inboxbot.letter.automatic import trace
from inboxbot.letter.header import Field, fields, first, message_ids, values
from inboxbot.letter.identity import envelope_of
from inboxbot.mailbox import folders
from inboxbot.mailbox.connect import Deadlines, Login, Security, connect, with_password
from inboxbot.mailbox.fetched import Fetched
from inboxbot.mailbox.folders import ALL, DRAFTS, SENT, TRASH, Choice, Folder, Space
from inboxbot.mailbox.look import BATCH_BYTES, BATCH_MAILS, LARGE, LARGE_CUT, arrived_since, batches
from inboxbot.mailbox.session import CLAIM, Session, day, quoted
from inboxbot.records import Arrival, Cursor, Drift, Fence
from inboxbot.stop import Stop

log = structlog.get_logger()

WINDOW = 10_000  # UIDs of a backlog that one SEARCH looks through: some 60 KB of answer
ENVELOPE = "MESSAGE-ID FROM SUBJECT DATE"
THE_BEGINNING = date(1970, 1, 2)

_MESSAGE_ID = re.compile(r"<[^\s<>]{1,250}>")
_PLAIN_RUN = re.compile(r"[A-Za-z0-9@.+_=$<>-]+")


def open_imap(
    *,
    host: str,
    port: int,
    security: Security,
    user: str,
    secret: Callable[[], str] | None = None,
    login: Login | None = None,
    ca_file: str | None = None,
    drafts: str = "auto",
    sheets: str | None = None,
    account: str | None = None,
    deadlines: Deadlines | None = None,
    read_only: bool = False,
    claimant: str | None = None,
) -> ImapMailbox:
    """Connect and log in, by the password that `secret` gives or else by `login`; `account` defaults to user@host.

    With a `claimant` (a short name of this program on this machine) letters are claimed before they are answered.
    """
    deadlines = deadlines or Deadlines()
    if login is None:
        assert secret is not None, "a secret or a login is needed"
        login = with_password(user, secret)
    session = Session(connect(host, port, security, ca_file, user, login, deadlines), host, deadlines)
    return ImapMailbox(
        session, account or f"{user}@{host}", drafts=drafts, sheets=sheets, read_only=read_only, claimant=claimant
    )


@dataclass(frozen=True, slots=True)
class _FirstLook:
    """A first look at a folder that takes several pages: `since` holds up to the last mail that was there at its start."""

    uidvalidity: int
    since: date
    top: int


class ImapMailbox:
    """One account's folders on an IMAP server; for one thread."""

    def __init__(
        self,
        session: Session,
        account: str,
        *,
        drafts: str,
        sheets: str | None,
        read_only: bool,
        claimant: str | None = None,
    ) -> None:
        self.account = account
        self._claim = f"{CLAIM}-{claimant}" if claimant and not read_only and self._can_claim(session) else None
        self._session = session
        self._drafts, self._sheets, self._read_only = drafts, sheets, read_only
        self._listing: tuple[Sequence[Folder], Space] | None = None
        self._looked: dict[str, Fence] = {}
        self._first_looks: dict[str, _FirstLook] = {}
        self.certificate_ends: datetime | None = session.certificate_ends

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
        """New mail in UID order; when there is none it costs one EXAMINE."""
        self._listing = None  # folders come and go: a listing holds for one sweep
        now = self._looked[folder] = self._session.examine(folder)
        top = now.uidnext - 1
        if cursor is None or cursor.uidvalidity != now.uidvalidity:
            if since is None:
                return Cursor(now.uidvalidity, top), []
            self._first_looks[folder] = _FirstLook(now.uidvalidity, since, top)
            cursor = Cursor(now.uidvalidity, 0)
        look = self._first_looks.get(folder)
        if look is not None and look.uidvalidity == cursor.uidvalidity and cursor.uid < look.top:
            uids, end = self._next(cursor.uid + 1, look.top, limit, *_asked(look.since))
        else:
            look = None
            uids, end = self._next(cursor.uid + 1, top, limit)
        new = [
            arrival
            for arrival in self._look_at(folder, now.uidvalidity, uids)
            if (look is None or arrived_since(arrival.arrived_at, look.since)) and not known(arrival)
        ]
        return Cursor(now.uidvalidity, max(end, cursor.uid)), new

    def _next(self, start: int, top: int, limit: int, *asked: str) -> tuple[list[int], int]:
        """UIDs that may be there from `start` on, at most `limit`, and up to which UID these are all."""
        if top - start < limit:
            return list(range(start, top + 1)), top
        width = WINDOW
        while start <= top:
            end = min(start + width - 1, top)
            # "n:*" always finds the last mail (RFC 3501 §6.4.8), and some servers treat "n:m" beyond the end alike
            uids = [uid for uid in self._session.search("UID", f"{start}:{end}", *asked) if start <= uid <= end]
            if uids:
                return uids[:limit], uids[limit - 1] if len(uids) > limit else end
            start, width = end + 1, width * 4
        return [], top

    def _look_at(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> Iterator[Arrival]:
        for start in range(0, len(uids), BATCH_MAILS):
            for mail in self._heads_of(folder, uids[start : start + BATCH_MAILS]):
                envelope = envelope_of(mail.body or b"")
                yield Arrival(folder, uidvalidity, mail.uid, mail.size or 0, mail.flags, mail.arrived_at, envelope)

    def _heads_of(self, folder: str, uids: Sequence[int]) -> list[Fetched]:
        try:
            told = self._session.heads(uids, ENVELOPE, beside="FLAGS INTERNALDATE RFC822.SIZE")
        except RefusedError:
            if len(uids) == 1:
                return [Fetched(uids[0])]  # perhaps the whole mail can be had
            self._session.examine(folder)
            return [mail for uid in uids for mail in self._heads_of(folder, [uid])]
        return [told[uid] for uid in uids if uid in told]

    def fetch(self, arrivals: Sequence[Arrival]) -> Iterable[tuple[Arrival, bytes | None]]:
        """The raw mails in batches of at most 200 mails and 8 MB; one beyond 25 MB comes cut, and alone."""
        for batch in batches(arrivals):
            yield from self._fetch_batch(batch)

    def _fetch_batch(self, batch: Sequence[Arrival]) -> list[tuple[Arrival, bytes | None]]:
        folder = batch[0].folder
        size = sum(arrival.size for arrival in batch)
        section, expected = "BODY.PEEK[]", min(size * 3 // 2, LARGE)
        if size > LARGE:
            section, expected = f"BODY.PEEK[]<0.{LARGE_CUT}>", LARGE_CUT
        if self._session.examine(folder, anew=False).uidvalidity != batch[0].uidvalidity:
            return [(arrival, None) for arrival in batch]
        try:
            # RFC822.SIZE is misstated by servers that count before conversion (Exchange): it bounds the time alone.
            told = self._session.fetch(
                [arrival.uid for arrival in batch],
                f"FLAGS INTERNALDATE {section}",
                f"fetching from {folder}",
                size=expected,
                allowed=LARGE + BATCH_BYTES,
            )
        except RefusedError as error:
            if len(batch) > 1:  # one of them is at fault: which?
                self._session.examine(folder)
                return [pair for arrival in batch for pair in self._fetch_batch([arrival])]
            log.error(
                "the server cannot hand out a mail",
                account=self.account,
                folder=folder,
                uid=batch[0].uid,
                why=str(error),
            )
            return [(batch[0], None)]
        return [_as_told(arrival, told.get(arrival.uid)) for arrival in batch]

    def present(self, folder: str, keywords: Sequence[str] = ()) -> tuple[int, frozenset[int]]:
        """One EXAMINE and one SEARCH."""
        now = self._session.examine(folder)
        asked = [word for _ in keywords[1:] for word in ("OR",)]
        asked += [f"KEYWORD {keyword}" for keyword in keywords]
        return now.uidvalidity, frozenset(self._session.search(*(asked or ["ALL"])))

    def look(self, folder: str, uids: Iterable[int]) -> Sequence[Arrival]:
        """Their sizes, flags and envelopes."""
        return list(self._look_at(folder, self._session.examine(folder, anew=False).uidvalidity, sorted(uids)))

    # --- folders ------------------------------------------------------------------------------------------------------

    def folders(self) -> Sequence[Folder]:
        """Every folder, as listed now."""
        self._listing = self._session.folders()
        return self._listing[0]

    def _listed(self) -> tuple[Sequence[Folder], Space]:
        if self._listing is None:
            self._listing = self._session.folders()
        return self._listing

    def drafts_choice(self) -> Choice:
        """The Drafts folder and why it is that one; RefusedError when it cannot be told."""
        try:
            return folders.drafts(*self._listed(), self._drafts)
        except RefusedError as error:
            raise RefusedError(f"{self.account}: {error}") from None

    def drafts_folder(self) -> str:
        """The Drafts folder by configuration, mark or name."""
        return self.drafts_choice().name

    def sheets_folder(self) -> str | None:
        """The folder for case sheets, if it is wanted and exists."""
        return folders.existing(*self._listed(), self._sheets) if self._sheets else None

    def beneath(self, path: str) -> Mapping[str, str]:
        """The folders one level beneath one of the bot's own."""
        return folders.beneath(*self._listed(), path)

    def special(self, use: str) -> str | None:
        """The folder of a special use (folders.SENT …), or None where there is none or several could be."""
        with contextlib.suppress(RefusedError):
            choice = folders.special(*self._listed(), use)
            return choice.name if choice else None
        return None

    def writable(self, folder: str) -> bool:
        """Whether the server would let us file into the folder."""
        return self._session.writable(folder)

    def capabilities(self) -> frozenset[str]:
        """What the server says it can do, upper-case."""
        return self._session.capabilities()

    def traces(self, folder: str, count: int = 30) -> list[tuple[tuple[str, str], ...]]:
        """The trace headers (Received, Authentication-Results) of the folder's latest mails, in order."""
        top = self._session.examine(folder).uidnext - 1
        uids, _ = self._next(max(1, top - count + 1), top, count)
        heads = self._session.heads(uids, "RECEIVED AUTHENTICATION-RESULTS")
        return [trace(fields(mail.body or b"")) for mail in heads.values()]

    def make_folders(self, paths: Iterable[str]) -> list[str]:
        """Create and subscribe those of the bot's own folders (written with "/") that are missing; returns their names."""
        self._may_write()
        missing = self.missing_folders(paths)
        for name in missing:
            self._session.create(name)
        self._listing = None
        return missing

    def missing_folders(self, paths: Iterable[str]) -> list[str]:
        """Those of the bot's own folders that are not there, by the server's names."""
        listing, space = self._listed()
        return [space.name(path) for path in paths if folders.existing(listing, space, path) is None]

    # --- whose letter it is -------------------------------------------------------------------------------------------

    def claim(self, arrival: Arrival) -> bool:
        """By a keyword on the mail, set only while nobody else's is there."""
        if self._claim is None or self._session.examine(arrival.folder).uidvalidity != arrival.uidvalidity:
            return True
        return self._session.claim(arrival.folder, arrival.uid, self._claim) is not False

    def _can_claim(self, session: Session) -> bool:
        if "CONDSTORE" in session.capabilities():
            return True
        log.warning("letters cannot be claimed here", account=self.account, why="the server has no CONDSTORE")
        return False

    # --- filing -------------------------------------------------------------------------------------------------------

    def fence(self, folder: str) -> Fence:
        """Where the folder stands now."""
        return self._session.examine(folder)

    def append(self, folder: str, raw: bytes, flags: Sequence[str]) -> None:
        """One APPEND with its flags."""
        self._may_write()
        self._session.append(folder, raw, flags)

    def drift(self, folder: str, fence: Fence) -> Drift:
        """What stands at or beyond the fence, by its headers; nothing under another UIDVALIDITY."""
        now = self._session.examine(folder)
        present: dict[int, str] = {}
        start = fence.uidnext
        while now.uidvalidity == fence.uidvalidity and start < now.uidnext:
            uids, end = self._next(start, now.uidnext - 1, BATCH_MAILS)
            present |= self._ids(uids)
            start = end + 1
        return Drift(now, present)

    def answered(self, message_id: str | None) -> bool:
        """Whether a mail in Sent names this one in In-Reply-To or References; SEARCH finds, headers decide."""
        return any(uids for _, uids in self._answering(message_id))

    def answers(self, message_id: str | None, folder: str | None = None) -> Sequence[Arrival]:
        """The mails in Sent, or in another folder, that do."""
        found = self._answering(message_id, folder)
        return [arrival for place, uids in found if uids for arrival in self.look(place, uids)]

    def _answering(self, message_id: str | None, folder: str | None = None) -> Iterator[tuple[str, list[int]]]:
        needle = _needle(message_id)
        if not needle:
            return
        for place in self._opened(folder or self.special(SENT)):
            hits = self._session.search("OR", "HEADER In-Reply-To", needle, "HEADER References", needle)
            told = self._session.heads(hits[-BATCH_MAILS:], "IN-REPLY-TO REFERENCES")
            heads = {uid: fields(mail.body or b"") for uid, mail in told.items()}
            yield place, [uid for uid, head in heads.items() if message_id in _named(head)]

    def holds(self, message_id: str) -> bool:
        """Whether a folder that a filing may have gone to holds exactly this Message-ID; SEARCH finds, headers decide."""
        needle = _needle(message_id)
        if not needle:
            return False
        drafts = self.special(DRAFTS) if self._drafts == "auto" else self.drafts_folder()
        for _ in self._opened(drafts, self.sheets_folder(), *map(self.special, (SENT, TRASH, ALL))):
            hits = self._session.search("HEADER Message-ID", needle)
            if message_id in self._ids(hits[-BATCH_MAILS:]).values():
                return True
        return False

    def _opened(self, *places: str | None) -> Iterator[str]:
        """Those of the places that there are, each examined; one that is listed but cannot be opened must not block all."""
        for place in dict.fromkeys(place for place in places if place):
            try:
                self._session.examine(place)
            except RefusedError as error:
                log.warning("a folder cannot be searched", account=self.account, why=str(error))
            else:
                yield place

    def _ids(self, uids: Sequence[int]) -> dict[int, str]:
        """UID → Message-ID ("" if none); nothing of a mail whose head was not told."""
        heads = {
            uid: mail.body for uid, mail in self._session.heads(uids, "MESSAGE-ID").items() if mail.body is not None
        }
        return {uid: next(iter(message_ids(first(fields(head), "message-id"))), "") for uid, head in heads.items()}

    # --- resting and leaving ------------------------------------------------------------------------------------------

    def wait(self, folder: str, seconds: float, stop: Stop) -> bool:
        """IDLE, or NOOP now and then; mail that came between the last look and this counts as a push."""
        looked, now = self._looked.get(folder), self._session.examine(folder)
        if looked is not None and looked != now:
            return True
        return self._session.rest(seconds, stop)

    def close(self) -> None:
        """LOGOUT, within two seconds."""
        self._session.close()

    def _may_write(self) -> None:
        if self._read_only:
            raise RefusedError(f"{self.account}: opened for reading only")


def _named(head: tuple[Field, ...]) -> tuple[str, ...]:
    """The mails that this one answers, by its header."""
    answered = (*values(head, "in-reply-to"), *values(head, "references"))
    return tuple(message_id for value in answered for message_id in message_ids(value))


def _as_told(arrival: Arrival, told: Fetched | None) -> tuple[Arrival, bytes | None]:
    """With the flags as they are now: since the first look the user may have answered."""
    if told is None or told.body is None:
        return arrival, None
    return replace(arrival, flags=told.flags, arrived_at=told.arrived_at or arrival.arrived_at), told.body


def _asked(since: date) -> tuple[str, ...]:
    # SINCE goes by the server's idea of the day (RFC 3501 §6.4.4): one day more is asked, INTERNALDATE decides.
    when = since.astimezone(UTC).date() if isinstance(since, datetime) else since
    return ("SINCE", day(when - timedelta(days=1))) if when > THE_BEGINNING else ()


def _needle(message_id: str | None) -> str:
    """What to search for, quoted: the identifier, or its longest harmless part where a server might stumble over it."""
    if message_id is None or not _MESSAGE_ID.fullmatch(message_id):
        return ""
    return quoted(max(_PLAIN_RUN.findall(message_id), key=len))
