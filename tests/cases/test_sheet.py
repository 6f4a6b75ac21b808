from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inboxbot.cases.page import as_html, as_text
from inboxbot.cases.sheet import sheet_of, wants_sheet
from inboxbot.records import Facts, Passage, Standing, Trust
from tests.cases.readings import FACTS, NOW, reading, verdict

TODAY = NOW.date()


def shown(language: str = "en", today: date = TODAY, **changes: object) -> str:
    """The sheet as somebody reads it, on one line so that wrapping does not matter."""
    return " ".join(as_text(sheet_of(reading(**changes), language, today, "Drafts")).split())


def test_a_sheet_says_who_asks_what_by_when() -> None:
    text = shown()
    assert "COPYTRACK GmbH, for Linden Picture Agency" in text
    assert "€350" in text
    assert "25 October 2025 (in 10 days)" in text
    assert "not a working day; the next one is 27 October 2025" in text


def test_the_sums_stand_side_by_side_with_what_they_are_for_and_are_never_added() -> None:
    text = shown()
    assert "licence : €389.59" in text
    assert "compensation for past use : €350" in text
    assert "739" not in text


def test_a_fact_stands_with_the_words_it_was_read_from() -> None:
    assert "“case number K7Q2XB” (body)" in shown()


def test_what_the_letter_does_not_say_is_named() -> None:
    text = shown(facts=replace(FACTS, rights_holder=None, deadline=None, deadline_rolled=None))
    assert "NOT IN THE LETTER - deadline - rights holder" in text
    assert "no deadline could be read" in text


@pytest.mark.parametrize(
    ("today", "said"),
    [(date(2025, 10, 24), "tomorrow"), (date(2025, 10, 25), "today"), (date(2025, 10, 28), "PASSED 3 days ago")],
)
def test_days_are_counted_from_today(today: date, said: str) -> None:
    assert f"25 October 2025 ({said})" in shown(today=today)


def test_a_suspect_letter_gets_a_warning_and_no_way_to_answer_it() -> None:
    trust = Trust(Standing.SUSPECT, ("It asks for an untraceable payment.",))
    text = shown(trust=trust, reply=None, silence="suspect", advice=("Do not answer, pay nothing.",))
    assert "SUSPECT: do not answer" in text
    assert "Do not answer, pay nothing." in text
    assert "Inboxbot/Reply" not in text
    assert "A draft waits" not in text


def test_other_replies_are_offered_by_the_folder_that_brings_them() -> None:
    text = shown()
    assert "“Inboxbot/Reply/Settle”" in text
    assert "“Inboxbot/Reply/Evidence”" not in text


def test_the_blanks_of_the_draft_are_announced() -> None:
    assert "TO BE COMPLETED BEFORE SENDING - date of receipt" in shown()


def test_an_unsure_letter_gets_a_question_with_the_moves_that_answer_it() -> None:
    asked = replace(verdict(confidence=0.6), label="unsure")
    text = shown(verdict=asked, facts=Facts(), reply=None, silence="unsure", stage=None)
    assert "Is this a demand letter?" in text
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
    page = as_html(sheet_of(reading(facts=hostile), "en", TODAY, "Drafts"), "en")
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_a_page_asks_for_nothing_from_anywhere() -> None:
    page = as_html(sheet_of(reading(), "en", TODAY, "Drafts"), "en")
    assert "http" not in page.replace("hxxp", "")
    assert "src=" not in page
