from __future__ import annotations

from datetime import date, timedelta

from inboxbot.learn.outlook import weeks, worth_asking
from inboxbot.records import UNSURE, Judgement, Verdict
from tests.learn.letters import NOON


def judged(letter: str, sure: float, *, days: int = 0, label: str = "copytrack", by_hand: bool = False) -> Judgement:
    probabilities = {"copytrack": sure, "other": 1 - sure}
    verdict = Verdict(label, max(sure, 1 - sure), probabilities, 0.9, 0.3, "m", by_hand=by_hand)
    return Judgement(letter, "office", NOON + timedelta(days=days), verdict)


def test_the_letters_that_the_judge_hesitated_over_are_asked_about_first() -> None:
    several = [
        judged("a", 0.99),
        judged("b", 0.55),
        judged("c", 0.3),
        judged("d", 0.52),
        judged("e", 0.51, by_hand=True),
    ]
    assert [each.letter for each in worth_asking(several, {"d"}, 2)] == ["b", "c"]


def test_mail_that_names_no_issuer_is_never_asked_about() -> None:
    assert worth_asking([judged("a", 0.0, label="other")], ()) == []


def test_a_week_is_told_by_its_monday_with_its_questions() -> None:
    several = [judged("a", 0.9), judged("b", 0.7, days=6, label=UNSURE), judged("c", 0.8, days=7)]
    first, second = weeks(several)
    assert (first.monday, first.count, first.unsure) == (date(2026, 3, 2), 2, 1)
    assert (second.monday, second.count, round(second.confidence, 6)) == (date(2026, 3, 9), 1, 0.8)
