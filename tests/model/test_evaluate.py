"""How a model is measured and how its thresholds are chosen."""

from __future__ import annotations

from inboxbot.model.evaluate import Outcome, choose_rule, cost, fold_of, report
from inboxbot.model.judge import Rule
from inboxbot.records import OTHER, UNSURE


def judged(label: str, letter: float, *, probing: bool = False) -> Outcome:
    return Outcome("a.eml", label, "fr", {"copytrack": letter, OTHER: 1 - letter}, probing)


def test_a_wrong_draft_costs_most_and_a_question_least() -> None:
    assert cost("copytrack", "copytrack") == 0
    assert (
        cost("copytrack", UNSURE) < cost("copytrack", OTHER) < cost(OTHER, "copytrack") == cost("hadopi", "copytrack")
    )


def test_a_wrong_draft_raises_the_threshold_above_it() -> None:
    sure = [judged("copytrack", 0.999) for _ in range(50)]
    assert choose_rule([*sure, judged(OTHER, 0.96)]).letter > 0.96
    assert choose_rule([*sure, *(judged("copytrack", 0.93) for _ in range(50))]).letter <= 0.92


def test_mail_that_was_written_against_the_model_sets_no_threshold() -> None:
    real = [judged("copytrack", 0.93) for _ in range(50)]
    traps = [judged(OTHER, 0.96, probing=True) for _ in range(50)]
    assert choose_rule([*real, *traps]) == choose_rule(real)
    assert report([*real, *traps], choose_rule(real)).wrong_drafts == 50  # and yet is counted


def test_where_all_was_written_against_the_model_it_must_do() -> None:
    assert choose_rule([judged(OTHER, 0.96, probing=True)] * 3 + [judged("copytrack", 0.99)]).letter > 0.96


def test_a_group_never_stands_on_both_sides() -> None:
    groups = [f"copytrack/{n % 7}" for n in range(40)]
    folds = fold_of(groups, ["copytrack"] * 40)
    assert all(len({fold for fold, mine in zip(folds, groups, strict=True) if mine == group}) == 1 for group in groups)
    assert len(set(folds)) == 5


def test_the_report_tells_the_worst_first() -> None:
    told = report([judged("copytrack", 0.2), judged("copytrack", 0.01), judged("copytrack", 0.99)], Rule(0.9, 0.9, 0.3))
    assert [row[3] for row in told.worst] == [0.01, 0.2]
    assert (told.missed, told.unsure, told.wrong_drafts) == (1, 1, 0)
