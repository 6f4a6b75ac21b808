"""How mail is looked at, the same in every adapter: from when, in which batches, and how much of a very large one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from inboxbot.records import Arrival

BATCH_MAILS, BATCH_BYTES = 200, 8 << 20
LARGE, LARGE_CUT = 25 << 20, 2_000_000  # of a mail beyond the first, so much is read (reliability study §3.4)
HEAD_BYTES = 16_384  # a Subject may be a megabyte of malice


def arrived_since(moment: datetime | None, since: date) -> bool:
    """Whether a mail arrived on that day or later, by the server's own day or by UTC; since a moment, to the second.

    What has no date counts as new: rather one mail more is looked at than one missed.
    """
    if moment is None:
        return True
    if isinstance(since, datetime):
        return moment >= since.replace(microsecond=0)  # INTERNALDATE has whole seconds
    return max(moment.date(), moment.astimezone(UTC).date()) >= since


def batches(arrivals: Sequence[Arrival]) -> Iterator[list[Arrival]]:
    """The arrivals in order, parted by folder, by 200 mails and by 8 MB; a large one alone."""
    batch: list[Arrival] = []
    held = 0
    for arrival in arrivals:
        beside = batch and (batch[0].folder, batch[0].uidvalidity) != (arrival.folder, arrival.uidvalidity)
        full = batch and (len(batch) == BATCH_MAILS or held + arrival.size > BATCH_BYTES)
        if beside or full:
            yield batch
            batch, held = [], 0
        batch.append(arrival)
        held += arrival.size
    if batch:
        yield batch
