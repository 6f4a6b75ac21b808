from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inboxbot.cases.case import History
from inboxbot.cases.page import as_html, as_text
from inboxbot.cases.sheet import digest_of, sheet_of, wants_sheet
from inboxbot.cases.words import SPANS
from inboxbot.records import Case, Facts, Fate, Passage, Standing, Trust
from tests.cases.readings import FACTS, NOW, reading, verdict
from tests.cases.test_case import answer, booked, draft, letter_of

TODAY = NOW.date()


def shown(language: str = "en", today: date = TODAY, past: History | None = None, **changes: object) -> str:
    """The sheet as somebody reads it, on one line so that wrapping does not matter."""
    return " ".join(as_text(sheet_of(reading(**changes), language, today, "Drafts", past)).split())


def test_a_sheet_says_who_asks_what_by_when() -> None:
    text = shown()
    assert "COPYTRACK GmbH, for Linden Picture Agency" in text
    assert "€350" in text
    assert "25 October 2025 (in 10 days)" in text
    assert "Not a working day; the next one is 27 October 2025." in text


def test_the_sums_stand_side_by_side_with_what_they_are_for_and_are_never_added() -> None:
    text = shown()
    assert "licence: €389.59" in text
    assert "compensation for past use: €350" in text
    assert "739" not in text


def test_a_fact_stands_with_the_words_it_was_read_from() -> None:
    assert "“case number K7Q2XB”" in shown()
    there = {"case_number": Passage("K7Q2XB", "attachment:letter.pdf", "r")}
    assert "“K7Q2XB” (attachment letter.pdf)" in shown(facts=replace(FACTS, evidence=there))


def test_what_the_letter_does_not_say_is_named() -> None:
    text = shown(facts=replace(FACTS, rights_holder=None, deadline=None, deadline_rolled=None))
    assert "NOT IN THE LETTER - deadline - rights holder" in text
    assert "no deadline could be read" in text


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2025, 10, 24), "tomorrow"),
        (date(2025, 10, 25), "today"),
        (date(2025, 10, 26), "PASSED yesterday"),
        (date(2025, 10, 28), "PASSED 3 days ago"),
    ],
)
def test_days_are_counted_from_today(today: date, said: str) -> None:
    assert f"25 October 2025 ({said})" in shown(today=today)


@pytest.mark.parametrize(
    ("rule", "language", "told"),
    [
        ("deadline: 15 days from the letter's date", "fr", "Compté : 15 jours à partir de la date de la lettre, ce jour non compris."),
        ("deadline: 1 month from the letter's date", "en", "Counted: 1 month from the letter's date, that day not included."),
        ("deadline: 10 weekday but Sundays from the letter's date", "de", "Gezählt: 10 Werktage ab dem Datum des Schreibens"),
    ],
)  # fmt: skip
def test_it_says_how_a_span_was_counted(rule: str, language: str, told: str) -> None:
    facts = replace(FACTS, evidence={"deadline": Passage("within that time", "body", rule)})
    assert told in shown(language, facts=facts)


def test_a_day_that_the_letter_names_was_not_counted() -> None:
    facts = replace(FACTS, evidence={"deadline": Passage("by 25 October", "body", "deadline: a date")})
    assert "Counted" not in shown(facts=facts)


def test_every_span_that_a_deadline_is_counted_in_has_its_words() -> None:
    for spans in SPANS.values():
        assert set(spans) == {"day", "clear day", "working day", "weekday but Sunday", "week", "month", "hour"}


def test_a_suspect_letter_gets_a_warning_and_no_way_to_answer_it() -> None:
    trust = Trust(Standing.SUSPECT, ("It asks for an untraceable payment.",))
    text = shown(trust=trust, reply=None, silence="suspect", advice=("Do not answer, pay nothing.",))
    assert "SUSPECT: do not answer" in text
    assert "Do not answer, pay nothing." in text
    assert "Inboxbot/Reply" not in text
    assert "A draft waits" not in text


def test_other_replies_are_offered_by_the_folder_that_brings_them() -> None:
    text = shown()
    assert "Inboxbot/Reply/Settle: reserved counter-offer" in text
    assert "Inboxbot/Reply/Evidence" not in text
    more = shown(offers=("evidence", "evidence+removed", "licence"))
    assert "Inboxbot/Reply/Evidence+Removed: ask for evidence, admitting nothing, the image being down" in more


def test_the_blanks_of_the_draft_are_announced() -> None:
    assert "TO BE COMPLETED BEFORE SENDING (1) - date of receipt" in shown()
    reply = replace(reading().reply, blanks=("steps and dates", "address", "steps and dates"))  # type: ignore[type-var]
    assert "TO BE COMPLETED BEFORE SENDING (3) - steps and dates (2×) - address" in shown(reply=reply)


def test_an_unsure_letter_gets_a_question_with_the_moves_that_answer_it() -> None:
    asked = replace(verdict(confidence=0.6), label="unsure")
    text = shown(verdict=asked, facts=Facts(), reply=None, silence="unsure", stage=None)
    assert "Is this a demand letter?" in text
    assert "Who writes: COPYTRACK <case@copytrack.com> Subject: Case K7Q2XB" in text
    assert "Inboxbot/Label/Copytrack" in text
    assert "Inboxbot/Label/Other" in text
    assert "350" not in text


def test_ordinary_mail_gets_no_sheet() -> None:
    assert not wants_sheet(reading(verdict=replace(verdict(), label="other")))
    assert wants_sheet(reading())


@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_no_address_of_the_letter_is_live_on_the_sheet(language: str) -> None:
    text = shown(language)
    assert "https://" not in text
    assert "portal[.]copytrack[.]com" in text


def test_markup_in_a_letter_is_shown_as_text() -> None:
    hostile = replace(
        FACTS,
        rights_holder="<script>alert(1)</script>{{7*7}}",
        evidence={"rights_holder": Passage("<b>x</b>", "body", "r")},
    )
    page = as_html(sheet_of(reading(facts=hostile), "en", TODAY, "Drafts"))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_a_page_asks_for_nothing_from_anywhere() -> None:
    page = as_html(sheet_of(reading(), "en", TODAY, "Drafts"))
    assert "http" not in page.replace("hxxp", "")
    assert "src=" not in page


# --- what the case book knows -----------------------------------------------------------------------------------------


def past(case: Case, at: int = -1, first: date | None = None) -> History:
    return History(case, case.letters[at], first)


def test_a_reminder_says_which_letter_of_its_case_it_is_and_what_was_sent() -> None:
    first, second = letter_of("first"), letter_of("second", day=20, stage="reminder")
    (unanswered,) = booked(first, second)
    text = shown(past=past(unanswered))
    assert "This is letter 2 of a case opened on 3 March 2025." in text
    assert "Nothing that you sent in this case was found." in text
    (answered,) = booked(first, second, answers=[answer("first", 4)])
    assert "You last sent something in this case on 7 March 2025." in shown(past=past(answered))


def test_an_older_draft_that_still_waits_is_named() -> None:
    first, second = letter_of("first"), letter_of("second", day=20, stage="reminder")
    (case,) = booked(first, second, drafts=[draft("first")])
    assert "An older draft still waits in “Drafts”: send only one of the two." in shown(past=past(case))
    gone = replace(case, drafts=(replace(case.drafts[0], fate=Fate.GONE),))
    assert "An older draft" not in shown(past=past(gone))


def test_a_second_recommendation_tells_of_the_first() -> None:
    (case,) = booked(letter_of("second", day=90, room="hadopi", stage="recommendation_2"))
    text = shown(past=past(case, first=date(2025, 3, 3)), stage="recommendation_2")
    assert "The first recommendation is of 3 March 2025, 90 days earlier" in text


def test_a_first_letter_has_no_past_to_tell() -> None:
    (case,) = booked(letter_of("first"))
    assert "THIS CASE" not in shown(past=past(case))


def test_a_warning_about_a_line_asks_for_no_money_and_misses_none() -> None:
    text = shown(
        stage="recommendation_1",
        facts=Facts(case_number="640 55"),
        reply=None,
        silence="At this stage no reply is expected.",
    )
    assert "Asked" not in text
    assert "rights holder" not in text


def test_no_date_is_called_legal_and_none_that_a_law_sets_is_called_the_senders() -> None:
    assert "This is the sender's own date, counted from the letter; no law sets it." in shown()
    notified = shown(stage="notification_3", facts=replace(FACTS, amount=None, amounts=()))
    assert "no law sets it" not in notified
    assert "check when the letter was presented" in notified


def test_a_reminder_sheet_says_first_that_nothing_was_sent() -> None:
    (case,) = booked(letter_of("first"))
    sheet = sheet_of(reading(), "en", date(2025, 10, 23), "Drafts", past(case), reminder=True)
    assert sheet.subject == "Reminder: COPYTRACK GmbH · K7Q2XB – by 25 October 2025"
    assert sheet.title.startswith("Reminder: nothing has been sent yet")
    assert "in 2 days" in as_text(sheet)


@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_a_digest_lists_open_deadlines_the_nearest_first(language: str) -> None:
    late = booked(letter_of("late", number="A1", deadline=date(2025, 4, 20)))
    near = booked(letter_of("near", number="B2", deadline=date(2025, 3, 12)))
    none = booked(letter_of("none", number="C3"))
    sheet = digest_of([*late, *near, *none], language, date(2025, 3, 10))
    assert sheet is not None
    assert [row.text.split(" · ")[1] for row in sheet.sections[0].rows] == ["B2", "A1"]
    assert "2" in sheet.subject
    assert digest_of(none, language, date(2025, 3, 10)) is None
