"""The sockets in the walls: what the corridor needs from a mailbox, a ledger, a judge and a reader, and what they promise.

Every adapter passes one contract suite (`tests/contracts/`), the in-memory doubles too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from inboxbot.records import (
    Answer,
    Arrival,
    Brief,
    Case,
    CaseLetter,
    Clue,
    Cursor,
    Drift,
    Entry,
    Fate,
    Fence,
    Filing,
    Gesture,
    Glance,
    Letter,
    Move,
    Reading,
    Verdict,
)
from inboxbot.stop import Stop


class Judge(Protocol):
    """Says what a letter is. Reads the letter's own words only; never headers that the bot or a server added."""

    def __call__(self, letter: Letter) -> Verdict:
        """Judge one letter by the one decision rule."""
        ...

    def clues(self, letter: Letter, label: str, count: int = 12) -> tuple[Clue, ...]:
        """The words that counted most for and against `label`, strongest first."""
        ...


class Ocr(Protocol):
    """Reads the words of a page image. Lives in the reader; absent when no OCR program is installed."""

    def __call__(self, image: bytes) -> str:
        """The text of one page (PNG bytes); raises LetterError when the page cannot be read within its limits."""
        ...


class Reader(Protocol):
    """Understands a mail in a process that can be killed."""

    def read(self, raw: bytes, brief: Brief) -> Reading:
        """Raises LetterError when the reading crashed, hung or outgrew its limits; the next letter finds a fresh reader."""
        ...

    def glance(self, raws: Sequence[bytes], brief: Brief) -> Glance:
        """Look at several mails at once. LetterError as for `read`, with no word on which of them it was."""
        ...


class Mailbox(Protocol):
    """One account's folders. It appends and never edits: no method changes or removes anything that is there.

    Every call may raise MailboxError; the object is then dead and a new one must be opened. RefusedError means that the
    server answered no; the object lives on. Folder names are decoded (no modified UTF-7) and carry the server's own
    separator.
    """

    account: str  # user@host: the letter keys' account
    certificate_ends: datetime | None  # the server's; None where there is none

    def arrivals(
        self,
        folder: str,
        cursor: Cursor | None,
        *,
        since: date | None,
        known: Callable[[Arrival], bool],
        limit: int = 200,
    ) -> tuple[Cursor, list[Arrival]]:
        """New mail of `folder` in UID order, at most `limit`, and the cursor that is right once all of it is settled.

        Without a cursor (first sight), or under another UIDVALIDITY, everything that arrived on or after `since` (a day,
        or a moment) is new; `since` None means nothing is: the cursor then stands at the last mail there. Such a look
        may take several pages, all of one mailbox object: whoever breaks it off begins anew. Sizes and envelopes are asked
        before any body; an arrival for which `known` is true is left out. No flag changes.
        """
        ...

    def fetch(self, arrivals: Sequence[Arrival]) -> Iterable[tuple[Arrival, bytes | None]]:
        """The raw mails, byte for byte, in bounded batches, with their flags as they are now; None for one that is gone.

        A mail over 25 MB is cut after its first 2 MB (the reader says so in its defects). RefusedError is for a folder
        that cannot be opened; a single mail that cannot be had is None too.
        """
        ...

    def drafts_folder(self) -> str:
        """The Drafts folder by configuration, SPECIAL-USE or well-known name; RefusedError when there is none."""
        ...

    def sheets_folder(self) -> str | None:
        """The folder for case sheets if it exists, else None."""
        ...

    def beneath(self, path: str) -> Mapping[str, str]:
        """The folders one level beneath one of the bot's own (written with "/", any case): last part → folder's name."""
        ...

    def present(self, folder: str, keywords: Sequence[str] = ()) -> tuple[int, frozenset[int]]:
        """UIDVALIDITY and the UIDs of the mails that lie in `folder` now; with `keywords`, of those that bear one of them."""
        ...

    def look(self, folder: str, uids: Iterable[int]) -> Sequence[Arrival]:
        """The mails with these UIDs as they lie there now, their flags included; those that are gone are left out."""
        ...

    def fence(self, folder: str) -> Fence:
        """UIDVALIDITY and UIDNEXT of a folder, now."""
        ...

    def append(self, folder: str, raw: bytes, flags: Sequence[str]) -> None:
        """Append one message with its flags in one command (RFC 3501 §6.3.11). Not idempotent: only `flow.file` calls it."""
        ...

    def drift(self, folder: str, fence: Fence) -> Drift:
        """What stands in `folder` at or beyond the fence, with Message-IDs read from the headers, not by SEARCH."""
        ...

    def claim(self, arrival: Arrival) -> bool:
        """Whether this program may answer the mail: false where another one's claim lies on it. Safe to repeat.

        Without claims, and where a server has none of the means for them, it is always true.
        """
        ...

    def answered(self, message_id: str | None) -> bool:
        """Whether a mail in Sent replies to this one (In-Reply-To or References); false for None."""
        ...

    def answers(self, message_id: str | None, folder: str | None = None) -> Sequence[Arrival]:
        """The mails in Sent, or in `folder`, that reply to this one, as they lie there; none for None."""
        ...

    def holds(self, message_id: str) -> bool:
        """Whether Drafts, the sheets' folder, Sent, Trash or All holds a mail with exactly this Message-ID."""
        ...

    def wait(self, folder: str, seconds: float, stop: Stop) -> bool:
        """Rest until something may have arrived, `seconds` pass or the stop; true if the server pushed. Only a hint."""
        ...

    def close(self) -> None:
        """Leave politely; never raises."""
        ...


class Ledger(Protocol):
    """What has been seen, decided and filed; every method is committed durably before it returns.

    Raises StoreError when the store cannot be written. The unit is the filing: (letter, kind).
    """

    def open(self, key: str, account: str, arrival: Arrival) -> Entry:
        """The letter's entry, made if new, with one attempt more if it is still `seen`; the arrival is recorded as one
        of its locations."""
        ...

    def pass_over(self, account: str, mails: Mapping[str, Arrival], reading: Reading) -> list[Entry]:
        """New letters, by their keys → silent, with one reading for all and in one commit; those whose key is known are
        left as they are and not among the entries returned."""
        ...

    def refund(self, entry: Entry) -> None:
        """Take back the attempt: the mailbox failed, not the letter."""
        ...

    def silent(self, entry: Entry, reading: Reading) -> Entry:
        """seen → silent, with the reason; a letter that is past that stays as it is."""
        ...

    def plan(self, entry: Entry, reading: Reading, filings: Sequence[Filing]) -> Entry:
        """→ planned (settled once no filing is open). Kinds that the letter has already are kept as they are: a letter
        reopened by a person, from whatever stage, only gains new kinds. A filing may come as `filed` (found there)."""
        ...

    def intend(self, filing: Filing, fence: Fence) -> Filing:
        """planned → intent: the last commit before the APPEND, with the fence it will be judged by."""
        ...

    def replan(self, filing: Filing) -> Filing:
        """intent → planned: it was proved that nothing was appended."""
        ...

    def filed(self, filing: Filing, why: str | None = None) -> Filing:
        """→ filed. The letter is settled with its last filing."""
        ...

    def uncertain(self, filing: Filing, why: str) -> Filing:
        """→ uncertain: it cannot be known whether it was appended; it never will be again, and the user is told."""
        ...

    def strike(self, entry: Entry, why: str) -> Entry:
        """Record why this attempt failed."""
        ...

    def quarantine(self, entry: Entry, why: str) -> Entry:
        """seen → quarantined: set aside with its reason; `retry` is the only way back."""
        ...

    def known(self, account: str, arrival: Arrival) -> bool:
        """Whether this mail needs no fetch: its location, or its envelope and size, belong to a letter that is past `seen`."""
        ...

    def unfinished(self, account: str) -> list[Entry]:
        """Letters of the account with filings still to be made, oldest first."""
        ...

    def awaiting(self, account: str) -> list[Arrival]:
        """Where the account's letters lie that are still `seen`: struck, or taken out of quarantine by `retry`."""
        ...

    def cursor(self, account: str, folder: str) -> Cursor | None:
        """Where the last sweep of the folder ended."""
        ...

    def advance(self, account: str, folder: str, cursor: Cursor) -> None:
        """Move the cursor: everything up to it has been opened."""
        ...

    def first_seen(self, account: str) -> datetime:
        """When the account was first opened; set by the first call."""
        ...

    def drafts_since(self, account: str, moment: datetime) -> int:
        """How many drafts of the account were intended since then (the daily brake)."""
        ...


class Gestures(Protocol):
    """What people said of letters by moving, marking or naming them; every method is committed before it returns.

    Raises StoreError when the store cannot be read or written.
    """

    def presence(
        self, account: str, place: str, uidvalidity: int, uids: frozenset[int], now: datetime
    ) -> frozenset[int]:
        """These mails lie at the place now: what was there and is not any more has gone. Returns those not noted yet."""
        ...

    def vanished(self, account: str, places: Iterable[str], now: datetime) -> None:
        """There are only these places now: whatever lay at another has gone."""
        ...

    def note(self, gesture: Gesture, *, done: bool = False) -> None:
        """A gesture was seen; it waits to be acted on unless that is done."""
        ...

    def waiting(self, account: str) -> list[Gesture]:
        """What was seen, is still there and was not acted on yet, oldest first."""
        ...

    def done(self, gesture: Gesture) -> None:
        """It was acted on."""
        ...

    def every(self) -> list[Gesture]:
        """All that was said of any letter and not forgotten, oldest first."""
        ...

    def of(self, letter: str) -> list[Gesture]:
        """What was said of a letter, oldest first; nothing that was forgotten."""
        ...

    def places(self, letter: str) -> list[Arrival]:
        """Where the letter was seen, the latest place first."""
        ...


class CaseBook(Protocol):
    """Which letters are one claim, and what became of it; every method is committed before it returns.

    Raises StoreError when the store cannot be read or written. What is kept is what was seen: nothing here changes a mailbox.
    """

    def cases(self, account: str | None = None, *, closed: bool = True) -> list[Case]:
        """The cases of an account, or all of them, oldest first, with the drafts that the ledger knows of; without the
        closed ones if they are not wanted."""
        ...

    def near(self, account: str, room: str, letter: CaseLetter) -> list[Case]:
        """The account's cases that a letter may belong to, or that tell of its past: at least those that hold it or bear
        an identity it may take, the room's with its number, those with a mail of its thread, and the first warnings."""
        ...

    def keep(self, case: Case) -> None:
        """Commit a case: what it is, and which letters it holds. A letter is in one case: it leaves any other, and a case
        without letters is no more."""
        ...

    def leave(self, letter: str) -> None:
        """The letter belongs to no case."""
        ...

    def close(self, case: str, moment: datetime | None) -> None:
        """The user closes a case, or (None) opens it again."""
        ...

    def observe(self, letter: str, kind: str, fate: Fate, moment: datetime) -> None:
        """What became of a draft, as seen at that moment."""
        ...

    def answer(self, answer: Answer) -> None:
        """The user answered a letter; the same mail is noted once."""
        ...

    def reading(self, letter: str) -> Reading | None:
        """What was understood of a letter."""
        ...

    def told(self, account: str, kind: str) -> bool:
        """Whether a filing of this kind was ever planned for any letter of the account."""
        ...


class Chronicle(Protocol):
    """What happened in the ledger, move by move. Raises StoreError when the store cannot be read."""

    def moves(self, *, after: int, limit: int) -> Sequence[Move]:
        """The moves beyond that one, in their order; one of the last seconds may still be missing."""
        ...

    def newest_move(self) -> int:
        """The number of the latest move; 0 when there is none."""
        ...

    def reading(self, key: str) -> Reading | None:
        """What was understood of the letter, if it was."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What handling a letter needs besides the mailbox and the ledger."""

    reader: Reader
    brief: Brief
    write: Callable[[str, Reading], Sequence[Filing]]  # letter key, reading → the drafts and sheets to file, as bytes
    now: Callable[[], datetime]
    may_file: Callable[[Filing], bool] = lambda _: True  # the daily brake

    @property
    def by_hand(self) -> bool:
        """Whether a person asked: their label or chosen reply reopens a letter that was closed."""
        return self.brief.label is not None or self.brief.scenario is not None
