"""Hours of service among faults every few seconds: nothing lost, nothing twice, and no growth. SOAK_SECONDS sets how long.

Time runs a hundred times faster for the service (hurried.py): five minutes are more than eight hours of its pauses.
"""

from __future__ import annotations

import contextlib
import os
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.main_job.service import Service, environment, inboxbot, mails
from tests.main_job.test_main_job import LETTER
from tests.servers import faultproxy as fault
from tests.servers.faultproxy import FaultProxy
from tests.servers.imapservers import Server

SECONDS = float(os.environ.get("SOAK_SECONDS", "300"))
CALM = 300.0  # seconds without faults, in which what was interrupted may be finished
ACCOUNT = """
[[account]]
name = "{name}"
host = "127.0.0.1"
port = {port}
security = "none"
user = "{user}"
password_file = "password"
since = "all"
poll_seconds = 300
max_drafts_per_day = 1000000
"""
pytestmark = [pytest.mark.proof, pytest.mark.timeout(SECONDS + 900)]

FAULTS = (
    fault.cut,
    fault.reset,
    fault.cut_behind,
    fault.hang,
    fault.drip(0.05),
    fault.say(b"%$#@ no IMAP at all\r\n"),
    fault.say(b"* BYE restarting\r\n", then=fault.CutError),
    fault.instead(b"TAG NO [UNAVAILABLE] later\r\n"),
    fault.instead(b"TAG BAD User is authenticated but not connected.\r\n"),
)
PLACES = (rb"LOGIN", rb"LIST", rb"EXAMINE", rb"FETCH", rb"SEARCH", rb"APPEND", rb"IDLE", rb"DONE")


@dataclass(frozen=True)
class Size:
    """How big the service is."""

    memory: float  # MB
    threads: int
    descriptors: int

    @classmethod
    def of(cls, pid: int) -> Size:
        told = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        descriptors = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        return cls(int(told["VmRSS"].split()[0]) / 1024, int(told["Threads"]), descriptors)


@contextlib.contextmanager
def hurried(home: Path, config: Path) -> Iterator[tuple[Service, int]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.proof.hurried", str(config)],
        env={**environment(home), "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=Path(__file__).parents[2], stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    service = Service(process)
    try:
        service.says("watching")
        yield service, process.pid
    finally:
        process.kill()


def letter(number: int) -> bytes:
    return LETTER.replace(b"20191230.AAAAAA@", b"letter-%d@" % number)


def answered(server: Server, user: str) -> Counter[str]:
    """How many drafts there are for each letter."""
    return Counter(str(draft["In-Reply-To"]) for draft, _ in mails(server, user, "Drafts"))


def trouble(wire: FaultProxy, chance: random.Random) -> None:
    """One fault, now or at the next connection."""
    kind = chance.random()
    if kind < 0.2:
        wire.cut_all()
    elif kind < 0.3:
        wire.refuse = True
        time.sleep(chance.random())
        wire.refuse = False
    else:
        wire.script.append([fault.on(chance.choice(PLACES), chance.choice(FAULTS))])
        if kind < 0.6:
            wire.cut_all()  # so that it comes soon


def test_hours_among_faults_lose_nothing_double_nothing_and_grow_nothing(
    dovecot: Server, user: str, tmp_path: Path
) -> None:
    users = (user, f"{user}-2")
    (tmp_path / "password").write_text("secret\n")
    (tmp_path / "password").chmod(0o600)
    chance, sizes, faults, sent = random.Random(7), [], 0, 0
    with FaultProxy(dovecot.imap) as wire:
        ports = {"one": (wire.port, users[0]), "other": (wire.port, users[1]), "down": (1, "nobody")}
        config = tmp_path / "inboxbot.toml"
        config.write_text(
            "".join(ACCOUNT.format(name=name, port=port, user=who) for name, (port, who) in ports.items())
        )
        with hurried(tmp_path, config) as (service, pid):
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                for who in users:
                    dovecot.deliver(who, letter(sent))
                sent += 1
                for _ in range(2):
                    trouble(wire, chance)
                    faults += 1
                    time.sleep(chance.uniform(0.5, 2.0))
                sizes.append(Size.of(pid))
                del wire.dialogues[:]
            wire.script.clear()
            calm = time.monotonic() + CALM
            while any(len(answered(dovecot, who)) < sent for who in users) and time.monotonic() < calm:
                time.sleep(1)
            missing = {who: sent - len(answered(dovecot, who)) for who in users}
            assert set(missing.values()) == {0}, (missing, service.lines[-100:])
            assert service.stop() == 0
    for who in users:
        assert set(answered(dovecot, who).values()) == {1}
    told = inboxbot(tmp_path, "status", "--json", "--config", str(config)).stdout
    assert '"uncertain": 0' in told

    early, late = sizes[len(sizes) // 4 : len(sizes) // 2], sizes[-len(sizes) // 4 :]
    growth = {
        what: statistics.median(getattr(size, what) for size in late)
        - statistics.median(getattr(size, what) for size in early)
        for what in ("memory", "threads", "descriptors")
    }
    print(f"\n{SECONDS:.0f} s, {faults} faults, {2 * sent} letters, at the end {sizes[-1]}, growth {growth}")  # noqa: T201 - the proof's figures
    assert growth["memory"] < 20
    assert abs(growth["threads"]) <= 1
    assert abs(growth["descriptors"]) <= 3
