"""A clock that leaps, and a machine that sleeps: all goes on, nothing is filed twice, and it is told in a line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from inboxbot.daemon.clock import Clock, compare
from tests.daemon.test_observe import House
from tests.main_job.service import Service, configured, environment, mails, running, until
from tests.main_job.test_main_job import LETTER
from tests.servers.faultproxy import FaultProxy
from tests.servers.imapservers import Server

FALSE_CLOCK = Path(__file__).parents[1] / "servers" / "falseclock.c"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def numbered(number: int) -> bytes:
    return LETTER.replace(b"20191230.AAAAAA@", b"letter-%d@" % number)


# --- what is told -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("leap", "hours"), [(DAY, 24.0), (-DAY, -24.0), (timedelta(minutes=30), 0.5)])
def test_a_leap_is_told_once(leap: timedelta, hours: float) -> None:
    times, ticks = iter([NOON, NOON + leap, NOON + leap + timedelta(seconds=20)]), iter([0.0, 0.0, 20.0])
    clock = Clock(lambda: next(times), lambda: next(ticks))
    with capture_logs() as logs:
        for _ in range(3):
            clock.look()
    assert [line["hours"] for line in logs] == [hours]


def test_time_that_passes_is_no_leap() -> None:
    times, ticks = iter([NOON, NOON + DAY]), iter([0.0, DAY.total_seconds() + 2])
    clock = Clock(lambda: next(times), lambda: next(ticks))
    with capture_logs() as logs:
        clock.look()
        clock.look()
    assert logs == []


def test_a_server_of_another_day_is_told_with_the_mend() -> None:
    with capture_logs() as logs:
        assert compare(NOON, NOON + timedelta(minutes=2), "office")
        assert not compare(NOON + DAY, NOON, "office")
    (line,) = logs
    assert (line["account"], line["hours"]) == ("office", 24.0)
    assert "timedatectl set-ntp true" in line["mend"]


def test_a_clock_that_was_set_back_keeps_nobody_from_looking_after_the_cases() -> None:
    house = House()
    house.comes("Case A1", "one")
    house.turns(days=-1)
    house.answers("one")
    house.turns()
    assert len(house.case.answers) == 1


# --- on a real server -------------------------------------------------------------------------------------------------


def in_clear(home: Path, server: Server, user: str, port: int) -> Path:
    """A configuration without TLS, whose certificates have times of their own."""
    config = configured(home, server, user)
    words = config.read_text("utf-8").replace('security = "tls"', 'security = "none"')
    config.write_text(words.replace(f"port = {server.imaps}", f"port = {port}"), "utf-8")
    return config


@contextmanager
def under_a_false_clock(home: Path, config: Path, clock: Path) -> Iterator[Service]:
    """`inboxbot run` whose time of day stands in the file `clock`, and which has the true one for what lasts."""
    library = home / "falseclock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, FALSE_CLOCK], check=True)
    every_second = {"WATCHDOG_USEC": "3000000"}  # so often it looks at the clock
    false = {"LD_PRELOAD": str(library), "FALSE_CLOCK": str(clock), **every_second}
    process = subprocess.Popen(
        [sys.executable, "-m", "inboxbot", "run", "--config", str(config)],
        env=environment(home) | false, cwd=home, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    service = Service(process)
    try:
        service.says("watching")
        yield service
        assert service.stop() == 0
    finally:
        process.kill()


def test_letters_are_answered_once_by_a_clock_that_is_off_by_a_day_and_leaps(
    dovecot: Server, user: str, tmp_path: Path
) -> None:
    config, clock = in_clear(tmp_path, dovecot, user, dovecot.imap), tmp_path / "clock"
    clock.write_text("+86400")
    with under_a_false_clock(tmp_path, config, clock) as service:
        for number, off in enumerate(["+86400", "-86400", "+0"]):
            clock.write_text(off)
            service.says("the clock leapt", times=number)
            dovecot.deliver(user, numbered(number))
            until(lambda wanted=number + 1: len(mails(dovecot, user, "Drafts")) == wanted, f"a draft at {off} s")  # type: ignore[misc]
            service.says("this machine's clock and the mail server's differ", times=min(number + 1, 2))
    answered = {draft["In-Reply-To"] for draft, _ in mails(dovecot, user, "Drafts")}
    assert len(answered) == len(mails(dovecot, user, "Drafts")) == 3
    told = [line for line in service.lines if "clock and the mail server's differ" in line]
    assert len(told) == 2
    assert all("timedatectl set-ntp true" in line for line in told)


def test_after_a_sleep_a_dead_line_is_noticed_and_what_came_meanwhile_is_answered_once(
    dovecot: Server, user: str, tmp_path: Path
) -> None:
    with FaultProxy(dovecot.imap) as wire:
        config = in_clear(tmp_path, dovecot, user, wire.port)
        with running(tmp_path, config) as service:
            until(lambda: wire.dialogues and b"IDLE" in bytes(wire.dialogues[-1].said["up"]), "a rest")
            os.kill(service.pid, signal.SIGSTOP)
            wire.cut_all()
            for number in range(3):
                dovecot.deliver(user, numbered(number))
            os.kill(service.pid, signal.SIGCONT)
            until(lambda: len(mails(dovecot, user, "Drafts")) == 3, "three drafts")
            assert service.stop() == 0
    answered = {draft["In-Reply-To"] for draft, _ in mails(dovecot, user, "Drafts")}
    assert len(answered) == len(mails(dovecot, user, "Drafts")) == 3
