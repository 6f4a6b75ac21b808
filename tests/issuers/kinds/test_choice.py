from __future__ import annotations

import re2

from inboxbot.issuers.kinds.choice import read_choice

HOUSES = [
    ("Agence France-Presse", re2.compile(r"(?i)\b(?:afp|agence france-presse)\b")),
    ("Reuters", re2.compile(r"(?i)\breuters\b")),
]


def test_the_first_choice_whose_pattern_stands_there() -> None:
    assert read_choice("the news agency AFP of Paris", HOUSES) == "Agence France-Presse"
    assert read_choice("REUTERS", HOUSES) == "Reuters"


def test_none_of_the_choices_is_nothing() -> None:
    assert read_choice("Weber", HOUSES) is None
