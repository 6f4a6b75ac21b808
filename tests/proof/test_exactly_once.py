"""All of it: every pair of steps, every byte, every act of the user, two thousand kills. `make proof` prints the counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.interruptions import Killer, Trial, Trials, append_lengths
from tests.servers import faultproxy as fault
from tests.servers.imapservers import Server
from tests.test_exactly_once import ACTS, cut_and_recover, meanwhile, twice

pytestmark = [pytest.mark.proof, pytest.mark.timeout(7200)]

SLICES = 24  # for several workers
KILLS = 2000


@pytest.fixture(scope="module")
def trials(dovecot: Server) -> Iterator[Trials]:
    with Trials(dovecot) as trials:
        yield trials


@pytest.mark.parametrize("part", range(SLICES))
def test_every_pair_of_interruptions(trials: Trials, part: int) -> None:
    steps = range(1, len(trials.steps()) + 1)
    for first in steps[part::SLICES]:
        for second in steps:
            twice(trials, first, second)


@pytest.mark.parametrize("part", range(SLICES))
@pytest.mark.parametrize("direction", ["up", "down"])
def test_every_byte_of_the_append_dialogue(trials: Trials, direction: fault.Direction, part: int) -> None:
    for count in range(part, append_lengths(trials)[direction] + 1, SLICES):
        cut_and_recover(trials, direction, count)


@pytest.mark.parametrize("act", ACTS)
def test_every_act_of_the_user_after_every_step(trials: Trials, act: Callable[[Trial], None]) -> None:
    was_there = [meanwhile(trials, step, act) for step in range(1, len(trials.steps()) + 1)]
    assert any(was_there)


@pytest.mark.parametrize("part", range(SLICES))
def test_two_thousand_kills(trials: Trials, part: int) -> None:
    killer = Killer(trials, seed=part)
    while killer.kills < KILLS / SLICES:
        killer.torment()
