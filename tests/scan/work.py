"""What the workers of these tests do instead of reading: each mail's path is noted in a file, and some mails are fatal."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from inboxbot.scan.place import Outcome, Place


def places(count: int) -> list[Place]:
    return [Place(f"m{number}", f"{number}.eml", f"/{number}.eml", 1000) for number in range(count)]


def note(batch: Sequence[Place], fatal: str = "", pause: float = 0.0) -> list[Outcome]:
    """Each mail has its path for an error; at the `fatal` one the worker dies."""
    time.sleep(pause)
    for place in batch:
        if place.path == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
    return [Outcome(place, error=place.path) for place in batch]


def die_once(batch: Sequence[Place], marker: str) -> list[Outcome]:
    """The first worker ever asked dies."""
    try:
        Path(marker).touch(exist_ok=False)
    except FileExistsError:
        return note(batch)
    os.kill(os.getpid(), signal.SIGKILL)
    return []
