"""What the service would do with the last thirty days: reads everything, writes nothing, not even state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from inboxbot.errors import LetterError, MailboxError, RefusedError
from inboxbot.ports import Mailbox, Reader
from inboxbot.records import OTHER, Arrival, Brief, Cursor, Reading

DAYS = 30


def rehearse(
    name: str,
    open_mailbox: Callable[[], Mailbox],
    folders: Sequence[str],
    reader: Reader,
    brief: Brief,
    say: Callable[[str], object],
) -> int:
    """Print a line for each mail that is not ordinary, and a summary; 0, or 75 / 1 when the mailbox could not be read."""
    since = (datetime.now(UTC) - timedelta(days=DAYS)).date()
    looked = drafts = 0
    try:
        mailbox = open_mailbox()
        try:
            for folder in folders:
                cursor: Cursor | None = None
                while True:
                    ahead, arrivals = mailbox.arrivals(folder, cursor, since=since, known=lambda _: False)
                    for arrival, raw in mailbox.fetch(arrivals):
                        if raw is not None:
                            looked += 1
                            drafts += _tell(name, arrival, raw, mailbox, reader, brief, say)
                    if ahead == cursor:
                        break
                    cursor = ahead
        finally:
            mailbox.close()
    except MailboxError as error:
        say(f"{name}: {error}")
        return 1 if isinstance(error, RefusedError) else 75
    say(f"{name}: {looked} mails of the last {DAYS} days read, {drafts} drafts would be filed; nothing was written")
    return 0


def _tell(
    name: str,
    arrival: Arrival,
    raw: bytes,
    mailbox: Mailbox,
    reader: Reader,
    brief: Brief,
    say: Callable[[str], object],
) -> bool:
    try:
        reading = reader.read(raw, replace(brief, arrived_at=arrival.arrived_at))
    except LetterError as error:
        say(f"{name}: {arrival.folder} {arrival.uid}: could not be read: {error}")
        return False
    if reading.verdict.label == OTHER:
        return False
    answered = "\\Answered" in arrival.flags or mailbox.answered(reading.head.message_id)
    would = "answered already, no draft" if answered and reading.reply else _would(reading)
    say(f"{name}: {arrival.folder} {arrival.uid}: {reading.verdict.label}: {would}: {reading.head.subject[:60]}")
    return reading.reply is not None and not answered


def _would(reading: Reading) -> str:
    if reading.reply:
        return f"would file draft:{reading.reply.scenario} in {reading.reply.language}"
    return f"no draft ({reading.silence})"
