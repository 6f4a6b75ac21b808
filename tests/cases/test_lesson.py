from __future__ import annotations

import pytest

from inboxbot.cases.lesson import WORDS, Doubt, Lesson, lesson_sheet
from inboxbot.cases.page import as_html, as_text
from inboxbot.learn.gate import dearer, objections, too_thin

BEFORE = [("a", "copytrack", "copytrack"), ("b", "hadopi", "hadopi"), ("c", "other", "other"), ("d", "other", "other")]
WORSE = [("a", "copytrack", "unsure"), ("b", "hadopi", "other"), ("c", "other", "hadopi"), ("d", "other", "unsure")]
AGAINST = [
    "it would no longer know picrights",
    "it no longer recognises the examples hadopi/notice.eml",
    *objections(BEFORE, WORSE, "held-out letters"),
    *objections(BEFORE, WORSE, "newly labelled letters"),
    *dearer(BEFORE, WORSE, "newly labelled letters"),
    *dearer(BEFORE, WORSE, "held-out and newly labelled letters"),
]
NOTES = [
    *too_thin("getty", [("x", "getty", "unsure"), ("y", "other", "getty")]),
    "getty: too thin to be learned: 11 of the 12 labelled letters that a new room needs",
    "getty: too thin to be learned: 2 of the 3 examples that it needs",
    "getty: too thin to be learned: of its letters only 8 look alike, 12 are needed",
    "getty: no room is called so, its 4 letters are left aside",
    "getty: letters that name the issuer nowhere cannot be recognised: 1a2b3c4d",
]
KEY = "1a2b3c4d" + "0" * 56


def test_a_lesson_that_was_promoted_says_from_what_and_how_to_go_back() -> None:
    told = as_text(lesson_sheet(Lesson("v2", promoted=True, learned={"picrights": 14, "other": 4}), "en"))
    for words in ("a better model is in use", "nowhere worse", "Picrights: 14", "Other: 4", "inboxbot models rollback"):
        assert words in told


def test_a_lesson_that_was_not_says_why_and_what_is_asked() -> None:
    doubts = (Doubt(KEY, "Your <b>news</b>", "copytrack", "other"), Doubt("f" * 64, "", "hadopi", "other"))
    sheet = lesson_sheet(Lesson("v2", promoted=False, learned={}, against=tuple(AGAINST), doubts=doubts), "en")
    told = " ".join(as_text(sheet).split())
    assert "the model stays the same" in told
    assert "it would miss 1 instead of 0 of held-out letters" in told
    assert "inboxbot label 1a2b3c4d --as copytrack. Else move it into Inboxbot/Label/Other" in told
    assert "the letter ffffffff: labelled Hadopi" in told
    assert "rollback" not in told
    assert "<b>" not in as_html(sheet)


@pytest.mark.parametrize("language", ["fr", "de"])
def test_it_speaks_the_users_language_to_the_last_word(language: str) -> None:
    lesson = Lesson("v2", promoted=False, learned={}, against=tuple(AGAINST), notes=tuple(NOTES))
    told = as_text(lesson_sheet(lesson, language)).lower()
    english = ("it would", "recognises", "letters", "instead", "too thin", "its ", "examples", " of ", " the ")
    assert [words for words in english if words in told] == []


def test_every_language_has_every_word() -> None:
    assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["en"])}
