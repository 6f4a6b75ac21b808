"""A reading becomes what is to be filed for it: a draft, a case sheet, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from inboxbot.cases.calendar import deadline_event
from inboxbot.cases.page import as_html, as_text
from inboxbot.cases.sheet import sheet_of, wants_sheet
from inboxbot.letter.compose import draft_message, thread_of
from inboxbot.letter.identity import filing_message_id
from inboxbot.letter.text import one_line
from inboxbot.records import Filing, Identity, Reading, Reply

DRAFT_FLAGS = ("\\Draft", "\\Seen")
_POLICY = policy.SMTP.clone(max_line_length=100, cte_type="7bit")  # the key is 64 digits, and stays on one line


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the filings of one account's letters; a missing sheets' folder (None) leaves only the drafts."""

    identity: Identity
    drafts_folder: str
    sheets_folder: str | None
    now: Callable[[], datetime]

    def __call__(self, key: str, reading: Reading) -> Sequence[Filing]:
        """The draft and the sheet of a reading, with their bytes and Message-IDs fixed."""
        return tuple(self._filings(key, reading))

    def _filings(self, key: str, reading: Reading) -> Iterator[Filing]:
        if reading.reply is not None:
            yield self._draft(key, reading, reading.reply)
        if self.sheets_folder is not None and wants_sheet(reading):
            yield self._sheet(key, reading, self.sheets_folder)

    def _draft(self, key: str, reading: Reading, reply: Reply) -> Filing:
        kind = f"draft:{reply.scenario}"
        message_id = filing_message_id(key, kind)
        raw = draft_message(reading.head, reply, self.identity, message_id, self.now())
        return Filing(key, kind, message_id, self.drafts_folder, DRAFT_FLAGS, raw)

    def _sheet(self, key: str, reading: Reading, folder: str) -> Filing:
        kind = "sheet:1"
        message_id = filing_message_id(key, kind)
        raw = sheet_message(key, reading, self.identity, message_id, self.now(), self.drafts_folder)
        return Filing(key, kind, message_id, folder, (), raw)


def sheet_message(
    key: str, reading: Reading, identity: Identity, message_id: str, now: datetime, drafts_folder: str
) -> bytes:
    """The case sheet as a mail from the bot to the user, in the letter's thread: text, HTML, and the deadline's .ics."""
    sheet = sheet_of(reading, identity.language, now.date(), drafts_folder)
    message = EmailMessage(policy=_POLICY)
    message["From"] = formataddr(("inboxbot", "inboxbot@localhost.invalid"))
    if identity.address:
        message["To"] = formataddr((one_line(identity.name, 200), one_line(identity.address, 320).replace(" ", "")))
    message["Subject"] = one_line(sheet.subject, 400)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    message["X-Inboxbot-Key"] = key
    message["Auto-Submitted"] = "auto-generated"
    if thread := thread_of(reading.head):
        message["In-Reply-To"], message["References"] = thread[-1], " ".join(thread)
    message.set_content(as_text(sheet), charset="utf-8", cte="quoted-printable")
    message.add_alternative(as_html(sheet, identity.language), subtype="html", charset="utf-8", cte="quoted-printable")
    if event := deadline_event(key, reading, identity.language, now):
        message.add_attachment(event, maintype="text", subtype="calendar", filename="deadline.ics")
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{key[:24]}_{number}")  # from the key: the same sheet is the same bytes
    return message.as_bytes()
