"""Accounts of one host take turns: few at a time, in order, and none for hours."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from inboxbot.daemon.turns import Turns
from tests.daemon.office import PATIENCE, until


def never() -> bool:
    return False


def nothing() -> None: ...


class Account(threading.Thread):
    """Has a turn until it is told to end; what it does in between is up to the test."""

    def __init__(self, turns: Turns, stop: Callable[[], bool] = never) -> None:
        super().__init__(daemon=True)
        self.turns, self.stop = turns, stop
        self.working, self.ends, self.left = threading.Event(), threading.Event(), threading.Event()
        self.beats = 0
        self.start()

    def run(self) -> None:
        with self.turns.turn(self.stop, self.beat) as on:
            self.working.set()
            while not self.ends.wait(0.01):
                on()
        self.left.set()

    def beat(self) -> None:
        self.beats += 1

    def end(self) -> None:
        self.ends.set()
        assert self.left.wait(PATIENCE)


def test_no_more_than_so_many_work_at_a_time_and_all_have_their_turn() -> None:
    turns, lock, at_work, most, done = Turns(4), threading.Lock(), 0, 0, []

    def work() -> None:
        nonlocal at_work, most
        with turns.turn(never, nothing):
            with lock:
                at_work += 1
                most = max(most, at_work)
            threading.Event().wait(0.01)
            with lock:
                at_work -= 1
                done.append(True)

    threads = [threading.Thread(target=work) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert (most, len(done)) == (4, 40)


def test_who_has_waited_longest_comes_next() -> None:
    turns, order = Turns(1), []
    with turns.turn(never, nothing):
        threads = []
        for name in "abc":
            threads.append(threading.Thread(target=lambda name=name: _noted(turns, order, name)))
            threads[-1].start()
            until(lambda: len(turns._waiting) == len(threads), "a place in the queue")
    for thread in threads:
        thread.join(PATIENCE)
    assert order == ["a", "b", "c"]


def _noted(turns: Turns, order: list[str], name: str) -> None:
    with turns.turn(never, nothing):
        order.append(name)


def test_a_long_sweep_lets_others_by_and_goes_on_after_them() -> None:
    turns = Turns(1, spell=0.0)
    long = Account(turns)
    assert long.working.wait(PATIENCE)
    short = Account(turns)
    assert short.working.wait(PATIENCE)
    beats = long.beats
    short.end()
    until(lambda: long.beats > beats, "the long sweep to go on")
    long.end()


def test_a_sweep_is_not_interrupted_before_its_time() -> None:
    turns = Turns(1, spell=3600.0)
    first = Account(turns)
    assert first.working.wait(PATIENCE)
    second = Account(turns)
    until(lambda: first.beats > 10, "some work")
    assert not second.working.is_set()
    first.end()
    assert second.working.wait(PATIENCE)
    second.end()


def test_who_waits_gives_signs_of_life_and_a_stop_ends_the_waiting() -> None:
    turns, stop = Turns(1), threading.Event()
    with turns.turn(never, nothing):
        waiting = Account(turns, stop.is_set)
        until(lambda: waiting.beats, "a sign of life")
        assert not waiting.working.is_set()
        stop.set()
        assert waiting.working.wait(PATIENCE)  # to find that it is to end
        waiting.end()
    assert turns._free == 1


def test_work_that_fails_gives_its_turn_back() -> None:
    turns = Turns(1)
    with pytest.raises(ValueError, match="lost"), turns.turn(never, nothing):
        raise ValueError("lost")
    with turns.turn(never, nothing):
        pass
