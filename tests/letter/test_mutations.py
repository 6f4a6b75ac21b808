"""Whatever the bytes, a letter comes to its end: read, weighed, answered or left in silence, and nothing is raised."""

from __future__ import annotations

import pytest

from tests.letter.survival import corpus, survive

ROUNDS, A_ROUND = 8, 250
PROOFS, A_PROOF = 400, 500


def test_the_corpus_is_large() -> None:
    assert len(corpus()) > 200


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(ROUNDS))
def test_two_thousand_broken_letters_are_survived(part: int) -> None:
    for number in range(part * A_ROUND, (part + 1) * A_ROUND):
        survive(number)


@pytest.mark.proof
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("part", range(PROOFS))
def test_two_hundred_thousand_broken_letters_are_survived(part: int) -> None:
    for number in range(part * A_PROOF, (part + 1) * A_PROOF):
        survive(number)
