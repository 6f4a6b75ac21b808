"""One pass over one mailbox: finish what is unfinished, then take every new letter down the corridor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import structlog

from inboxbot.flow import Desk, handle, settle
from inboxbot.ports import Ledger, Mailbox
from inboxbot.records import Arrival, Cursor, Entry, Stage, Step

log = structlog.get_logger()
EVERYTHING = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Beat:
    """Which folders of an account are swept, and from when: "new", "all" or a date."""

    account: str
    folders: tuple[str, ...]
    since: date | str


def sweep(beat: Beat, mailbox: Mailbox, ledger: Ledger, desk: Desk, stop: Callable[[], bool], progress: Callable[[], None]) -> int:
    """Sweep every folder of the beat; returns how many letters were taken up. MailboxError ends it, nothing is lost."""
    first_seen = ledger.first_seen(mailbox.account)
    for entry in ledger.unfinished(mailbox.account):
        _tell(beat, settle(entry, mailbox, ledger, desk))
        progress()

    def take(arrivals: Sequence[Arrival]) -> int:
        taken = 0
        for arrival, raw in mailbox.fetch(arrivals):
            if raw is not None and not stop():  # None: moved or expunged between the look and the fetch
                _tell(beat, handle(arrival, raw, mailbox, ledger, desk))
                taken += 1
            progress()
        return taken

    taken = take(ledger.awaiting(mailbox.account))
    for folder in beat.folders:
        cursor = ledger.cursor(mailbox.account, folder)
        while not stop():
            ahead, arrivals = mailbox.arrivals(
                folder, cursor, since=_since(beat, cursor, first_seen), known=lambda a: ledger.known(mailbox.account, a)
            )
            taken += take([a for a in arrivals if _is_new(a, beat, cursor, first_seen)])
            if stop():
                break
            if ahead == cursor:
                break
            ledger.advance(mailbox.account, folder, ahead)
            cursor = ahead
    return taken


def _is_new(arrival: Arrival, beat: Beat, cursor: Cursor | None, first_seen: datetime) -> bool:
    """After a renumbering, "new" still means: arrived after this account was first seen."""
    renumbered = cursor is None or cursor.uidvalidity != arrival.uidvalidity
    return beat.since != "new" or not renumbered or arrival.arrived_at is None or arrival.arrived_at >= first_seen


def _since(beat: Beat, cursor: Cursor | None, first_seen: datetime) -> date | None:
    if isinstance(beat.since, date):
        return beat.since
    if beat.since == "all":
        return EVERYTHING
    return None if cursor is None else first_seen.astimezone(UTC).date()


def _tell(beat: Beat, entry: Entry) -> None:
    """One line a letter, with nothing in it that could identify a person."""
    about = log.bind(account=beat.account, letter=entry.key[:8], label=entry.label)
    match entry.stage:
        case Stage.QUARANTINED:
            about.error("letter set aside", why=entry.last_error, mend=f"inboxbot retry {entry.key[:8]}")
        case Stage.SEEN:
            about.warning("letter will be tried again", attempts=entry.attempts, why=entry.last_error)
        case Stage.SILENT:
            about.debug("nothing to file", why=entry.silence)
        case _:
            for filing in entry.filings:
                if filing.step is Step.UNCERTAIN:
                    about.error("filing uncertain", filing=filing.kind, why=filing.why)
                else:
                    about.info("filing", filing=filing.kind, step=filing.step.value)
