"""What became of the cases of a mailbox: drafts that wait, were edited or sent or are gone, answers in Sent, deadlines that come near.

Everything here is seen, nothing is changed; what is filed (a reminder, a digest) goes through the ledger as all else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import structlog

from inboxbot.cases.case import by_urgency, due, fate_of, history, must_remind
from inboxbot.cases.filings import Writer, digest_kind
from inboxbot.daemon.clock import compare, is_within
from inboxbot.errors import RefusedError
from inboxbot.flow import settle
from inboxbot.letter.header import fields, first, message_ids, moment, split_head
from inboxbot.ports import CaseBook, Desk, Ledger, Mailbox
from inboxbot.records import Answer, Arrival, Case, CaseDraft, Entry, Fate, Fence, Filing, Stage, Step

log = structlog.get_logger()

PAUSE = timedelta(minutes=1)  # between two looks: a sweep comes with every new mail, and answers are no hurry
JUST_NOW = timedelta(minutes=15)
LOOK_BACK = timedelta(days=180)  # answers to older letters are not looked for any more
MORNING = 7  # o'clock: not before is a digest filed


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user wants to be told: a reminder so many days before a deadline (0: none), and a digest each day."""

    remind_days: int = 3
    digest: bool = False


@dataclass(slots=True)
class Observer:
    """Looks after one account's cases once a sweep is done, at most once a minute; `writer` writes what is to be told."""

    book: CaseBook
    ledger: Ledger
    writer: Callable[[Mailbox], Writer]
    wishes: Wishes = field(default_factory=Wishes)
    pause: timedelta = PAUSE
    looked_at: datetime | None = None
    twins: set[str] = field(default_factory=set)  # drafts that were told of as lying there twice
    dated: set[str] = field(default_factory=set)  # drafts by which the clocks were compared

    def __call__(self, mailbox: Mailbox, desk: Desk) -> None:
        """See what became of the open cases, and remind. MailboxError ends it, and nothing is lost."""
        now = desk.now()
        if self.looked_at is not None and is_within(self.pause, self.looked_at, now):
            return
        if self._open(mailbox):
            self._find_answers(mailbox, now)
            self._look_for_drafts(mailbox, now)
            self._tell(mailbox, desk, now.astimezone())
        self.looked_at = now

    def _open(self, mailbox: Mailbox) -> list[Case]:
        return self.book.cases(mailbox.account, closed=False)

    # --- what happened ------------------------------------------------------------------------------------------------

    def _find_answers(self, mailbox: Mailbox, now: datetime) -> None:
        for case in self._open(mailbox):
            known = {(answer.letter, *_place(answer)) for answer in case.answers}
            for letter in (each for each in case.letters if now - each.seen_at < LOOK_BACK):
                found = mailbox.answers(letter.message_id)
                new = [arrival for arrival in found if (letter.key, *_place(arrival)) not in known]
                for arrival, raw in mailbox.fetch(new) if new else ():
                    if raw is not None:
                        self.book.answer(_answer(letter.key, arrival, raw))
                        log.info("answer seen", account=mailbox.account, letter=letter.key[:8])

    def _look_for_drafts(self, mailbox: Mailbox, now: datetime) -> None:
        folders: dict[str, Mapping[int, str] | None] = {}
        for case in self._open(mailbox):
            for draft in (each for each in case.drafts if each.fate is not Fate.SENT):
                if draft.folder not in folders:
                    folders[draft.folder] = _message_ids(mailbox, draft.folder)
                there = folders[draft.folder]
                if there is None:
                    continue
                lies_there = draft.message_id in there.values()
                self._look_for_a_twin(mailbox.account, draft, there)
                if lies_there and draft.message_id not in self.dated:
                    self._compare_clocks(mailbox, draft, there, now)
                edited = not lies_there and _is_edited(mailbox, case, draft, there)
                fate = fate_of(case, draft, lies_there=lies_there, edited=edited)
                if fate is not draft.fate:
                    self.book.observe(draft.letter, draft.kind, fate, now)
                    about = log.bind(account=mailbox.account, letter=draft.letter[:8], filing=draft.kind)
                    about.info("draft seen", fate=fate.value)

    def _look_for_a_twin(self, account: str, draft: CaseDraft, there: Mapping[int, str]) -> None:
        """A Message-ID is derived from its letter: the same one twice is the work of a second program on this mailbox."""
        if list(there.values()).count(draft.message_id) < 2 or draft.message_id in self.twins:
            return
        self.twins.add(draft.message_id)
        about = log.bind(account=account, letter=draft.letter[:8], filing=draft.kind)
        about.error(
            "a draft lies there twice", mend="stop the other inboxbot on this mailbox, or set keywords = true on both"
        )

    def _compare_clocks(self, mailbox: Mailbox, draft: CaseDraft, there: Mapping[int, str], now: datetime) -> None:
        """The server dates what is filed by its own clock (RFC 3501 §6.3.11): a draft that was filed just now shows it."""
        self.dated.add(draft.message_id)
        if draft.filed_at is None or abs(now - draft.filed_at) > JUST_NOW:
            return
        uid = next(uid for uid, message_id in there.items() if message_id == draft.message_id)
        for arrival in mailbox.look(draft.folder, [uid]):
            if arrival.arrived_at is not None:
                compare(draft.filed_at, arrival.arrived_at, mailbox.account)

    # --- what is told -------------------------------------------------------------------------------------------------

    def _tell(self, mailbox: Mailbox, desk: Desk, now: datetime) -> None:
        cases, writer = self._open(mailbox), self.writer(mailbox)
        for case in cases:
            letter = must_remind(case, now.date(), self.wishes.remind_days)
            reading = self.book.reading(letter.key) if letter else None
            if letter is not None and reading is not None:
                self._file(writer.reminder(history(cases, case, letter), reading), mailbox, desk)
        if self.wishes.digest and now.hour >= MORNING and not self.book.told(mailbox.account, digest_kind(now.date())):
            nearest = next((letter for case in by_urgency(cases) if (letter := due(case))), None)
            if nearest is not None:
                self._file(writer.digest(nearest.key, cases), mailbox, desk)

    def _file(self, filing: Filing | None, mailbox: Mailbox, desk: Desk) -> None:
        if filing is not None:
            file_once(filing, self.book, mailbox, self.ledger, desk)


def file_once(filing: Filing, book: CaseBook, mailbox: Mailbox, ledger: Ledger, desk: Desk) -> None:
    """Plan and file what is told beside a letter, once: a kind that the letter has already is kept as it is."""
    reading = book.reading(filing.letter)
    if reading is None:
        return
    if mailbox.holds(filing.message_id):
        filing = replace(filing, step=Step.FILED, why="it was there already")
    entry = Entry(filing.letter, mailbox.account, Stage.SETTLED, 0)
    settle(ledger.plan(entry, reading, [filing]), mailbox, ledger, desk)


def _place(mail: Arrival | Answer) -> tuple[str, int, int]:
    return mail.folder, mail.uidvalidity, mail.uid


def _is_edited(mailbox: Mailbox, case: Case, draft: CaseDraft, there: Mapping[int, str]) -> bool:
    """Whether a draft that none of ours is answers the letter in the folder where ours was."""
    letter = next(each for each in case.letters if each.key == draft.letter)
    ours = {each.message_id for each in case.drafts}
    return any(there.get(arrival.uid) not in ours for arrival in mailbox.answers(letter.message_id, draft.folder))


def _message_ids(mailbox: Mailbox, folder: str) -> Mapping[int, str] | None:
    """The Message-IDs in a folder by UID; None where it cannot be opened: then nothing is known of its drafts."""
    try:
        everything = Fence(mailbox.fence(folder).uidvalidity, 1)
        return mailbox.drift(folder, everything).present
    except RefusedError:
        return None


def _answer(letter: str, arrival: Arrival, raw: bytes) -> Answer:
    head = fields(split_head(raw)[0])
    return Answer(
        letter=letter,
        message_id=next(iter(message_ids(first(head, "message-id"))), ""),
        sent_at=moment(first(head, "date")) or arrival.arrived_at or datetime.now(UTC),
        folder=arrival.folder,
        uidvalidity=arrival.uidvalidity,
        uid=arrival.uid,
        sha256=hashlib.sha256(raw).hexdigest(),
    )
