"""Letters in voices that no rule was written from: the genuine ones are not frightened away, the imitations are caught."""

from __future__ import annotations

from functools import cache

import pytest

from inboxbot.issuers.facts import find_facts_and_stage
from inboxbot.issuers.room import open_rooms
from inboxbot.letter.parse import read_letter
from inboxbot.records import Brief, Facts, Identity, Receiver, Standing, Trust
from inboxbot.trust.weigh import weigh
from tests.trust.fakes import FAKES as ON_RECORD
from tests.trust.receivers import SHAPES, Sent, delivered
from tests.trust.voices import FAKES, GENUINE, Voice

ROOMS = open_rooms()
FOUND = ("pass", "temperror")
OURS = frozenset({"atelier@client.example"})


@cache
def understood(voice: Voice) -> tuple[Facts, str | None]:
    """What the room finds in it: the same wherever it is delivered."""
    return find_facts_and_stage(read_letter(voice.raw()), ROOMS[voice.room], Brief())


def weighed(voice: Voice, raw: bytes, receiver: Receiver) -> Trust:
    facts, stage = understood(voice)
    brief = Brief(Identity(language="en"), receiver, ours=OURS)
    return weigh(read_letter(raw), raw, ROOMS[voice.room].trust, facts, stage, brief)


@pytest.mark.parametrize("voice", GENUINE, ids=lambda voice: voice.subject[:30])
def test_a_genuine_letter_is_not_suspect_at_any_receiver(voice: Voice) -> None:
    for shape in SHAPES:
        for found in FOUND:
            outcome = ("fail", "pass", "pass") if voice.relay else (found, found, found)
            raw, receiver = delivered(voice.raw(), shape, Sent(voice.domain, voice.relay, voice.relay, *outcome))
            trust = weighed(voice, raw, receiver)
            assert trust.verdict is not Standing.SUSPECT, (shape, found, trust.reasons)
    assert weighed(voice, voice.raw(), Receiver()).verdict is Standing.UNVERIFIED


@pytest.mark.parametrize("name", FAKES)
def test_an_imitation_is_suspect_and_gets_no_address(name: str) -> None:
    trust = weighed(FAKES[name], FAKES[name].raw(), Receiver())
    assert trust.verdict is Standing.SUSPECT, trust.reasons
    assert trust.reply_to is None


@pytest.mark.parametrize("name", ON_RECORD)
def test_an_imitation_is_suspect_whatever_facts_are_found_in_it(name: str) -> None:
    room, _, _, made = ON_RECORD[name]
    letter = read_letter(raw := made.as_bytes())
    facts, stage = find_facts_and_stage(letter, ROOMS[room], Brief())
    trust = weigh(letter, raw, ROOMS[room].trust, facts, stage, Brief())
    assert trust.verdict is Standing.SUSPECT, (facts.page_urls, trust.reasons)
