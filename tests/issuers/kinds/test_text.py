from __future__ import annotations

import pytest

from inboxbot.issuers.kinds.text import read_text, same_party

READ = {
    "Zoé Martin": "Zoé Martin",
    "  « Zoé\n Martin » ,": "Zoé Martin",
    "Mme Zoé Martin": "Zoé Martin",
    "Mme Martin": "Mme Martin",  # a surname alone keeps its title
    "Zoé Martin, photographe à Nantes": "Zoé Martin",
    "Zoé Martin (née en 1970)": "Zoé Martin",
    "l'agence Lumière Bleue": "Lumière Bleue",
    "die Bildagentur Nordlicht": "Nordlicht",
    "la société Images du Sud": "Images du Sud",
    "Ottar Fjeldstad's": "Ottar Fjeldstad",
    "Lumen & Co Photo Agency 375": "Lumen & Co Photo Agency",
    "Brújula Imágenes S.L.": "Brújula Imágenes S.L.",
    "Concept-Production (CP)": "Concept-Production (CP)",
}
EMPTY = ["", "   ", "the", "notre", "photographe", "unknown", "4512", "-", "x" * 90]


@pytest.mark.parametrize("span", READ)
def test_a_name_is_read_without_what_surrounds_it(span: str) -> None:
    assert read_text(span) == READ[span]


@pytest.mark.parametrize("span", EMPTY)
def test_what_names_nobody_is_nothing(span: str) -> None:
    assert read_text(span) is None


def test_two_writings_of_one_name_are_one_party() -> None:
    assert same_party("Mme MARTIN", "Zoé Martin")
    assert same_party("Jean-Marc Weber", "jean marc weber")
    assert not same_party("Zoé Martin", "Karl Martin")
    assert not same_party("", "Zoé Martin")
