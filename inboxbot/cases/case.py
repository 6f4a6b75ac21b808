"""What a case is: which letters are one claim, how far it has come, and by when an answer is asked.

Letters come together by issuer and case number, else by thread and counterparty, never by likeness. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from inboxbot.records import (
    OTHER,
    UNSURE,
    Case,
    CaseDraft,
    CaseLetter,
    Fate,
    Reading,
    Standing,
    Status,
)

FIRST, SECOND = "recommendation_1", "recommendation_2"
CLOSING = "closing"
_ORDER = {
    stage: rank
    for rank, stages in enumerate(
        (
            ("notice", FIRST),
            ("reminder", "reminder_letter"),
            ("final", SECOND),
            ("lawyer", "notification_3"),
            (CLOSING,),
        )
    )
    for stage in stages
}
_URGING = frozenset(stage for stage, rank in _ORDER.items() if rank > 0) - {CLOSING}
_ID = 12  # digits of the first letter's key


# --- where a letter belongs -------------------------------------------------------------------------------------------


def is_of_a_case(reading: Reading) -> bool:
    """Whether a letter makes or joins a case: ordinary and doubtful mail does not."""
    return reading.verdict.label not in (OTHER, UNSURE)


def case_letter(key: str, reading: Reading, now: datetime) -> CaseLetter:
    """What the case book keeps of a letter."""
    head, facts = reading.forwarded or reading.head, reading.facts
    passage = facts.evidence.get("deadline")
    own = (*reading.head.references, *reading.head.in_reply_to)
    inner = (*head.references, *head.in_reply_to, *((head.message_id,) if head.message_id else ()))
    return CaseLetter(
        key=key,
        seen_at=now,
        sent_at=min(head.sent_at or reading.head.sent_at or now, now),
        sender=head.sender.addr.lower() if head.sender else "",
        subject=" ".join(head.subject.split()),
        message_id=reading.head.message_id,
        thread=tuple(dict.fromkeys((*own, *inner) if reading.forwarded else own)),
        stage=reading.stage,
        number=facts.case_number,
        amount=facts.amount,
        currency=facts.currency,
        deadline=facts.deadline,
        deadline_rolled=facts.deadline_rolled,
        deadline_quote=passage.quote if passage else "",
        first_warning_on=facts.first_warning_on,
    )


def taken_in(cases: Sequence[Case], account: str, reading: Reading, letter: CaseLetter) -> Case:
    """The case that the letter belongs to, with the letter in it: one of `cases`, or a new one."""
    here = next((case for case in cases if any(each.key == letter.key for each in case.letters)), None)
    if here is not None and _fits(here, reading):
        before = next(each for each in here.letters if each.key == letter.key)
        return _with(_without(here, letter.key), replace(letter, seen_at=before.seen_at), reading)
    home = _home(cases, reading, letter)
    return _with(home or _new(account, reading, letter, {case.id for case in cases}), letter, reading)


def _fits(case: Case, reading: Reading) -> bool:
    numbers = {plain_number(case.number), plain_number(reading.facts.case_number)} - {""}
    imitated = Standing.SUSPECT in (case.standing, reading.trust.verdict) and case.standing is not reading.trust.verdict
    return case.room == reading.verdict.label and not imitated and len(numbers) < 2


def _home(cases: Sequence[Case], reading: Reading, letter: CaseLetter) -> Case | None:
    """An imitation stands alone: it neither moves a real claim on nor lends it its number."""
    if reading.trust.verdict is Standing.SUSPECT:
        return None
    same_room = [c for c in cases if c.room == reading.verdict.label and c.standing is not Standing.SUSPECT]
    number = plain_number(letter.number)
    for case in same_room:
        if number and number == plain_number(case.number):
            return case
    for case in same_room:
        unlike = number and case.number and number != plain_number(case.number)
        if not unlike and domain_of(letter.sender) == case.counterparty and set(letter.thread) & _known_ids(case):
            return case
    for case in same_room:
        if letter.first_warning_on and _warned_on(case) == letter.first_warning_on:
            return case
    return None


def _known_ids(case: Case) -> set[str]:
    ours = {draft.message_id for draft in case.drafts} | {answer.message_id for answer in case.answers}
    return ours | {letter.message_id for letter in case.letters if letter.message_id}


def _warned_on(case: Case) -> date | None:
    return next((letter.sent_at.date() for letter in case.letters if letter.stage == FIRST), None)


def _new(account: str, reading: Reading, letter: CaseLetter, taken: set[str]) -> Case:
    first, second = possible_ids(letter.key)
    return Case(
        id=second if first in taken else first,  # taken: a person has given the first letter of that case another label
        account=account,
        room=reading.verdict.label,
        title=reading.issuer or reading.verdict.label,
        number=letter.number,
        counterparty=domain_of(letter.sender),
        rights_holder=reading.facts.rights_holder,
        standing=reading.trust.verdict,
        letters=(),
    )


def _with(case: Case, letter: CaseLetter, reading: Reading) -> Case:
    letters = sorted((*case.letters, letter), key=lambda each: (each.sent_at, each.seen_at, each.key))
    standings = {case.standing, reading.trust.verdict}
    return replace(
        case,
        number=case.number or letter.number,
        rights_holder=case.rights_holder or reading.facts.rights_holder,
        standing=Standing.GENUINE if Standing.GENUINE in standings else case.standing,
        letters=tuple(letters),
    )


def _without(case: Case, key: str) -> Case:
    return replace(case, letters=tuple(letter for letter in case.letters if letter.key != key))


def possible_ids(key: str) -> tuple[str, str]:
    """The identity of a case that begins with this letter, and the one it takes if that is taken."""
    return key[:_ID], key[_ID : 2 * _ID]


def domain_of(address: str) -> str:
    """The domain of an address, or "" where there is none."""
    return address.rpartition("@")[2]


def plain_number(number: str | None) -> str:
    """A case number without what letters write differently: blanks, signs, small letters."""
    return "".join(c for c in (number or "").upper() if c.isalnum())


# --- how far a case has come ------------------------------------------------------------------------------------------


def stage_of(case: Case) -> str | None:
    """The furthest stage that any letter of the case has told: a stage only moves forward."""
    told = [letter.stage for letter in case.letters if letter.stage]
    return max(told, key=lambda stage: _ORDER.get(stage, 0), default=None)


def demands(case: Case) -> tuple[CaseLetter, ...]:
    """The letters that ask for something: a closing letter does so only where it sets a deadline, a receipt never."""
    return tuple(x for x in case.letters if x.stage and (x.stage != CLOSING or x.deadline))


def status_of(case: Case) -> Status:
    """Where a case stands: what the user has done since the newest demand, and whether one side has closed it."""
    asked = demands(case)
    newest = next((letter for letter in asked if _is_the_same(letter, asked[-1])), None)
    ended = [letter.sent_at for letter in case.letters if letter.stage == CLOSING and not letter.deadline]
    if case.closed_at and (newest is None or newest.seen_at <= case.closed_at):
        return Status.CLOSED
    if ended and (newest is None or newest.sent_at <= ended[-1]):
        return Status.CLOSED
    if newest is None:
        return Status.NEW
    if is_answered(case, newest):
        return Status.ANSWERED
    if newest.stage in _URGING or newest != asked[0]:
        return Status.REMINDED
    return Status.DRAFTED if drafts_of(case, newest) else Status.NEW


def _is_the_same(one: CaseLetter, other: CaseLetter) -> bool:
    """Whether two mails bring one demand: the user has forwarded it to himself, or mailed himself a scan of it."""
    same = (one.stage, one.amount, one.deadline) == (other.stage, other.amount, other.deadline)
    return one.key == other.key or (same and one.deadline is not None)


def is_answered(case: Case, letter: CaseLetter) -> bool:
    """Whether the user has sent something to this letter, or to the claim since it came."""
    return any(answer.letter == letter.key or answer.sent_at > letter.sent_at for answer in case.answers)


def drafts_of(case: Case, letter: CaseLetter) -> tuple[CaseDraft, ...]:
    """The drafts that were filed for a letter."""
    return tuple(draft for draft in case.drafts if draft.letter == letter.key)


def fate_of(case: Case, draft: CaseDraft, *, lies_there: bool, edited: bool = False) -> Fate:
    """What became of a draft: it lies there still, or another that answers the same letter does (mail programs give a
    draft that was edited a new identity), or what was sent is or answers as it would, or it is gone."""
    if any(answer.message_id == draft.message_id for answer in case.answers):
        return Fate.SENT
    if lies_there or edited:
        return Fate.WAITING if lies_there else Fate.EDITED
    return Fate.SENT if any(answer.letter == draft.letter for answer in case.answers) else Fate.GONE


# --- by when ----------------------------------------------------------------------------------------------------------


def due(case: Case) -> CaseLetter | None:
    """The letter whose deadline counts: the newest that sets one, as long as the case is open and not an imitation."""
    if status_of(case) is Status.CLOSED or case.standing is Standing.SUSPECT:
        return None
    return next((letter for letter in reversed(demands(case)) if letter.deadline), None)


def is_waiting(case: Case) -> bool:
    """Whether the next move is the user's."""
    return status_of(case) in (Status.NEW, Status.DRAFTED, Status.REMINDED)


def by_urgency(cases: Iterable[Case]) -> list[Case]:
    """Open deadlines first, past and near ones before all; then what waits without one; then the rest, newest first."""

    def rank(case: Case) -> tuple[int, int, float]:
        letter = due(case)
        newest = -case.letters[-1].sent_at.timestamp()
        if is_waiting(case) and case.standing is not Standing.SUSPECT:
            asked = letter.deadline if letter else None
            return (0, asked.toordinal(), newest) if asked else (1, 0, newest)
        return (3 if status_of(case) is Status.CLOSED else 2, 0, newest)

    return sorted(cases, key=rank)


def must_remind(case: Case, today: date, days: int) -> CaseLetter | None:
    """The letter to remind of: its deadline is at most `days` away and nothing was sent.

    A letter that came within those days has said so itself on its first sheet; one whose day has passed is past reminding.
    """
    letter = due(case)
    if letter is None or letter.deadline is None or not is_waiting(case) or days <= 0:
        return None
    begins = letter.deadline - timedelta(days=days)
    return letter if begins <= today <= letter.deadline and letter.seen_at.date() < begins else None


# --- what a sheet tells of the past -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class History:
    """The case of a letter, and the first recommendation that a second one follows, wherever it lies."""

    case: Case
    letter: CaseLetter
    first_warning_on: date | None = None


def history(cases: Sequence[Case], case: Case, letter: CaseLetter) -> History:
    """What is known of a letter's past; a first recommendation counts within six months (CPI art. L. 331-20)."""
    return History(case, letter, _first_warning(cases, case, letter) if letter.stage == SECOND else None)


def _first_warning(cases: Sequence[Case], case: Case, letter: CaseLetter) -> date | None:
    if letter.first_warning_on:
        return letter.first_warning_on
    sent = letter.sent_at.date()
    firsts = [
        each.sent_at.date()
        for other in cases
        if other.room == case.room and other.standing is not Standing.SUSPECT
        for each in other.letters
        if each.stage == FIRST and each.sent_at.date() <= sent <= six_months_after(each.sent_at.date())
    ]
    return max(firsts, default=None)


def six_months_after(day: date) -> date:
    """The same day six months on, or the last of that month."""
    year, month = day.year + (day.month + 5) // 12, (day.month + 5) % 12 + 1
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (after - timedelta(days=1)).day))
