"""A Dovecot, a service on it, and mail to read: what the benchmarks share."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import resource
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import structlog

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from inboxbot import config  # noqa: E402
from inboxbot.cli import build  # noqa: E402
from inboxbot.daemon.watch import Pulse, Watch  # noqa: E402
from inboxbot.issuers.room import Room, open_rooms  # noqa: E402
from inboxbot.letter.parse import read_letter  # noqa: E402
from inboxbot.model.names import Names  # noqa: E402
from inboxbot.reader.known import known  # noqa: E402
from inboxbot.reader.process import ReaderProcess  # noqa: E402
from inboxbot.stop import Stop  # noqa: E402
from tests.servers.imapservers import Server  # noqa: E402

LETTERS = ROOT / "training_data"
RESULTS = ROOT / "build" / "benchmarks.jsonl"


def fresh_user() -> str:
    """An account that was never used."""
    return f"t-{uuid.uuid4().hex[:12]}"


def letter() -> bytes:
    """A letter that gets a draft, with a Message-ID of its own each time."""
    raw = (ROOT / "tests" / "main_job" / "copytrack.eml").read_bytes()
    return raw.replace(b"20191230.AAAAAA", uuid.uuid4().hex.encode())


def quietly() -> None:
    """No log lines between the figures."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@cache
def rooms() -> Mapping[str, Room]:
    """The packaged issuer rooms."""
    return open_rooms()


def ordinary(count: int) -> list[bytes]:
    """Mail that names no issuer, each with a Message-ID of its own, and a letter in every hundred."""
    names = Names(known(rooms()))
    raws = (path.read_bytes() for path in sorted((LETTERS / "other").glob("*.eml")))
    pool = [raw for raw in raws if not names.of(read_letter(raw))]
    return [letter() if n % 100 == 50 else anew(pool[n % len(pool)], n) for n in range(count)]


def anew(raw: bytes, number: int) -> bytes:
    """The mail as another one."""
    return re.sub(rb"(?im)^(message-id:\s*<)", rb"\g<1>%d." % number, raw, count=1)


def stocked(server: Server, mails: Iterable[bytes]) -> str:
    """An account whose INBOX holds these mails."""
    user = fresh_user()
    client = server.client(user)
    for raw in mails:
        client.append("INBOX", raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    client.logout()
    return user


def backlog(count: int) -> list[bytes]:
    """Mail of all kinds from the training data, in a fixed order."""
    paths = sorted(LETTERS.glob("*/*.eml"), key=lambda path: path.name[::-1])
    return [paths[number % len(paths)].read_bytes() for number in range(count)]


@contextlib.contextmanager
def service(server: Server, user: str, since: str = "all") -> Iterator[Watch]:
    """The real service on an account, its reader warm; nothing runs yet."""
    with tempfile.TemporaryDirectory(prefix="inboxbot-bench-") as home:
        os.environ["STATE_DIRECTORY"], os.environ["BENCH_PASSWORD"] = home, "secret"
        account = {
            "name": "bench", "host": "127.0.0.1", "port": server.imap, "security": "none", "user": user,
            "password_env": "BENCH_PASSWORD", "since": since,
        }  # fmt: skip
        loaded = config.Config.model_validate(
            {"account": [account], "identity": {"name": "Bench", "signature": "Bench"}}
        )
        reader = build.reader(loaded)
        try:
            reader.ready  # noqa: B018 - loading is measured elsewhere
            (watch,) = build.watches(loaded, build.ledger(loaded), reader)
            yield watch
        finally:
            reader.close()


@contextlib.contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """The service at work in a thread, resting in IDLE."""
    stop, pulse = Stop(), Pulse()
    thread = threading.Thread(target=watch.run, args=(stop, pulse), daemon=True)
    thread.start()
    while pulse.state != "watching":
        time.sleep(0.01)
    time.sleep(0.5)  # until IDLE is really entered
    try:
        yield
    finally:
        stop.set()
        thread.join(5)


def spent(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    began = time.process_time()
    work()
    return time.process_time() - began


def about(reader: ReaderProcess, what: str) -> str:
    """What the kernel tells of the reader's process: a file of /proc."""
    child = reader._child  # noqa: SLF001 - the process is what is measured
    assert child is not None
    return Path(f"/proc/{child.pid}/{what}").read_text()


def resident(reader: ReaderProcess) -> int:
    """What the reader's process holds in memory, in bytes."""
    return int(about(reader, "statm").split()[1]) * resource.getpagesize()


def told(name: str, ratios: list[float]) -> None:
    """One line: median of the pairwise ratios, and their spread."""
    low, high = min(ratios), max(ratios)
    if name[:1] == "G":  # a goal: benchmarks/picture.py draws it
        RESULTS.parent.mkdir(exist_ok=True)
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name, "median": statistics.median(ratios), "low": low, "high": high}) + "\n")
    print(f"{name}: median ratio {statistics.median(ratios):.2f} (min {low:.2f}, max {high:.2f}, {len(ratios)} pairs)")
