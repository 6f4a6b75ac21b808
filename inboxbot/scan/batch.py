"""A batch of mails, read one after another: what every worker does, wherever it is."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from inboxbot.errors import LetterError
from inboxbot.mailbox.look import LARGE, LARGE_CUT
from inboxbot.mailbox.maildir import unique_name
from inboxbot.reader.process import Furniture, ReaderProcess
from inboxbot.records import Brief
from inboxbot.scan import mbox
from inboxbot.scan.look import why
from inboxbot.scan.place import Outcome, Place

MAILS, BYTES = 32, 8 << 20  # some tenths of a second of work: what is lost with a worker is little

_own = threading.local()  # each thread of a worker has a reader of its own, for the worker's life


def batches(places: Iterable[Place]) -> Iterator[tuple[Place, ...]]:
    """The places in order, parted by 32 mails and by 8 MB."""
    batch: list[Place] = []
    held = 0
    for place in places:
        if batch and (len(batch) == MAILS or held + place.size > BYTES):
            yield tuple(batch)
            batch, held = [], 0
        batch.append(place)
        held += place.size
    if batch:
        yield tuple(batch)


def read_batch(places: Sequence[Place], furniture: Furniture, brief: Brief) -> list[Outcome]:
    """Read the mails that lie there, each in its turn; one at a time is in memory."""
    reader = _reader(furniture)
    return [_read(place, reader, brief) for place in places]


def _reader(furniture: Furniture) -> ReaderProcess:
    reader: ReaderProcess | None = getattr(_own, "reader", None)
    if reader is None or _own.furniture != furniture:
        if reader is not None:
            reader.close()
        _own.reader = reader = ReaderProcess(furniture)
        _own.furniture = furniture
    return reader


def _read(place: Place, reader: ReaderProcess, brief: Brief) -> Outcome:
    try:
        raw = _mail(place)
    except OSError as error:
        return Outcome(place, missed=why(error))
    if raw is None:
        return Outcome(place, missed="is not there any more: the mbox has changed")
    try:
        reading = reader.read(raw, brief)
    except LetterError as error:
        return Outcome(place, error=str(error))
    if place.size > LARGE:
        cut = f"only the first {LARGE_CUT / 1e6:.0f} MB of {place.size / 1e6:.0f} MB were read"
        reading = replace(reading, defects=(*reading.defects, cut))
    return Outcome(place, reading)


def _mail(place: Place) -> bytes | None:
    if place.offset is not None:
        raw, identity = mbox.read_mail(Path(place.file), place.offset, place.size)
        return raw if identity == place.identity else None
    try:
        return _file(Path(place.file))
    except FileNotFoundError:
        renamed = _renamed(Path(place.file))
        if renamed is None:
            raise
        return _file(renamed)


def _file(path: Path) -> bytes:
    with path.open("rb") as mail:
        whole = mail.seek(0, 2) <= LARGE
        mail.seek(0)
        return mail.read(-1 if whole else LARGE_CUT)


def _renamed(path: Path) -> Path | None:
    """A Maildir's file under the name that it has by now."""
    folder, unique = path.parent.parent, unique_name(path.name)
    if path.parent.name not in ("cur", "new"):
        return None
    there = (each for part in ("cur", "new") for each in (folder / part).iterdir())
    return next((each for each in there if unique_name(each.name) == unique), None)
