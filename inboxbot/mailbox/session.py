"""An IMAP session as this program uses it: the allowed verbs, each within its deadline, each failure in words.

Verbs on mailboxes are EXAMINE, STATUS, SEARCH, FETCH with PEEK, APPEND, and CREATE and SUBSCRIBE of the bot's own folders. SELECT
is for `check`, and for claims, which STORE a keyword of the bot's own.
There is no other, so that nothing can be changed or removed by mistake (docs/contract.md, "In the mailbox").
"""

from __future__ import annotations

import contextlib
import imaplib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from imapclient.imap_utf7 import decode as decode_utf7

from inboxbot.errors import MailboxError, RefusedError
from inboxbot.mailbox import fetched, folders, refusal
from inboxbot.mailbox.connect import Deadlines
from inboxbot.mailbox.fetched import Fetched
from inboxbot.mailbox.folders import Folder, Space
from inboxbot.mailbox.line import Client
from inboxbot.mailbox.look import HEAD_BYTES
from inboxbot.mailbox.rest import rest
from inboxbot.records import Fence
from inboxbot.stop import Stop

SEARCH_BYTES = 16 << 20
CLAIM = "$InboxbotClaim"  # that a letter is taken; with a dash and a name, by whom
CLAIM_ROUNDS = 20
_LARGEST = 1 << 63

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Session:
    """A logged-in connection; after MailboxError (not RefusedError) it is lost for good."""

    def __init__(self, client: Client, host: str, deadlines: Deadlines) -> None:
        self._client, self._host, self._deadlines = client, host, deadlines
        self._examined: tuple[str, Fence] | None = None
        self._space: Space | None = None
        self._lost = False

    @property
    def line(self) -> object:
        """The line below, for those who count what goes over it."""
        return self._client.line

    @property
    def certificate_ends(self) -> datetime | None:
        """When the server's certificate ends; None in clear text."""
        ends = self._client.line.certificate_ends
        return None if ends is None else datetime.fromtimestamp(ends, UTC)

    # --- looking ------------------------------------------------------------------------------------------------------

    def examine(self, folder: str, *, anew: bool = True) -> Fence:
        """Open a folder for reading and tell where it stands; EXAMINE sets no flag, not even \\Recent.

        STATUS would be the shorter question, but of a selected folder its answer may be stale (RFC 3501 §6.3.10).
        """
        if not anew and self._examined is not None and self._examined[0] == folder:
            return self._examined[1]
        self._examined = None
        with self._doing(f"opening {folder}"):
            told = dict(self._client.select_folder(checked(folder), readonly=True))
            if b"UIDNEXT" not in told or b"UIDVALIDITY" not in told:
                told |= self._client.folder_status(folder, ["UIDNEXT", "UIDVALIDITY"])
            fence = Fence(_number(told[b"UIDVALIDITY"]), _number(told[b"UIDNEXT"]))
        self._examined = folder, fence
        return fence

    def search(self, *criteria: str) -> list[int]:
        """UIDs in the examined folder, ascending; the criteria are written as on the wire (`quoted`, `day`)."""
        with self._doing("searching", announced=SEARCH_BYTES):
            typ, answer = self._client.line.uid("SEARCH", *(checked(word) for word in criteria))
            self._client._checkok("search", typ, answer)
            return sorted({int(uid) for part in answer if part for uid in part.split()})

    def fetch(
        self, uids: Sequence[int], what: str, doing: str, *, size: int, allowed: int | None = None
    ) -> dict[int, Fetched]:
        """What the examined folder tells of these UIDs; one that is gone is not in the answer.

        About `size` bytes are expected, which bounds the time; at most `allowed` are taken in.
        """
        if not uids:
            return {}
        patience = self._deadlines.fetch + size / self._deadlines.bytes_per_second
        with self._doing(doing, patience, allowed or size):
            typ, answer = self._client.line.uid("FETCH", fetched.spans(uids), f"({what})")
            self._client._checkok("fetch", typ, answer)
            wanted = set(uids)
            return {uid: mail for uid, mail in fetched.read(answer).items() if uid in wanted}

    def heads(self, uids: Sequence[int], names: str, beside: str = "") -> dict[int, Fetched]:
        """The named header fields of these UIDs, at most 16 KB of each, and what else is asked `beside`."""
        what = f"{beside} BODY.PEEK[HEADER.FIELDS ({names})]<0.{HEAD_BYTES}>".lstrip()
        return self.fetch(uids, what, "reading headers", size=len(uids) * HEAD_BYTES)

    def folders(self) -> tuple[Sequence[Folder], Space]:
        """Every folder as listed now, and where the user's own ones live."""
        with self._doing("listing the folders", announced=SEARCH_BYTES):
            listing = self._list()
            if self._space is None:
                self._space = folders.space_of(listing, self._namespace())
        return listing, self._space

    def _list(self) -> list[Folder]:
        client = self._client
        if client.has_capability("SPECIAL-USE") and client.has_capability("LIST-EXTENDED"):
            # RFC 6154 §2: without RETURN a server may leave the marks out
            typ, answer = client.line._simple_command("LIST", '""', '"*"', "RETURN (SPECIAL-USE)")
        else:
            typ, answer = client.line._simple_command("LIST", '""', '"*"')
        client._checkok("list", typ, answer)
        _, answer = client.line._untagged_response(typ, answer, "LIST")
        client.folder_encode = False  # decoded here: one name in broken UTF-7 would cost the whole list
        try:
            rows = client._proc_folder_list(answer)
        finally:
            client.folder_encode = True
        return [folder for row in rows if (folder := _folder(*row))]

    def _namespace(self) -> tuple[str, str] | None:
        personal = self._client.namespace().personal if self._client.has_capability("NAMESPACE") else None
        return (personal[0][0], personal[0][1]) if personal else None

    def capabilities(self) -> frozenset[str]:
        """The server's capabilities, upper-case."""
        return frozenset(c.decode("ascii", "replace").upper() for c in self._client.capabilities())

    # --- filing -------------------------------------------------------------------------------------------------------

    def append(self, folder: str, raw: bytes, flags: Sequence[str]) -> None:
        """One APPEND with a synchronising literal; RefusedError only where a tagged NO or BAD proves that nothing was stored."""
        with self._doing(
            f"filing into {folder}", self._deadlines.command + len(raw) / self._deadlines.bytes_per_second
        ):
            self._client.append(checked(folder), raw, flags=[checked(flag) for flag in flags])

    def writable(self, folder: str) -> bool:
        """Whether the server would let us file into a folder: SELECT tells (RFC 3501 §6.3.1), and EXAMINE closes it again."""
        with self._doing(f"asking whether {folder} may be written to"):
            try:
                told = self._client.select_folder(checked(folder))
            except imaplib.IMAP4.readonly:
                return False
        self.examine(folder)
        return b"READ-ONLY" not in told

    def claim(self, folder: str, uid: int, keyword: str) -> bool | None:
        """Put a claim and our own name on a mail that bears none yet (UNCHANGEDSINCE, RFC 7162 §3.1.3); whether it bears ours now.

        None where the mail is gone, or the folder has no numbers of change. Every round looks anew: what the tagged answer
        says of the STORE is lost in imaplib, and who won stands on the mail.
        """
        with self._doing(f"claiming a mail in {folder}"):
            self._examined = None
            self._client.select_folder(checked(folder))
        try:
            for _ in range(CLAIM_ROUNDS):
                mail = self.fetch([uid], "FLAGS MODSEQ", f"looking at a mail in {folder}", size=1000).get(uid)
                if mail is None or mail.modseq is None:
                    return None
                claims = {flag.lower() for flag in mail.flags if flag.lower().startswith(CLAIM.lower())}
                if claims:
                    return claims == {CLAIM.lower(), keyword.lower()}
                with self._doing(f"claiming a mail in {folder}"):
                    stored = f"(UNCHANGEDSINCE {mail.modseq})", "+FLAGS.SILENT", f"({CLAIM} {checked(keyword)})"
                    typ, told = self._client.line._simple_command("UID", "STORE", str(uid), *stored)
                    self._client._checkok("store", typ, told)
                    self._client.line._untagged_response(typ, told, "FETCH")
        finally:
            if not self._lost:
                self.examine(folder)
        raise MailboxError(f"{self._host}: a mail in {folder} changes too fast to be claimed")

    def create(self, folder: str) -> None:
        """CREATE and SUBSCRIBE one of the bot's own folders."""
        with self._doing(f"creating the folder {folder}"):
            self._client.create_folder(checked(folder))
            self._client.subscribe_folder(folder)

    # --- resting and leaving ------------------------------------------------------------------------------------------

    def rest(self, seconds: float, stop: Stop) -> bool:
        """Rest on the examined folder (see `rest`)."""
        with self._doing("waiting for mail"):
            return rest(self._client, seconds, stop, self._deadlines.done)

    def close(self) -> None:
        """LOGOUT, quickly; never raises."""
        with contextlib.suppress(Exception):
            if not self._lost:
                self._client.line.allow(self._deadlines.leave)
                self._client.logout()
        self._drop()

    @contextlib.contextmanager
    def _doing(self, what: str, seconds: float | None = None, announced: int = 0) -> Iterator[None]:
        if self._lost:
            raise MailboxError(f"{self._host}: the connection was lost before {what}")
        self._client.line.allow(seconds or self._deadlines.command, announced)
        try:
            yield
        except refusal.FAILURES as error:
            told = refusal.in_words(error, self._host, what)
            if not isinstance(told, RefusedError):
                self._drop()
            raise told from error
        except RefusedError:  # before a byte of it was sent
            raise
        except BaseException:  # in the middle of it: another word would become part of it
            self._drop()
            raise

    def _drop(self) -> None:
        self._lost = True
        with contextlib.suppress(Exception):
            self._client.shutdown()


def _number(told: object) -> int:
    """A UID or UIDVALIDITY: not nought (RFC 3501 §9, nz-number), and no larger than the store can keep."""
    number = int(str(told))
    if not 0 < number < _LARGEST:
        raise ValueError(f"{number} is no UID")
    return number


def checked(word: str) -> str:
    """The word, if it cannot end a command: a CR LF in a search string ran a second command (servers study §6a)."""
    if any(ord(c) < 32 or 127 <= ord(c) < 160 for c in word):
        raise RefusedError(f"control characters in {word!r}: this is not sent to a mail server")
    return word


def quoted(word: str) -> str:
    """A quoted string of RFC 3501 §9."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def day(when: date) -> str:
    """A date of RFC 3501 §9, whatever the locale."""
    return f"{when.day:02d}-{_MONTHS[when.month - 1]}-{when.year:04d}"


def _folder(attributes: Sequence[bytes], separator: bytes | None, name: bytes | str) -> Folder | None:
    try:
        decoded = name if isinstance(name, str) else decode_utf7(name)
    except (UnicodeError, ValueError, IndexError):
        return None  # a name that cannot be read cannot be named in the configuration either
    marks = frozenset(a.decode("ascii", "replace").lower() for a in attributes if isinstance(a, bytes))
    return Folder(decoded, marks, separator.decode("ascii", "replace") if separator else None)
