"""Where a mail of an archive lies, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from inboxbot.records import Reading


@dataclass(frozen=True, slots=True)
class Place:
    """A mail's place: a file, or a stretch of an mbox.

    `id` tells the mail from every other one and stays the same when a flag is set, when its Maildir file is renamed for
    that, or when mails before it are taken out of the mbox. `path` is as the user wrote it, `file` the same from the root:
    a worker may stand elsewhere. `offset` and `size` are in bytes; `number` counts from 1; `identity` is what the mail at
    that offset is known by.
    """

    id: str
    path: str
    file: str
    size: int
    offset: int | None = None
    number: int | None = None
    identity: str = ""

    def __str__(self) -> str:
        return self.path if self.number is None else f"{self.path}, mail {self.number}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail: its reading, or the `error` that reading it met, or why it was `missed`.

    An error is the mail's own and final; what was missed (moved, not readable now) was not read, and is another run's.
    """

    place: Place
    reading: Reading | None = None
    error: str | None = None
    missed: str | None = None
