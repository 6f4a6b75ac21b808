from __future__ import annotations

from datetime import timedelta

from inboxbot.learn.clusters import collapse
from tests.learn.letters import NOON, noted

TEXT = " ".join(f"word{n}" for n in range(40))
ALIKE = " ".join(f"word{n}" for n in range(26)) + " and then something else is said in the end of it"


def test_a_campaign_is_one_letter_the_newest() -> None:
    letters = [noted(key, "copytrack", f"{TEXT} {key}", NOON + timedelta(hours=n)) for n, key in enumerate("abcd")]
    assert [letter.key[0] for letter, _ in collapse(letters)] == ["d"]


def test_letters_that_resemble_each_other_are_of_one_hand() -> None:
    found = collapse(
        [noted("a", "copytrack", TEXT), noted("b", "copytrack", ALIKE), noted("c", "copytrack", "quite another")]
    )
    groups = {letter.key[0]: group for letter, group in found}
    assert groups["a"] == groups["b"] != groups["c"]


def test_the_same_letter_under_two_labels_stays_two() -> None:
    assert len(collapse([noted("a", "copytrack", TEXT), noted("b", "other", TEXT)])) == 2
