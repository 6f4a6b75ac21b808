"""Whatever the bytes, a mail is read, its facts are looked for, and its sender is weighed: nothing is raised."""

from __future__ import annotations

from functools import cache

import pytest

from inboxbot.issuers.facts import find_facts, find_stage
from inboxbot.issuers.room import Room, open_rooms
from inboxbot.letter.parse import read_letter
from inboxbot.records import Brief, Identity, Receiver, Standing
from inboxbot.trust.weigh import weigh
from tests.letter.mutations import letters, mutated

ROUNDS, A_ROUND = 8, 250
PROOFS, A_PROOF = 400, 500
BRIEF = Brief(
    Identity(language="en"),
    Receiver("mx.ours.example", ("relay.example",), dkim_keys={"s._domainkey.x.example": b"v=DKIM1; p=AAAA"}),
)


@cache
def rooms() -> dict[str, Room]:
    return open_rooms()


@cache
def corpus() -> list[tuple[str, bytes]]:
    return letters()


def survive(number: int) -> None:
    """Take one broken mail the whole way; a failure names its number, by which it can be made again."""
    label, raw = mutated(corpus(), number)
    room = rooms().get(label)
    try:
        letter = read_letter(raw)
        facts = find_facts(letter, room, BRIEF)
        trust = weigh(letter, raw, room and room.trust, facts, find_stage(letter, room), BRIEF)
    except Exception as error:
        raise AssertionError(f"mail {number} ({label}): {type(error).__name__}: {error}") from error
    forged = trust.verdict is Standing.GENUINE and label != "copytrack"  # the one forged field inserted names Copytrack
    assert not forged, f"mail {number} ({label}) became genuine"
    unclean = [c for c in letter.body + letter.head.subject if ord(c) < 32 and c != "\n"]
    assert not unclean, f"mail {number} ({label}) shows {unclean}"


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
