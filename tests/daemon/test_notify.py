from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from inboxbot.daemon.notify import Notifier


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[socket.socket]:
    name = f"@inboxbot-{tmp_path.name}"  # in the abstract namespace, as containers have it
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(name.replace("@", "\0", 1))
        manager.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        yield manager


def test_the_manager_hears_each_state_in_its_own_words(heard: socket.socket) -> None:
    notifier = Notifier()
    notifier.ready("office: watching")
    notifier.alive("office: sweeping")
    notifier.reloading()
    notifier.stopping()
    said = [heard.recv(1000).decode() for _ in range(4)]
    assert said[0] == "READY=1\nSTATUS=office: watching"
    assert said[1] == "WATCHDOG=1\nSTATUS=office: sweeping"
    assert said[2].startswith("RELOADING=1\nMONOTONIC_USEC=")
    assert said[3] == "STOPPING=1"


def test_signs_of_life_come_three_times_as_often_as_the_watchdog_bites(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "9000000")
    assert Notifier().interval == 3.0
    monkeypatch.delenv("WATCHDOG_USEC")
    assert Notifier().interval == 20.0


def test_without_a_manager_nothing_happens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    Notifier().ready("up")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    Notifier().ready("up")
