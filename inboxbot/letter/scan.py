"""Photographed and scanned letters: images read by OCR where it is installed, told as unread where it is not."""

from __future__ import annotations

import struct
from typing import Protocol

from inboxbot.errors import LetterError
from inboxbot.letter.pdf import MAX_TEXT, Words
from inboxbot.letter.text import tidy

MAX_BYTES = 20 << 20
MAX_PIXELS = 40_000_000
_SMALLEST_PAGE = 500  # pixels of the shorter side: below, letters of a page are illegible, and logos begin


class Ocr(Protocol):
    """What `ports.Ocr` promises; named here because this room lies below the ports."""

    def __call__(self, image: bytes) -> str:
        """The text of one page image, or LetterError."""
        ...


def read_image(data: bytes, ocr: Ocr | None) -> Words:
    """The words on a picture; a logo or icon has none, and is not reported as unread."""
    size = dimensions(data)
    if size is None:
        return Words(unread="the picture is damaged or of a format that is not read")
    if min(size) < _SMALLEST_PAGE or max(size) > 8 * min(size):
        return Words()
    if size[0] * size[1] > MAX_PIXELS or len(data) > MAX_BYTES:
        return Words(unread="the picture is larger than 40 megapixels or 20 MB")
    if ocr is None:
        return Words(unread="the picture may hold text, but OCR is not installed")
    try:
        return Words(tidy(ocr(data))[:MAX_TEXT], None, scanned=True)
    except LetterError as error:
        return Words(unread=str(error), scanned=True)


def dimensions(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, JPEG or TIFF from its first bytes, without decoding it."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack(">II", data[16:24])
            return width, height
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
        if data[:4] in (b"II*\x00", b"MM\x00*"):
            return _tiff(data)
    except (struct.error, IndexError):
        pass
    return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """The frame header (SOF) of a JPEG: segments are skipped by their lengths (ITU T.81 §B.2)."""
    at = 2
    for _ in range(1000):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 1 if marker == 0xFF else 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return None


def _tiff(data: bytes) -> tuple[int, int] | None:
    """ImageWidth and ImageLength of the first page (TIFF 6.0 §2)."""
    order = "<" if data[:2] == b"II" else ">"
    start = struct.unpack(order + "I", data[4:8])[0]
    (count,) = struct.unpack(order + "H", data[start : start + 2])
    found = {}
    for number in range(min(count, 200)):
        entry = data[start + 2 + 12 * number : start + 14 + 12 * number]
        tag, kind = struct.unpack(order + "HH", entry[:4])
        if tag in (256, 257):
            found[tag] = struct.unpack(order + ("H" if kind == 3 else "I"), entry[8 : 10 if kind == 3 else 12])[0]
    return (found[256], found[257]) if len(found) == 2 else None
