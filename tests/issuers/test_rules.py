"""The language of rules: what a pattern meets, what it must not meet, and what a wrong one is told."""

from __future__ import annotations

import pytest

from inboxbot.issuers.form import Form
from inboxbot.issuers.places import OWN, View, views_of
from inboxbot.issuers.rules import Compiler, Rule, Step, read_rules, read_steps
from inboxbot.letter.parse import read_letter
from tests.issuers.letters import mail


def rule(**table: object) -> Rule:
    problems: list[str] = []
    found = read_rules(Form({"case_number": table}, "", problems), Compiler(), "test")
    assert problems == []
    return found["case_number"]


def steps(*tables: dict[str, object]) -> tuple[tuple[Step, ...], list[str]]:
    problems: list[str] = []
    return read_steps([Form(table, "stages", problems) for table in tables], Compiler(), "test"), problems


def found(body: str, subject: str = "x", **table: object) -> list[str]:
    views = views_of(read_letter(mail(body, subject)))
    spans: list[tuple[View, int, int]] = []
    for pattern in rule(**table).patterns:
        spans += pattern.finds(views, OWN)
    return [view.text[start:end] for view, start, end in spans]


def test_a_pattern_is_written_without_accents_and_finds_what_has_them() -> None:
    assert found("Votre référence : 4512-ÄX", patterns=[r"reference : (\S+)"]) == ["4512-ÄX"]


def test_case_does_not_count_unless_the_pattern_says_so() -> None:
    assert found("DOSSIER 4512", patterns=["dossier ([0-9]+)"]) == ["4512"]
    assert found("DOSSIER 4512", patterns=["(?-i:dossier) ([0-9]+)"]) == []


def test_a_blank_stands_for_any_run_of_blanks_and_line_ends() -> None:
    assert found("dossier\n   numero   4512", patterns=["dossier numero ([0-9]+)"]) == ["4512"]


def test_a_blank_may_be_missing_where_the_pattern_allows_it() -> None:
    assert found("dossier4512", patterns=["dossier ?([0-9]+)"]) == ["4512"]
    assert found("dossier   4512", patterns=["dossier ?([0-9]+)"]) == ["4512"]


def test_a_blank_in_a_class_is_a_blank() -> None:
    assert found("n 4512", patterns=["n([ ])4512"]) == [" "]


def test_a_value_has_the_shape_of_its_fact() -> None:
    assert found("case: K7Q2XB and more", shape="[0-9A-Z]{6}", patterns=["case: {value}"]) == ["K7Q2XB"]


def test_what_is_never_meant_is_refused_where_the_whole_value_is_that() -> None:
    pattern = rule(never=["[0-9]{4}"], patterns=["case ([0-9]+)"]).patterns[0]
    assert pattern.refused("2025")
    assert not pattern.refused("20251")


def test_a_sentence_that_says_what_speaks_against_is_passed_over() -> None:
    body = "Your invoice no. 4512. Your case no. 8213."
    assert found(body, unless=r"\binvoice\b", patterns=[r"no\. ([0-9]+)"]) == ["8213"]


def test_a_pattern_may_have_places_of_its_own() -> None:
    table = {"patterns": [{"find": "case ([0-9]+)", "look_in": ["subject"]}]}
    assert found("case 1111", "case 2222", **table) == ["2222"]


def test_a_pattern_that_matches_everywhere_is_looked_at_only_so_often() -> None:
    assert len(found("case 1 " * 500, patterns=["case ([0-9])"])) == 20


def test_what_must_not_stand_before_in_the_sentence() -> None:
    told: dict[str, object] = {"stage": "reminder", "unless_before": r"\bif\b", "patterns": [r"\bno answer\b"]}
    (step,), problems = steps(told)
    assert problems == []
    seen = []
    for body in ("We had no answer, and if none comes we sue.", "If we get no answer we sue."):
        views = views_of(read_letter(mail(body)))
        seen.append(any(True for pattern in step.patterns for _ in pattern.finds(views, OWN)))
    assert seen == [True, False]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"stage": "a", "patterns": ["(a)"]}, "“(a)” must have no group: write (?:…)"),
        ({"stage": "a", "sender": "them"}, "sender: “them” is not known here"),
        ({"stage": "a", "paterns": []}, "paterns: unknown key (did you mean patterns?)"),
        ({"patterns": ["a"]}, "stage: is missing; it must be a text"),
    ],
)
def test_a_wrong_step_is_told(table: dict[str, object], told: str) -> None:
    assert any(told in problem for problem in steps(table)[1])


def test_a_step_below_one_that_always_holds_is_told() -> None:
    _, problems = steps({"stage": "notice"}, {"stage": "reminder", "patterns": ["a"]})
    assert any("is never reached: the step above it holds for any letter" in problem for problem in problems)


def test_a_pattern_that_grows_too_long_is_told() -> None:
    problems: list[str] = []
    Compiler({"long": "a" * 30_000}).pattern(Form({}, "", problems), "find", "{long}")
    assert "is too long: 20000 characters, fragments put in" in problems[0]


def test_a_fragment_may_use_those_above_it() -> None:
    problems: list[str] = []
    compiler = Compiler()
    compiler.learn(Form({"digit": "[0-9]", "year": "{digit}{4}"}, "words", problems))
    assert problems == []
    assert compiler.words["year"] == "[0-9]{4}"
