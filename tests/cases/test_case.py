"""Which letters are one claim, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from inboxbot.cases.case import (
    by_urgency,
    case_letter,
    due,
    fate_of,
    history,
    must_remind,
    six_months_after,
    stage_of,
    status_of,
    taken_in,
)
from inboxbot.records import Address, Answer, Case, CaseDraft, Facts, Fate, Head, Reading, Standing, Status, Trust
from tests.cases.readings import reading, verdict

MARCH = datetime(2025, 3, 3, 9, tzinfo=UTC)
ME = "contact@imap.client.example"


def letter_of(
    name: str,
    *,
    day: int = 0,
    number: str | None = "K7Q2XB",
    stage: str | None = "notice",
    sender: str = "case@copytrack.com",
    refers: Sequence[str] = (),
    room: str = "copytrack",
    standing: Standing = Standing.UNVERIFIED,
    **facts: object,
) -> tuple[str, Reading]:
    head = Head(
        "0" * 64, f"<{name}@x.example>", tuple(refers), (), MARCH + timedelta(days=day), Address("", sender), (), name
    )
    told = Facts(case_number=number, **facts)  # type: ignore[arg-type]
    return name.ljust(64, "0"), reading(
        head=head, verdict=verdict(room), stage=stage, facts=told, trust=Trust(standing, ()), reply=None
    )


def booked(
    *letters: tuple[str, Reading], answers: Sequence[Answer] = (), drafts: Sequence[CaseDraft] = ()
) -> list[Case]:
    """The case book once these letters have come, in this order."""
    cases: dict[str, Case] = {}
    for key, read in letters:
        case = taken_in(list(cases.values()), ME, read, case_letter(key, read, read.head.sent_at or MARCH))
        cases[case.id] = replace(case, answers=tuple(answers), drafts=tuple(drafts))
    return list(cases.values())


def answer(to: str, day: int, message_id: str = "<mine@client.example>") -> Answer:
    return Answer(to.ljust(64, "0"), message_id, MARCH + timedelta(days=day), "Sent", 1, 1, "0" * 64)


def draft(to: str, message_id: str = "<draft@localhost.invalid>") -> CaseDraft:
    return CaseDraft(to.ljust(64, "0"), "draft:evidence", message_id, "Drafts")


# --- what belongs together --------------------------------------------------------------------------------------------


def test_a_reminder_in_a_new_thread_finds_its_case_by_the_number() -> None:
    (case,) = booked(letter_of("first"), letter_of("second", day=20, stage="reminder", number="k7q2 xb"))
    assert [letter.subject for letter in case.letters] == ["first", "second"]


def test_two_claims_of_one_sender_stay_apart_even_in_one_thread() -> None:
    first, second = letter_of("first"), letter_of("second", number="A1B2C3", refers=["<first@x.example>"])
    assert len(booked(first, second)) == 2


def test_a_letter_without_a_number_joins_by_thread_and_sender() -> None:
    (case,) = booked(
        letter_of("first"), letter_of("second", number=None, refers=["<first@x.example>"], stage="reminder")
    )
    assert case.number == "K7Q2XB"


def test_a_number_told_later_is_the_cases() -> None:
    first, second = letter_of("first", number=None), letter_of("second", refers=["<first@x.example>"])
    (case,) = booked(first, second)
    assert case.number == "K7Q2XB"


@pytest.mark.parametrize(
    "other",
    [
        {"number": None, "refers": []},  # the same sender alone
        {"number": None, "refers": ["<first@x.example>"], "sender": "someone@elsewhere.example"},  # the thread alone
        {"room": "pixtrakk"},  # the number alone
    ],
)
def test_nothing_comes_together_by_guess(other: dict[str, object]) -> None:
    assert len(booked(letter_of("first"), letter_of("second", **other))) == 2  # type: ignore[arg-type]


def test_an_answer_to_our_own_mail_is_in_its_thread() -> None:
    first = letter_of("first", number=None)
    (case,) = booked(first, answers=[answer("first", 3)])
    key, read = letter_of("second", number=None, refers=["<mine@client.example>"], stage="reminder", day=5)
    assert taken_in([case], ME, read, case_letter(key, read, MARCH)).id == case.id


def test_a_firm_that_takes_over_joins_by_the_issuers_number() -> None:
    (case,) = booked(letter_of("first"), letter_of("second", sender="mb@avocats.example", stage="lawyer", day=60))
    assert stage_of(case) == "lawyer"


def test_an_imitation_stands_alone_and_nothing_joins_it() -> None:
    real, fake = letter_of("real"), letter_of("fake", standing=Standing.SUSPECT, stage="final")
    cases = booked(fake, real, letter_of("fake2", standing=Standing.SUSPECT))
    assert [len(case.letters) for case in cases] == [1, 1, 1]
    assert [due(case) for case in booked(letter_of("fake", standing=Standing.SUSPECT, deadline=date(2025, 4, 1)))] == [
        None
    ]


def test_a_letter_that_is_read_again_stays_in_its_case() -> None:
    first = letter_of("first", number=None)
    assert [len(case.letters) for case in booked(first, first, first)] == [1]


def test_a_letter_that_turns_out_to_be_another_issuers_leaves_its_case() -> None:
    cases = booked(letter_of("first"), letter_of("second", day=3), letter_of("first", room="pixtrakk"))
    assert [case.room for case in cases] == ["copytrack", "pixtrakk"]
    assert len({case.id for case in cases}) == 2


def test_a_second_recommendation_finds_the_first_by_the_date_that_it_gives() -> None:
    first = letter_of("first", room="hadopi", stage="recommendation_1", number="111", sender="abuse@sfr.fr")
    second = letter_of(
        "second",
        day=90,
        room="hadopi",
        stage="recommendation_2",
        number=None,
        sender="abuse@sfr.fr",
        first_warning_on=MARCH.date(),
    )
    (case,) = booked(first, second)
    assert stage_of(case) == "recommendation_2"


@pytest.mark.parametrize(("days", "known"), [(100, True), (184, True), (186, False)])
def test_a_first_recommendation_within_six_months_is_recognised_wherever_it_lies(days: int, known: bool) -> None:
    first = letter_of("first", room="hadopi", stage="recommendation_1", number="111", sender="a@sfr.fr")
    key, read = letter_of("second", day=days, room="hadopi", stage="recommendation_2", number="222", sender="a@sfr.fr")
    cases = booked(first)
    letter = case_letter(key, read, MARCH + timedelta(days=days))
    past = history(cases, taken_in(cases, ME, read, letter), letter)
    assert past.first_warning_on == (MARCH.date() if known else None)


def test_six_months_end_on_the_same_day_or_the_months_last() -> None:
    assert six_months_after(date(2025, 3, 3)) == date(2025, 9, 3)
    assert six_months_after(date(2025, 8, 31)) == date(2026, 2, 28)
    assert six_months_after(date(2025, 6, 30)) == date(2025, 12, 30)


# --- where it stands --------------------------------------------------------------------------------------------------


def test_a_stage_only_moves_forward() -> None:
    (case,) = booked(
        letter_of("first", stage="final"),
        letter_of("late", day=2, stage="notice"),
        letter_of("receipt", day=3, stage=None),
    )
    assert stage_of(case) == "final"


def test_a_new_letter_without_a_draft_is_new_and_with_one_drafted() -> None:
    assert [status_of(case) for case in booked(letter_of("first"))] == [Status.NEW]
    assert [status_of(case) for case in booked(letter_of("first"), drafts=[draft("first")])] == [Status.DRAFTED]


def test_an_answer_that_was_sent_makes_it_answered_and_the_next_letter_a_reminder() -> None:
    sent = [answer("first", 4)]
    assert [status_of(case) for case in booked(letter_of("first"), answers=sent)] == [Status.ANSWERED]
    again = letter_of("second", day=20, stage="reminder")
    assert [status_of(case) for case in booked(letter_of("first"), again, answers=sent)] == [Status.REMINDED]
    both = [*sent, answer("second", 21)]
    assert [status_of(case) for case in booked(letter_of("first"), again, answers=both)] == [Status.ANSWERED]


def test_a_demand_that_the_user_mails_to_himself_again_is_no_reminder() -> None:
    first = letter_of("first", deadline=date(2025, 3, 20))
    scan = letter_of("scan", day=5, deadline=date(2025, 3, 20))
    assert [status_of(case) for case in booked(first, scan, drafts=[draft("first")])] == [Status.DRAFTED]
    assert [status_of(case) for case in booked(first, scan, answers=[answer("first", 4)])] == [Status.ANSWERED]
    later = letter_of("later", day=5, deadline=date(2025, 4, 2))
    assert [status_of(case) for case in booked(first, later, answers=[answer("first", 4)])] == [Status.REMINDED]


def test_a_receipt_for_an_answer_leaves_the_case_answered() -> None:
    receipt = letter_of("receipt", day=5, stage=None)
    assert [status_of(case) for case in booked(letter_of("first"), receipt, answers=[answer("first", 4)])] == [
        Status.ANSWERED
    ]


def test_a_withdrawal_closes_the_case_and_another_demand_opens_it_again() -> None:
    letters = [letter_of("first"), letter_of("end", day=9, stage="closing")]
    assert [status_of(case) for case in booked(*letters)] == [Status.CLOSED]
    assert [status_of(case) for case in booked(*letters, letter_of("again", day=30, stage="reminder"))] == [
        Status.REMINDED
    ]


def test_an_agreement_that_is_to_be_signed_by_a_day_is_still_open() -> None:
    letters = [letter_of("first"), letter_of("deal", day=9, stage="closing", deadline=date(2025, 3, 20))]
    (case,) = booked(*letters)
    assert status_of(case) is Status.REMINDED
    assert due(case) is not None


def test_what_the_user_closed_stays_closed_until_another_demand_comes() -> None:
    (case,) = booked(letter_of("first"))
    closed = replace(case, closed_at=MARCH + timedelta(days=1))
    assert status_of(closed) is Status.CLOSED
    key, read = letter_of("second", day=5, stage="reminder")
    later = taken_in([closed], ME, read, case_letter(key, read, MARCH + timedelta(days=5)))
    assert status_of(later) is Status.REMINDED


@pytest.mark.parametrize(
    ("answers", "there", "fate"),
    [
        ([], True, Fate.WAITING),
        ([], False, Fate.GONE),
        ([answer("first", 2, "<draft@localhost.invalid>")], False, Fate.SENT),
        ([answer("first", 2)], False, Fate.SENT),  # sent by a program that gave it an identity of its own
        ([answer("first", 2)], True, Fate.WAITING),  # the user wrote something else
        ([answer("other", 2)], False, Fate.GONE),
    ],
)
def test_a_draft_is_waiting_sent_or_gone(answers: list[Answer], there: bool, fate: Fate) -> None:
    (case,) = booked(letter_of("first"), drafts=[draft("first")], answers=answers)
    assert fate_of(case, draft("first"), lies_there=there) is fate


def test_a_draft_that_another_has_taken_the_place_of_was_edited() -> None:
    (case,) = booked(letter_of("first"), drafts=[draft("first")])
    assert fate_of(case, draft("first"), lies_there=False, edited=True) is Fate.EDITED


# --- deadlines --------------------------------------------------------------------------------------------------------


def test_the_newest_deadline_counts() -> None:
    (case,) = booked(
        letter_of("first", deadline=date(2025, 3, 17)),
        letter_of("second", day=20, stage="reminder", deadline=date(2025, 4, 2)),
    )
    letter = due(case)
    assert letter is not None
    assert letter.deadline == date(2025, 4, 2)


def test_past_and_near_deadlines_come_first_then_what_waits_then_the_rest() -> None:
    past = booked(letter_of("past", deadline=date(2025, 3, 1)))[0]
    near = booked(letter_of("near", number="A1", deadline=date(2025, 3, 20)))[0]
    far = booked(letter_of("far", number="A2", deadline=date(2025, 9, 1)))[0]
    none = booked(letter_of("none", number="A3"))[0]
    done = booked(letter_of("done", number="A4", deadline=date(2025, 3, 2)), answers=[answer("done", 1)])[0]
    shut = booked(letter_of("shut", number="A5"), letter_of("shut2", number="A5", day=3, stage="closing"))[0]
    shuffled = [shut, far, done, none, past, near]
    assert [case.letters[0].subject for case in by_urgency(shuffled)] == ["past", "near", "far", "none", "done", "shut"]


@pytest.mark.parametrize(
    ("today", "days", "reminded"),
    [
        (date(2025, 3, 13), 3, False),
        (date(2025, 3, 14), 3, True),
        (date(2025, 3, 17), 3, True),
        (date(2025, 3, 18), 3, False),
        (date(2025, 3, 14), 0, False),
        (date(2025, 3, 14), 20, False),  # it came within the twenty days: its first sheet has said so
    ],
)
def test_one_is_reminded_some_days_before(today: date, days: int, reminded: bool) -> None:
    (case,) = booked(letter_of("first", deadline=date(2025, 3, 17)))
    assert (must_remind(case, today, days) is not None) is reminded


def test_nobody_is_reminded_of_what_was_answered() -> None:
    (case,) = booked(letter_of("first", deadline=date(2025, 3, 17)), answers=[answer("first", 2)])
    assert must_remind(case, date(2025, 3, 15), 3) is None
