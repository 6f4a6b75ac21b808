"""The corridor: one mail is one straight line.

`understand` is pure: bytes and plain values in, a Reading out; it runs in the reader. `handle` takes one letter through
the ledger: every filing exactly once, by write-ahead intent, a Message-ID derived from the key, and a UIDNEXT fence
(the technique of isync/mbsync; docs/exactly-once.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from inboxbot.errors import LetterError, MailboxError, NoModelError, RefusedError, SetupError
from inboxbot.issuers.answer import answer
from inboxbot.issuers.facts import find_facts_and_stage
from inboxbot.issuers.room import Room, decided, deserves_care, nearest
from inboxbot.letter.identity import letter_key
from inboxbot.letter.parse import read_head, read_letter
from inboxbot.ports import Desk, Judge, Ledger, Mailbox, Ocr
from inboxbot.records import (
    UNSURE,
    Arrival,
    Brief,
    Drift,
    Entry,
    Fence,
    Filing,
    Glance,
    Letter,
    Reading,
    Stage,
    Standing,
    Step,
)
from inboxbot.trust.weigh import imitation_of, weigh

Mail = tuple[Arrival, bytes]

THREE_STRIKES = 3
GRACE = timedelta(seconds=30)  # a server that lost its client may still commit an APPEND (reliability study §1.3)


# --- what does it say? ------------------------------------------------------------------------------------------------


def understand(raw: bytes, brief: Brief, judge: Judge, rooms: Mapping[str, Room], ocr: Ocr | None = None) -> Reading:
    """Read one mail: what it is, what it says, whom to believe, and what one would answer. Pure."""
    letter = read_letter(raw, ocr) if deserves_care(rooms, raw, brief) else read_head(raw)
    return _understood(letter, raw, brief, judge, rooms)


def glance(raws: Iterable[bytes], brief: Brief, judge: Judge, rooms: Mapping[str, Room]) -> Glance:
    """Tell apart the mails that name no issuer: of each of these `understand` makes the same. Pure."""
    nothing = _understood(read_head(b""), b"", brief, judge, rooms)
    return Glance(tuple(not deserves_care(rooms, raw, brief) for raw in raws), nothing)


def _understood(letter: Letter, raw: bytes, brief: Brief, judge: Judge, rooms: Mapping[str, Room]) -> Reading:
    verdict = judge(letter)
    if brief.explain:
        verdict = replace(verdict, clues=judge.clues(letter, verdict.likely or verdict.label))
    room, verdict = decided(rooms, verdict, letter, brief)
    facts, stage = find_facts_and_stage(letter, room, brief)
    trust = weigh(letter, raw, room.trust if room else None, facts, stage, brief)
    if verdict.label == UNSURE and (near := nearest(rooms.values(), verdict)):
        trust = imitation_of(letter, raw, near.trust, brief) or trust
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
        offers=room.offers(stage) if room else (),
        advice=room.advice.for_stage(stage, brief.identity, suspect=suspect) if room else (),
        unread=letter.unread,
        forwarded=letter.forwarded,
        defects=tuple(dict.fromkeys(letter.defects + letter.unread + facts.doubts)),
    )


# --- what is to be filed, exactly once? -------------------------------------------------------------------------------


def pass_over(mails: Sequence[Mail], account: str, ledger: Ledger, desk: Desk) -> tuple[list[Entry], list[Mail]]:
    """Note in one commit the mails that name no issuer, most of any mailbox; the others are left to be handled."""
    try:
        seen = desk.reader.glance([raw for _, raw in mails], desk.brief)
    except LetterError:  # one of them is at fault: handled one by one, it will show which
        return [], list(mails)
    ordinary: dict[str, Arrival] = {}
    for (arrival, raw), passes in zip(mails, seen.ordinary, strict=True):
        if passes:
            ordinary.setdefault(letter_key(account, raw), arrival)
    entries = ledger.pass_over(account, ordinary, seen.reading)
    noted = {ordinary[entry.key] for entry in entries}
    return entries, [mail for mail in mails if mail[0] not in noted]


def handle(arrival: Arrival, raw: bytes, mailbox: Mailbox, ledger: Ledger, desk: Desk) -> Entry:
    """Take one letter as far as it will go now; safe to repeat after any interruption."""
    entry = ledger.open(letter_key(mailbox.account, raw), mailbox.account, arrival)
    if entry.stage is Stage.SEEN or desk.by_hand:
        try:
            entry = _decide(entry, arrival, raw, mailbox, ledger, desk)
        except (MailboxError, NoModelError, SetupError):  # not the letter's failure
            ledger.refund(entry)
            raise
    return settle(entry, mailbox, ledger, desk)


def _decide(entry: Entry, arrival: Arrival, raw: bytes, mailbox: Mailbox, ledger: Ledger, desk: Desk) -> Entry:
    """Understand the letter and commit, whole, what is to be filed; from then on it is never judged again."""
    unread = entry.stage is Stage.SEEN
    if unread and entry.attempts > THREE_STRIKES:
        return ledger.quarantine(entry, entry.last_error or "the program failed in the middle of it three times")
    try:
        reading = desk.reader.read(raw, replace(desk.brief, arrived_at=arrival.arrived_at))
    except LetterError as error:
        entry = ledger.strike(entry, str(error))
        return ledger.quarantine(entry, str(error)) if unread and entry.attempts >= THREE_STRIKES else entry
    answered = "\\Answered" in arrival.flags or (reading.reply and mailbox.answered(reading.head.message_id))
    if reading.reply and answered and desk.brief.scenario is None:
        reading = replace(reading, reply=None, silence="this letter has been answered already")
    filings = [
        replace(filing, step=Step.FILED, why="it was there already") if mailbox.holds(filing.message_id) else filing
        for filing in desk.write(entry.key, reading)
    ]
    if filings and not mailbox.claim(arrival):
        return ledger.silent(entry, replace(reading, silence="another inboxbot has claimed this letter"))
    return ledger.plan(entry, reading, filings) if filings else ledger.silent(entry, reading)


def settle(entry: Entry, mailbox: Mailbox, ledger: Ledger, desk: Desk) -> Entry:
    """File what is still to be filed, each filing on its own, none twice; RefusedError once all have been tried."""
    filings, refusals = [], []
    for filing in entry.filings:
        try:
            filings.append(_file(filing, mailbox, ledger, desk))
        except RefusedError as error:
            refusals.append(error)
    if refusals:
        raise refusals[0]
    return replace(entry, filings=tuple(filings))


def _file(filing: Filing, mailbox: Mailbox, ledger: Ledger, desk: Desk) -> Filing:
    if filing.step is Step.INTENT:
        filing = _recover(filing, mailbox, ledger, desk)
    if filing.step is not Step.PLANNED or not desk.may_file(filing):
        return filing
    place = mailbox.drafts_folder() if filing.kind.startswith("draft:") else mailbox.sheets_folder()
    folder = place or filing.folder  # as it is called now: the user may have renamed it since this was written
    filing = ledger.intend(replace(filing, folder=folder), mailbox.fence(folder))
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
    if patience(filing, desk.now()):
        return filing
    try:
        drift = mailbox.drift(filing.folder, filing.fence)
    except RefusedError:
        drift = Drift(Fence(0, 0), {})  # the folder is gone, which proves nothing
    if filing.message_id in drift.present.values():
        return ledger.filed(filing, "found in its folder after an interruption")
    count = drift.fence.uidnext - filing.fence.uidnext
    if drift.fence.uidvalidity == filing.fence.uidvalidity and 0 <= count <= len(drift.present):
        return ledger.replan(filing)  # every mail since the fence is still there and none is ours
    if mailbox.holds(filing.message_id):
        return ledger.filed(filing, "found in another folder: the user has moved or sent it")
    return ledger.uncertain(filing, "interrupted while filing, and its folder has changed: look whether it is there")


def patience(filing: Filing, now: datetime) -> timedelta:
    """How long an interrupted filing is still left alone: a server may yet commit what it was sent."""
    age = now - filing.intended_at if filing.step is Step.INTENT and filing.intended_at else GRACE
    return GRACE - age if timedelta(0) <= age < GRACE else timedelta(0)
