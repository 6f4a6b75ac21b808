from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from inboxbot.learn.lesson import LessonError, School, learn
from inboxbot.letter.parse import read_letter
from inboxbot.model import shelf
from inboxbot.model.judge import open_judge
from inboxbot.model.page import Section
from tests.learn.letters import rooms
from tests.learn.post import HANDS, letter
from tests.learn.school import LATER, TIMID, labelled, opened

pytestmark = [pytest.mark.timeout(600), pytest.mark.filterwarnings("ignore::UserWarning")]

HEADINGS = ("What changed", "Drift over the weeks", "By class", "Confusion", "Curves", "Learning curves")
UNSEEN = [letter("demand", "hadopi", hand, number) for hand in HANDS for number in (50, 51)]
TAUGHT = [("hadopi", letter("demand", "hadopi", hand, number)) for hand in HANDS for number in range(20, 24)]
MISFILED = [("hadopi", letter("ordinary", "hadopi", HANDS[n % 4], 30 + n)) for n in range(5)]
WRONG = [("copytrack", letter("ordinary", "copytrack", hand, number)) for hand in HANDS for number in (60, 61)]


ORDINARY = [letter("ordinary", "hadopi", hand, number) for hand in HANDS for number in (50, 51)]


def decisions(school: School, letters: Sequence[bytes] = UNSEEN) -> Counter[str]:
    judge = open_judge(school.shelf, rooms())
    return Counter(judge(read_letter(raw)).label for raw in letters)


def test_an_issuer_is_learned_and_wrong_labels_are_not(tmp_path: Path) -> None:
    school = opened(tmp_path, rule=TIMID)
    before, gestures = shelf.current(school.shelf), labelled(school, [*TAUGHT, *MISFILED])
    rehearsal = learn(school, gestures, LATER, dry_run=True)
    assert (len(rehearsal.harvest.letters), shelf.current(school.shelf)) == (21, before)
    assert decisions(school)["hadopi"] == 0

    page = tmp_path / "lesson.html"
    first = learn(replace(school, page=page, sections=(Section("Drift over the weeks", "None."),)), gestures, LATER)
    told = page.read_text("utf-8")
    assert [heading for heading in HEADINGS if f"<h2>{heading}</h2>" not in told] == []
    assert "http" not in told  # nothing is fetched to look at it
    assert first.promoted, first.finding.why
    assert shelf.current(school.shelf) == first.finding.version
    assert decisions(school)["hadopi"] >= 6
    assert decisions(school, ORDINARY)["hadopi"] == 0
    asked_about = {key for key, _, _ in first.finding.doubtful}
    assert asked_about <= {gesture.letter for gesture in gestures[len(TAUGHT) :]}
    assert len(asked_about) == len(HANDS)  # two of one hand are so alike that they are asked about once

    again = learn(school, gestures, LATER)
    assert not again.promoted
    assert again.finding.why.startswith(("Nothing has changed", "Nothing is new"))

    mixed = learn(school, [*gestures, *labelled(school, WRONG)], LATER)
    assert not mixed.promoted, mixed.finding
    assert {label for _, label, _ in mixed.finding.doubtful} == {"copytrack", "hadopi"}
    assert shelf.current(school.shelf) == first.finding.version

    few = learn(school, gestures[:4], LATER)
    assert not few.promoted
    assert "it would no longer know hadopi" in few.finding.why
    assert shelf.rollback(school.shelf) == before


def test_without_anything_to_learn_from_nothing_is_trained(tmp_path: Path) -> None:
    school = opened(tmp_path)
    nothing = learn(school, [], LATER)
    assert (nothing.finding.version, nothing.finding.why) == (None, "There is nothing to learn from yet.")

    gestures = labelled(school, TAUGHT[:2])
    waiting = learn(school, gestures, LATER, least=3)
    assert waiting.finding.why == "Only 2 labels are new since the last lesson; it waits for 3."
    with pytest.raises(LessonError, match="took longer"):
        learn(replace(school, seconds=0.05), gestures, LATER)
    thin = learn(school, gestures, LATER)
    assert not thin.promoted
    assert thin.finding.notes == ("hadopi: too thin to be learned: 2 of the 12 labelled letters that a new room needs",)
    assert len(shelf.versions(school.shelf)) == 1

    gestures = [*labelled(school, [("other", TAUGHT[0][1])]), gestures[1]]  # one is said to be something else
    again = learn(school, gestures, LATER, least=2)
    assert again.finding.why == "Only 1 label is new since the last lesson; it waits for 2."


def test_a_lesson_that_is_broken_off_leaves_no_process_behind(tmp_path: Path) -> None:
    school = opened(tmp_path)
    with pytest.raises(LessonError, match="broken off"):
        learn(school, labelled(school, TAUGHT), LATER, stop=lambda: True)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert len(shelf.versions(school.shelf)) == 1


def test_under_another_scikit_learn_it_is_trained_anew_without_a_person(tmp_path: Path) -> None:
    school = opened(tmp_path)
    before = shelf.current(school.shelf)
    card = school.shelf / str(before) / "card.json"
    card.write_text(json.dumps({**json.loads(card.read_text()), "sklearn": "0.0"}))
    anew = learn(school, [], LATER)
    assert anew.promoted, anew.finding.why
    assert shelf.card_of(school.shelf, str(shelf.current(school.shelf)))["sklearn"] == version("scikit-learn")
