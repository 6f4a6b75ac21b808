"""How much computing a text mail takes in the reader, usually and at most, and how much it grows over a thousand of them."""

from __future__ import annotations

import statistics

import mailroom

from inboxbot.reader.limits import MIB
from inboxbot.reader.process import Furniture, ReaderProcess
from inboxbot.records import Brief

MAILS, LARGEST = 1000, 100_000  # bytes: beyond that a mail brings more than text


def main() -> None:
    mails = [raw for raw in mailroom.backlog(2 * MAILS) if len(raw) <= LARGEST and b"application/" not in raw][:MAILS]
    reader = ReaderProcess(Furniture(ocr=False))
    try:
        reader.read(mails[0], Brief())
        first = mailroom.resident(reader)
        times = sorted(taken(reader, raw) for raw in mails)
        grown = mailroom.resident(reader) - first
    finally:
        reader.close()
    p50, p99 = statistics.median(times), times[len(times) * 99 // 100]
    print(
        f"{len(times)} text mails, processor time: median {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms, longest {times[-1] * 1e3:.0f} ms"
    )
    print(f"the reader grew by {grown / MIB:.0f} MB")


def taken(reader: ReaderProcess, raw: bytes) -> float:
    """Seconds of processor time: a busy machine does not count."""
    began = busy(reader)
    reader.read(raw, Brief())
    return busy(reader) - began


def busy(reader: ReaderProcess) -> float:
    """Seconds for which the reader's process has been computing."""
    return int(mailroom.about(reader, "schedstat").split()[0]) / 1e9


if __name__ == "__main__":
    main()
