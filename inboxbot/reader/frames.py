"""Length-prefixed frames on a pipe: four bytes, big-endian, then so many bytes of data."""

from __future__ import annotations

import os
import select
import struct
import time
from typing import BinaryIO

LARGEST = 64 << 20  # a letter is at most 25 MB, its reading far less


def write_frame(pipe: BinaryIO, data: bytes) -> None:
    """Write one frame whole."""
    pipe.write(struct.pack(">I", len(data)))
    pipe.write(data)
    pipe.flush()


def read_frame(pipe: BinaryIO) -> bytes | None:
    """The next frame; None when the other side is gone."""
    head = pipe.read(4)
    if len(head) < 4:
        return None
    (size,) = struct.unpack(">I", head)
    if size > LARGEST:
        return None
    data = pipe.read(size)
    return data if len(data) == size else None


def read_frame_until(fd: int, deadline: float) -> bytes | None:
    """As `read_frame` on a file descriptor; TimeoutError when `deadline` (time.monotonic) passes first."""
    head = _read_exactly(fd, 4, deadline)
    if head is None:
        return None
    (size,) = struct.unpack(">I", head)
    return None if size > LARGEST else _read_exactly(fd, size, deadline)


def _read_exactly(fd: int, size: int, deadline: float) -> bytes | None:
    chunks, missing = [], size
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    while missing:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise TimeoutError
        chunk = os.read(fd, min(missing, 1 << 16))
        if not chunk:
            return None
        chunks.append(chunk)
        missing -= len(chunk)
    return b"".join(chunks)
