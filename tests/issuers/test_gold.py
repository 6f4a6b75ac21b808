"""What a person read in the letters, and how much of it the rooms' rules read too."""

from __future__ import annotations

import pytest

from inboxbot.reader.ocr import find_ocr
from tests.issuers import scoring
from tests.issuers.scoring import Comparison, Figures

# The share of letters in which a fact, or that it is absent, is read exactly.
FLOORS = {
    "case_number": 0.98,
    "amount": 0.97,
    "currency": 0.97,
    "amounts": 0.92,
    "deadline": 0.95,
    "deadline_rolled": 0.95,
    "stage": 0.95,
    "language": 0.99,
    "page_urls": 0.95,
    "image_urls": 0.95,
    "portal_url": 0.95,
    "facts_at": 0.97,
    "ip_address": 0.97,
    "isp": 0.97,
    "software": 0.97,
    "first_warning_on": 0.97,
}
FALSE = 0.01  # the share of letters in which a fact may be read wrongly instead of not at all


@pytest.fixture(scope="module")
def compared() -> list[Comparison]:
    return scoring.compare(ocr=find_ocr())


@pytest.fixture(scope="module")
def figures(compared: list[Comparison]) -> dict[str, Figures]:
    return scoring.figures(compared)


@pytest.mark.parametrize("fact", FLOORS)
def test_the_rules_read_what_a_person_reads(fact: str, figures: dict[str, Figures], compared: list[Comparison]) -> None:
    missed = scoring.mismatches([each for each in compared if each.fact == fact])
    assert figures[fact].accuracy >= FLOORS[fact], f"{figures[fact].accuracy:.1%}\n{missed}"


@pytest.mark.parametrize("fact", scoring.FACTS)
def test_what_is_not_sure_is_left_out_rather_than_wrong(
    fact: str, figures: dict[str, Figures], compared: list[Comparison]
) -> None:
    false = scoring.mismatches([each for each in compared if each.fact == fact and each.wrong])
    assert figures[fact].falsehood <= FALSE, f"{figures[fact].falsehood:.1%}\n{false}"


@pytest.mark.parametrize(("room", "least"), [("copytrack", 70), ("pixtrakk", 70), ("hadopi", 55)])
def test_every_room_is_held_against_enough_letters(room: str, least: int, compared: list[Comparison]) -> None:
    assert len({each.letter for each in compared if each.room == room}) >= least
