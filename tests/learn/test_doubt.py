from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from inboxbot.learn.doubt import doubted, suspected, unlike
from inboxbot.model.dataset import Example
from inboxbot.model.evaluate import Outcome
from inboxbot.model.features import Sight
from inboxbot.model.pipeline import Vocabulary, Weights


def outcome(name: str, label: str, sure: float) -> Outcome:
    return Outcome(name, label, "en", {"copytrack": sure, "other": 1 - sure})


def test_a_label_that_all_others_speak_against_is_doubted() -> None:
    several = [outcome("a", "copytrack", 0.9), outcome("b", "copytrack", 0.04), outcome("c", "other", 0.96)]
    assert dict(doubted(several)) == {"b": "other", "c": "copytrack"}


DEMANDING = Weights(
    rooms=("copytrack",),
    words=Vocabulary({"pay": 0, "news": 1}, idf=np.ones(2), weights=np.array([6.0, -6.0])),
    signs=Vocabulary({"x": 0}, idf=np.ones(1), weights=np.zeros(1)),
    intercept=0.0,
    temperature=1.0,
)


def letters(words: str) -> list[Example]:
    return [
        Example(Path(f"{n}"), "getty", f"hand{n}", "en", {"getty": Sight(word, ())})
        for n, word in enumerate(words.split())
    ]


def test_of_a_new_room_what_looks_like_nobodys_letter_is_doubted() -> None:
    assert dict(unlike(letters("pay pay news pay"), {"getty"}, DEMANDING)) == {"2": "other"}


def test_a_new_room_that_writes_like_nobody_else_is_not_doubted() -> None:
    assert dict(unlike(letters("news news pay news"), {"getty"}, DEMANDING)) == {}


def test_confident_learning_looks_further_where_it_is_installed() -> None:
    chance = random.Random(1)
    several = [outcome(f"{n}", "copytrack", chance.uniform(0.8, 0.99)) for n in range(30)]
    several += [outcome(f"{n}", "other", chance.uniform(0.01, 0.2)) for n in range(30, 60)]
    several += [outcome("misfiled", "other", 0.9)]
    assert list(doubted(several)) == []
    assert list(suspected(several)) == [("misfiled", "copytrack")]
