"""One lesson at a time: the night's and the day's, and one by hand, share a lock that the kernel gives back (flock(2))."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

LOCK = "lesson.lock"


@contextlib.contextmanager
def alone(shelf: Path, busy: Callable[[], None]) -> Iterator[None]:
    """Hold the shelf for one lesson; where another is at work, `busy` is called once, and its end is waited for."""
    shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(shelf / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            busy()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
