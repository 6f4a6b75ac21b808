from __future__ import annotations

from inboxbot.learn.gate import lost, objections

BEFORE = [("a", "copytrack", "copytrack"), ("b", "hadopi", "unsure"), ("c", "other", "other"), ("d", "other", "unsure")]


def test_nothing_speaks_against_what_is_the_same_or_better() -> None:
    better = [*BEFORE[:1], ("b", "hadopi", "hadopi"), *BEFORE[2:]]
    for after in (BEFORE, better):
        assert list(objections(BEFORE, after, "letters")) == []
        assert lost(BEFORE, after) == []


def test_a_wrong_draft_is_said_by_its_name() -> None:
    after = [*BEFORE[:3], ("d", "other", "hadopi")]
    told = "; ".join(objections(BEFORE, after, "held-out letters"))
    assert "cost 10.3 instead of 0.6" in told
    assert "it would draft 1 wrong replies instead of 0" in told


def test_no_class_pays_for_another() -> None:
    after = [("a", "copytrack", "unsure"), ("b", "hadopi", "hadopi"), *BEFORE[2:]]
    assert list(objections(BEFORE, after, "letters")) == ["it recognises 0 instead of 1 of letters that are copytrack"]
    assert lost(BEFORE, after) == ["a"]
