"""`python -m tests.letter.survival [FROM TO]`: broken letters by number, each taken through the corridor to its end.

Runs of 500 are kept in build/survival: what is stopped goes on where it was, several processes share the work, and the
figures so far are printed at the end. A change of the training letters begins anew: their mails have other numbers.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from inboxbot.flow import glance, handle, understand
from inboxbot.issuers.room import Room, open_rooms
from inboxbot.ports import Desk
from inboxbot.records import (
    Arrival,
    Brief,
    Clue,
    Entry,
    Glance,
    Identity,
    Letter,
    Reading,
    Receiver,
    Stage,
    Standing,
    Verdict,
)
from tests.doubles.desk import writer
from tests.doubles.memory_ledger import MemoryLedger
from tests.doubles.memory_mailbox import MemoryServer
from tests.letter.mutations import letters, mutated

A_RUN, ALL = 500, 200_000
KEPT = Path(__file__).parents[2] / "build" / "survival"
FINAL = (Stage.SILENT, Stage.SETTLED, Stage.QUARANTINED)
BRIEF = Brief(
    Identity("Claire Durand", "contact@client.example", language="en"),
    Receiver("mx.ours.example", ("relay.example",), dkim_keys={"s._domainkey.x.example": b"v=DKIM1; p=AAAA"}),
)


@cache
def rooms() -> dict[str, Room]:
    return open_rooms()


@cache
def corpus() -> list[tuple[str, bytes]]:
    return letters()


class Told:
    """A judge who is told what each letter was before it was broken, and remembers what it was shown."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.shown: Letter | None = None

    def __call__(self, letter: Letter) -> Verdict:
        self.shown = letter
        return Verdict(self.label, 1.0, {self.label: 1.0}, 0.9, 0.2, "told")

    def clues(self, letter: Letter, label: str, count: int = 12) -> tuple[Clue, ...]:
        return ()


class InPlace:
    """A reader without a process: what it raises is seen."""

    def __init__(self, judge: Told) -> None:
        self.judge = judge
        self.last: Reading | None = None

    def read(self, raw: bytes, brief: Brief) -> Reading:
        self.last = understand(raw, brief, self.judge, rooms())
        return self.last

    def glance(self, raws: Sequence[bytes], brief: Brief) -> Glance:
        return glance(raws, brief, self.judge, rooms())


def taken_through(label: str, raw: bytes) -> tuple[Entry, Reading, Letter]:
    """Where the letter ends, what was understood of it, and what of it was shown to the judge."""
    server = MemoryServer()
    mailbox, ledger, judge = server.open(), MemoryLedger(), Told(label)
    reader = InPlace(judge)
    desk = Desk(reader, BRIEF, writer("Drafts", None), lambda: datetime.now(UTC))
    entry = handle(Arrival("INBOX", 1, 1, len(raw)), raw, mailbox, ledger, desk)
    entry = ledger.letters[entry.key]
    assert reader.last is not None
    assert judge.shown is not None
    return entry, reader.last, judge.shown


def survive(number: int) -> None:
    """Take one broken letter to its end; a failure names its number, by which it can be made again."""
    label, raw = mutated(corpus(), number)
    try:
        entry, reading, letter = taken_through(label, raw)
    except Exception as error:
        raise AssertionError(f"mail {number} ({label}): {type(error).__name__}: {error}") from error
    assert entry.stage in FINAL, f"mail {number} ({label}) is left {entry.stage}"
    # the one forged field inserted names Copytrack
    forged = reading.trust.verdict is Standing.GENUINE and label != "copytrack"
    assert not forged, f"mail {number} ({label}) became genuine"
    unclean = [c for c in letter.body + letter.head.subject if ord(c) < 32 and c != "\n"]
    assert not unclean, f"mail {number} ({label}) shows {unclean}"


# --- by command -------------------------------------------------------------------------------------------------------


def main(first: int, end: int) -> int:
    """Run what is not kept yet and that no other process is at; 1 if any letter failed."""
    room = KEPT / hashlib.sha256(b"".join(raw for _, raw in corpus())).hexdigest()[:12]
    room.mkdir(parents=True, exist_ok=True)
    for start in range(first, end, A_RUN):
        with (room / f"{start:06}.json").open("a+") as kept:
            try:
                fcntl.flock(kept, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if kept.tell() == 0:
                json.dump(run(start, min(start + A_RUN, end)), kept)
    return tell([json.loads(text) for path in sorted(room.iterdir()) if (text := path.read_text())])


def run(start: int, end: int) -> dict[str, object]:
    """One run: how many, the failures, and the longest by processor time."""
    failures, times = [], []
    for number in range(start, end):
        before = time.process_time()
        try:
            survive(number)
        except AssertionError as failure:
            failures.append(str(failure))
        times.append((time.process_time() - before, number))
    return {"mails": end - start, "failures": failures, "times": sorted(times, reverse=True)[:10]}


def tell(runs: list[dict[str, list[object]]]) -> int:
    """The figures of all runs kept."""
    failures = [failure for each in runs for failure in each["failures"]]
    slowest = sorted((tuple(pair) for each in runs for pair in each["times"]), reverse=True)  # type: ignore[arg-type]
    lines = [
        f"{sum(each['mails'] for each in runs)} broken letters, {len(failures)} failures",  # type: ignore[misc]
        "the longest: " + ", ".join(f"{seconds:.2f} s (mail {number})" for seconds, number in slowest[:3]),
    ]
    sys.stdout.writelines(f"{line}\n" for line in (*lines, *failures))
    return 1 if failures else 0


if __name__ == "__main__":
    bounds = [int(word) for word in sys.argv[1:]] or [0, ALL]
    raise SystemExit(main(*bounds))
