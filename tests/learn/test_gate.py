from __future__ import annotations

from inboxbot.learn.gate import dearer, lost, objections, too_thin

BEFORE = [("a", "copytrack", "copytrack"), ("b", "hadopi", "unsure"), ("c", "other", "other"), ("d", "other", "unsure")]
MANY = [(f"{n}", "copytrack", "copytrack") for n in range(80)]


def test_nothing_speaks_against_what_is_the_same_or_better() -> None:
    better = [*BEFORE[:1], ("b", "hadopi", "hadopi"), *BEFORE[2:]]
    for after in (BEFORE, better):
        assert list(objections(BEFORE, after, "letters")) == []
        assert list(dearer(BEFORE, after, "letters")) == []
        assert lost(BEFORE, after) == []


def test_a_wrong_draft_is_said_by_its_name() -> None:
    after = [*BEFORE[:3], ("d", "other", "hadopi")]
    told = "; ".join(objections(BEFORE, after, "held-out letters"))
    assert "it would draft 1 wrong replies instead of 0 on held-out letters" in told
    assert list(dearer(BEFORE, after, "letters")) == ["its mistakes cost 10.3 instead of 0.6 on letters"]


def test_a_letter_missed_is_made_up_for_by_nothing() -> None:
    after = [("a", "copytrack", "other"), ("b", "hadopi", "hadopi"), *BEFORE[2:]]
    assert "it would miss 1 instead of 0 of letters" in list(objections(BEFORE, after, "letters"))


def test_no_class_pays_for_another() -> None:
    after = [("a", "copytrack", "unsure"), ("b", "hadopi", "hadopi"), *BEFORE[2:]]
    assert list(objections(BEFORE, after, "letters")) == [
        "copytrack: it recognises 0 instead of 1 of letters",
        "copytrack: its mistakes cost 0.3 instead of 0.0 on letters",
    ]
    assert lost(BEFORE, after) == ["a"]


def test_of_eighty_letters_not_one_may_become_a_question() -> None:
    asked = [(name, label, "unsure" if name == "0" else label) for name, label, _ in MANY]
    for better in ([], [("x", "hadopi", "hadopi")]):  # whatever else is won
        worse = [(name, label, "other") for name, label, _ in better]
        assert list(objections([*MANY, *worse], [*asked, *better], "letters")) == [
            "copytrack: it recognises 79 instead of 80 of letters",
            "copytrack: its mistakes cost 0.3 instead of 0.0 on letters",
        ]


def test_a_wrong_draft_does_not_change_its_class() -> None:
    before = [("a", "copytrack", "hadopi"), ("b", "hadopi", "unsure")]
    after = [("a", "copytrack", "unsure"), ("b", "hadopi", "copytrack")]
    assert list(objections(before, after, "letters")) == ["hadopi: its mistakes cost 10.0 instead of 0.3 on letters"]


def test_a_new_room_must_be_told_from_its_own_letters_and_from_other_mail() -> None:
    well = [(f"{n}", "getty", "getty" if n < 8 else "unsure") for n in range(12)]
    assert list(too_thin("getty", well)) == []
    (told,) = too_thin("getty", well[1:])
    assert told == "getty: too thin to be learned: 7 of its 11 letters would be recognised from the others"
    (told,) = too_thin("getty", [*well, ("x", "other", "getty")])
    assert "1 mails that are none of its letters" in told
