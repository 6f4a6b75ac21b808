from __future__ import annotations

import socket
import threading

from inboxbot.stop import Stop


def test_a_stop_wakes_everybody_who_rests_on_a_connection() -> None:
    stop, woken = Stop(), []
    lines = [socket.socketpair() for _ in range(3)]
    resting = [threading.Thread(target=lambda ours=ours: woken.append(stop.or_readable(ours, 60))) for ours, _ in lines]
    for thread in resting:
        thread.start()
    stop.set()
    for thread in resting:
        thread.join(30)
    assert woken == [False] * 3


def test_what_comes_on_the_connection_wakes_and_the_stop_can_be_said_twice() -> None:
    ours, theirs = socket.socketpair()
    stop = Stop()
    assert stop.or_readable(ours, 0.01) is False
    theirs.send(b"* 1 EXISTS\r\n")
    assert stop.or_readable(ours, 60) is True
    stop.set()
    stop.set()
    assert stop.is_set()
    assert stop.or_readable(ours, 60) is True
