"""Files a sheet about each lesson, where the user asked for it: in every mailbox whose letters were learned from, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inboxbot.cases.filings import Writer, lesson_kind
from inboxbot.cases.lesson import Doubt, Lesson
from inboxbot.daemon.observe import file_once
from inboxbot.learn.finding import Studied
from inboxbot.ports import CaseBook, Desk, Gestures, Ledger, Mailbox


@dataclass(slots=True)
class Bulletin:
    """Tells one account of the latest lesson, whoever gave it; `last` is what is remembered beside the models."""

    book: CaseBook
    ledger: Ledger
    gestures: Gestures
    writer: Callable[[Mailbox], Writer]
    last: Callable[[], Studied | None]
    told: str = ""  # the version that was told of last: it need not be looked up again

    def __call__(self, mailbox: Mailbox, desk: Desk) -> None:
        """File the sheet if there is a lesson that was not told of. MailboxError ends it, and nothing is lost."""
        studied = self.last()
        version = studied.finding.version if studied else None
        if studied is None or version is None or version == self.told:
            return
        if not self.book.told(mailbox.account, lesson_kind(version)):
            key = self._newest(mailbox.account)
            sheet = self.writer(mailbox).lesson(key, self._lesson(version, studied)) if key else None
            if sheet is None:  # no letter of this account was labelled, or there is no folder for sheets yet
                return
            file_once(sheet, self.book, mailbox, self.ledger, desk)
        self.told = version

    def _newest(self, account: str) -> str | None:
        """The letter of the account that was labelled last: in the ledger the sheet hangs on it."""
        letters = (said.letter for said in reversed(self.gestures.every()) if said.account == account)
        return next((key for key in letters if self.book.reading(key) is not None), None)

    def _lesson(self, version: str, studied: Studied) -> Lesson:
        finding = studied.finding
        doubts = tuple(Doubt(key, self._subject(key), label, likely) for key, label, likely in finding.doubtful)
        return Lesson(version, studied.promoted, finding.learned, finding.against, doubts, finding.notes)

    def _subject(self, key: str) -> str:
        reading = self.book.reading(key)
        return reading.head.subject if reading else ""
