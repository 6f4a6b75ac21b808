from __future__ import annotations

from asyncio import CancelledError
from itertools import pairwise

import pytest

from inboxbot.errors import MailboxError, NoModelError, RefusedError, SignInError, StoreAwayError
from inboxbot.fleet.rota import TICK, is_due, pause_after

NAMES = [f"user{number}@imap.client.example" for number in range(3000)]


@pytest.mark.parametrize("seconds", [1, 10, 60, 300, 3600])
def test_a_mailbox_is_due_once_in_each_of_its_pauses(seconds: int) -> None:
    ticks = range(0, 2 * 3600, TICK)
    for name in NAMES[:20]:
        due = [tick for tick in ticks if is_due(name, seconds, tick)]
        assert {later - earlier for earlier, later in pairwise(due)} == {max(seconds, TICK)}


def test_the_mailboxes_are_spread_over_the_pause() -> None:
    at_each_tick = [sum(is_due(name, 300, tick) for name in NAMES) for tick in range(0, 300, TICK)]
    assert sum(at_each_tick) == len(NAMES)
    assert max(at_each_tick) < 2 * len(NAMES) * TICK / 300


def test_a_lost_line_is_tried_again_soon_and_then_less_and_less_often() -> None:
    pauses = [pause_after(MailboxError("reset"), attempts) or 0 for attempts in range(12)]
    assert pauses[0] <= 5
    assert 450 <= pauses[-1] <= 900


def test_a_pause_that_the_server_asks_for_is_kept() -> None:
    assert pause_after(MailboxError("too many", retry_after=120), 0) == 120


def test_a_refused_password_is_not_tried_until_the_provider_locks_the_account() -> None:
    pauses = [pause_after(SignInError("no"), attempts) for attempts in range(4)]
    assert pauses == [900, 900, 86_400, 86_400]


def test_what_else_is_refused_is_asked_for_again_and_again() -> None:
    assert pause_after(RefusedError("no Drafts"), 10) == 900


def test_without_a_model_the_mailbox_waits_for_its_turn() -> None:
    assert pause_after(NoModelError("none"), 0) is None


def test_a_store_that_is_away_is_tried_again_soon() -> None:
    assert pause_after(StoreAwayError("down"), 10) == 5


def test_what_a_worker_drops_when_it_stops_another_one_takes_at_once() -> None:
    assert pause_after(CancelledError(), 5) == 0
