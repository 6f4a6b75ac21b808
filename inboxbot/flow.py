"""The corridor: one mail is one straight line.

`understand` is pure: bytes and plain values in, a Reading out; it runs in the reader. `handle` takes one letter through
the ledger: every filing exactly once, by write-ahead intent, a Message-ID derived from the key, and a UIDNEXT fence
(the technique of isync/mbsync; docs/exactly-once.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inboxbot.errors import LetterError, MailboxError, NoModelError, RefusedError
from inboxbot.issuers.answer import answer
from inboxbot.issuers.facts import find_facts, find_stage
from inboxbot.issuers.room import Room
from inboxbot.letter.identity import letter_key
from inboxbot.letter.parse import read_letter
from inboxbot.ports import Judge, Ledger, Mailbox, Ocr, Reader
from inboxbot.records import Arrival, Brief, Entry, Filing, Reading, Stage, Standing, Step
from inboxbot.trust.weigh import weigh

THREE_STRIKES = 3
GRACE = timedelta(seconds=30)  # a server process that lost its client may still commit an APPEND (reliability study §1.3)


# --- what does it say? ------------------------------------------------------------------------------------------------


def understand(raw: bytes, brief: Brief, judge: Judge, rooms: Mapping[str, Room], ocr: Ocr | None = None) -> Reading:
    """Read one mail: what it is, what it says, whom to believe, and what one would answer. Pure."""
    letter = read_letter(raw, ocr)
    verdict = judge(letter)
    room = rooms.get(brief.label or verdict.label)
    facts = find_facts(letter, room, brief)
    stage = find_stage(letter, room)
    trust = weigh(letter, raw, room.trust if room else None, facts, stage, brief)
    reply, silence = answer(letter, verdict, room, facts, stage, trust, brief)
    suspect = trust.verdict is Standing.SUSPECT
    return Reading(
        head=letter.head,
        verdict=verdict,
        language=letter.language,
        trust=trust,
        stage=stage,
        facts=facts,
        reply=reply,
        silence=silence,
        issuer=room.title if room else "",
        offers=room.scenarios(stage) if room else (),
        advice=room.advice.for_stage(stage, brief.identity.language, suspect=suspect) if room else (),
        unread=letter.unread,
        forwarded=letter.forwarded,
        defects=tuple(dict.fromkeys(letter.defects + letter.unread + facts.doubts)),
    )


# --- what is to be filed, exactly once? -------------------------------------------------------------------------------


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


def handle(arrival: Arrival, raw: bytes, mailbox: Mailbox, ledger: Ledger, desk: Desk) -> Entry:
    """Take one letter as far as it will go now; safe to repeat after any interruption."""
    entry = ledger.open(letter_key(mailbox.account, raw), mailbox.account, arrival)
    if entry.stage is Stage.SEEN or desk.by_hand:
        try:
            entry = _decide(entry, arrival, raw, mailbox, ledger, desk)
        except (MailboxError, NoModelError):  # not the letter's failure
            ledger.refund(entry)
            raise
    return settle(entry, mailbox, ledger, desk)


def _decide(entry: Entry, arrival: Arrival, raw: bytes, mailbox: Mailbox, ledger: Ledger, desk: Desk) -> Entry:
    """Understand the letter and commit, whole, what is to be filed; from then on it is never judged again."""
    if entry.attempts > THREE_STRIKES:
        return ledger.quarantine(entry, entry.last_error or "the program was stopped in the middle of it three times")
    try:
        reading = desk.reader.read(raw, desk.brief)
    except LetterError as error:
        entry = ledger.strike(entry, str(error))
        return ledger.quarantine(entry, str(error)) if entry.attempts >= THREE_STRIKES else entry
    if reading.reply and not desk.by_hand and ("\\Answered" in arrival.flags or mailbox.answered(reading.head.message_id)):
        reading = replace(reading, reply=None, silence="this letter has been answered already")
    filings = [
        replace(filing, step=Step.FILED, why="it was there already") if mailbox.holds(filing.message_id) else filing
        for filing in desk.write(entry.key, reading)
    ]
    return ledger.plan(entry, reading, filings) if filings else ledger.silent(entry, reading)


def settle(entry: Entry, mailbox: Mailbox, ledger: Ledger, desk: Desk) -> Entry:
    """File what the ledger says is still to be filed; each filing on its own, none twice."""
    filings = tuple(_file(filing, mailbox, ledger, desk) for filing in entry.filings)
    return replace(entry, filings=filings)


def _file(filing: Filing, mailbox: Mailbox, ledger: Ledger, desk: Desk) -> Filing:
    if filing.step is Step.INTENT:
        filing = _recover(filing, mailbox, ledger, desk)
    if filing.step is not Step.PLANNED or not desk.may_file(filing):
        return filing
    filing = ledger.intend(filing, mailbox.fence(filing.folder))
    try:
        mailbox.append(filing.folder, filing.raw, filing.flags)
    except RefusedError:  # a tagged NO: nothing was appended (RFC 3501 §6.3.11)
        ledger.replan(filing)
        raise
    return ledger.filed(filing)


def _recover(filing: Filing, mailbox: Mailbox, ledger: Ledger, desk: Desk) -> Filing:
    """An intent without an end: look first. What cannot be proved is never appended again, and told."""
    if filing.fence is None or filing.intended_at is None:
        return ledger.uncertain(filing, "the ledger holds an intent without its fence")
    if desk.now() - filing.intended_at < GRACE:
        return filing
    drift = mailbox.drift(filing.folder, filing.fence)
    if drift.fence.uidvalidity == filing.fence.uidvalidity:
        if filing.message_id in drift.present.values():
            return ledger.filed(filing, "found in its folder after an interruption")
        if drift.present.keys() >= set(range(filing.fence.uidnext, drift.fence.uidnext)):
            return ledger.replan(filing)  # every mail since the fence is still there and none is ours
    if mailbox.holds(filing.message_id):
        return ledger.filed(filing, "found in another folder: the user has moved or sent it")
    return ledger.uncertain(filing, f"interrupted while filing, and {filing.folder} has changed since: look whether it is there")
