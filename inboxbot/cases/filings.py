"""A reading becomes what is to be filed for it: a draft, a case sheet, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from inboxbot.cases.calendar import deadline_event
from inboxbot.cases.case import History
from inboxbot.cases.lesson import Lesson, lesson_sheet
from inboxbot.cases.page import as_html, as_text
from inboxbot.cases.sheet import Sheet, digest_of, sheet_of, wants_sheet
from inboxbot.letter.compose import POLICY, draft_message, mailbox, thread_of
from inboxbot.letter.identity import filing_message_id
from inboxbot.letter.text import one_line
from inboxbot.records import UNSURE, Case, Filing, Identity, Reading, Reply

DRAFT_FLAGS = ("\\Draft", "\\Seen")
_POLICY = POLICY.clone(max_line_length=100)  # the key is 64 digits, and stays on one line


REMINDER = "sheet:2"


def digest_kind(today: date) -> str:
    """The kind of a day's digest: there is at most one an account and day."""
    return f"digest:{today.isoformat()}"


def lesson_kind(version: str) -> str:
    """The kind of a lesson's sheet: there is at most one an account and lesson."""
    return f"lesson:{version}"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the filings of one account's letters; a missing sheets' folder (None) leaves only the drafts.

    The clerk is asked first: a letter is in the case book before anything is filed for it.
    """

    identity: Identity
    drafts_folder: str
    sheets_folder: str | None
    now: Callable[[], datetime]
    clerk: Callable[[str, Reading], History | None] = lambda *_: None

    def __call__(self, key: str, reading: Reading) -> Sequence[Filing]:
        """The draft and the sheet of a reading, with their bytes and Message-IDs fixed."""
        return tuple(self._filings(key, reading, self.clerk(key, reading)))

    def _filings(self, key: str, reading: Reading, past: History | None) -> Iterator[Filing]:
        if reading.reply is not None:
            yield self._draft(key, reading, reading.reply)
        if self.sheets_folder is not None and wants_sheet(reading):
            # A question has a kind of its own: once a person has answered it, the letter's sheet can follow.
            kind = "sheet:0" if reading.verdict.label == UNSURE else "sheet:1"
            sheet = sheet_of(reading, self.identity.language, self._today(), self.drafts_folder, past)
            yield self._sheet(key, kind, sheet, self.sheets_folder, reading)

    def reminder(self, past: History, reading: Reading) -> Filing | None:
        """The letter's sheet anew, as a reminder that nothing was sent yet."""
        if self.sheets_folder is None:
            return None
        language = self.identity.language
        sheet = sheet_of(reading, language, self._today(), self.drafts_folder, past, reminder=True)
        return self._sheet(past.letter.key, REMINDER, sheet, self.sheets_folder, reading)

    def digest(self, key: str, cases: Sequence[Case]) -> Filing | None:
        """The account's open deadlines on one sheet; it hangs on the letter `key`, but lies in no thread."""
        sheet = digest_of(cases, self.identity.language, self._today())
        if self.sheets_folder is None or sheet is None:
            return None
        return self._sheet(key, digest_kind(self._today()), sheet, self.sheets_folder)

    def lesson(self, key: str, lesson: Lesson) -> Filing | None:
        """The sheet of a lesson; it hangs on the letter `key`, but is known by the lesson alone."""
        if self.sheets_folder is None:
            return None
        sheet, kind = lesson_sheet(lesson, self.identity.language), lesson_kind(lesson.version)
        return self._sheet(key, kind, sheet, self.sheets_folder, known_by=lesson.version)

    def _today(self) -> date:
        return self.now().astimezone().date()

    def _draft(self, key: str, reading: Reading, reply: Reply) -> Filing:
        kind = f"draft:{reply.scenario}"
        message_id = filing_message_id(key, kind)
        raw = draft_message(reading.head, reply, self.identity, message_id, self.now())
        return Filing(key, kind, message_id, self.drafts_folder, DRAFT_FLAGS, raw)

    def _sheet(
        self, key: str, kind: str, sheet: Sheet, folder: str, reading: Reading | None = None, known_by: str = ""
    ) -> Filing:
        message_id = filing_message_id(known_by or key, kind)
        message = sheet_message(key, sheet, self.identity, message_id, self.now())
        if reading is not None:
            if thread := thread_of(reading.head):
                message["In-Reply-To"], message["References"] = thread[-1], " ".join(thread)
            if event := deadline_event(key, reading, self.identity.language, self.now()):
                message.add_attachment(event, maintype="text", subtype="calendar", filename="deadline.ics")
        for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
            part.set_boundary(f"=_{key[:24]}_{number}")  # from the key: the same sheet is the same bytes
        return Filing(key, kind, message_id, folder, (), message.as_bytes())


def sheet_message(key: str, sheet: Sheet, identity: Identity, message_id: str, now: datetime) -> EmailMessage:
    """A sheet as a mail from the bot to the user: text for every client, HTML beside it."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = mailbox("inboxbot", "inboxbot@localhost.invalid")
    if identity.address:
        message["To"] = mailbox(identity.name, identity.address)
    message["Subject"] = one_line(sheet.subject, 400)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    message["X-Inboxbot-Key"] = key
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(as_text(sheet), charset="utf-8", cte="quoted-printable")
    message.add_alternative(as_html(sheet), subtype="html", charset="utf-8", cte="quoted-printable")
    return message
