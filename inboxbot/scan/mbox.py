"""An mbox as a file of stretches: where each mail lies in it, and one mail as it was before it was put there.

A mail begins at a postmark, "From somebody Mon Jan  1 10:00:00 2024" (RFC 4155), before a header. The blank line that
should stand before it is often missing, and mails quote other mails: so the date and the header decide. The file is
read line by line, a very long line in pieces, so that no mail is in memory as a whole while the file is gone through.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from inboxbot.letter.octets import octets
from inboxbot.mailbox.look import LARGE, LARGE_CUT

PIECE = 1 << 16

_POSTMARK = octets(rb"From .*\d:\d\d.*\d{4}")
_FIELD = octets(rb"[!-9;-~]+[ \t]*:|>From ")
_QUOTED = octets(rb">+From ")  # mboxrd: one ">" more than the mail had
_CHANGING = (b"status:", b"x-status:", b"x-keywords:", b"x-uid:", b"x-mozilla-", b"content-length:", b"lines:")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The bytes of one mail in an mbox, its postmark included; `identity` is a digest of its header."""

    offset: int
    size: int
    identity: str


def is_mbox(path: Path) -> bool:
    """Whether the file begins as an mbox does."""
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\r\n").startswith(b"From ")


def stretches(path: Path) -> Iterator[Stretch]:
    """The mails of an mbox in their order; what stands before the first postmark is a mail too, unless it is blank."""
    with path.open("rb") as file:
        begin = offset = 0
        blank = starts = True
        identity, worth = _Identity(), False
        line = file.readline(PIECE)
        while line:
            following = file.readline(PIECE)
            if starts and _begins_mail(line, following, blank=blank, first=not worth):
                if worth:
                    yield Stretch(begin, offset - begin, identity.digest())
                begin, identity, worth = offset, _Identity(), True
            identity.take(line, starts=starts)
            worth = worth or bool(line.strip(b" \t\r\n\0"))
            offset += len(line)
            blank = starts and not line.strip(b"\r\n")
            starts = line.endswith(b"\n")
            line = following
        if worth:
            yield Stretch(begin, offset - begin, identity.digest())


def read_mail(path: Path, offset: int, size: int) -> tuple[bytes, str]:
    """One mail without postmark, separator and the quoting of its "From " lines, and its identity as it is now.

    A mail beyond 25 MB is cut after 2 MB. There is one copy of it in memory.
    """
    end = size if size <= LARGE else LARGE_CUT
    identity, mail = _Identity(), io.BytesIO()
    with path.open("rb") as file:
        file.seek(offset)
        for line, starts in _pieces(file, end):
            identity.take(line, starts=starts)
            if mail.tell() == 0 and line.startswith(b"From "):
                continue
            mail.write(line[1:] if starts and _QUOTED.match(line) else line)
    _drop_separator(mail)
    return mail.getvalue(), identity.digest()


class _Identity:
    """A digest of a mail's header, without the fields that mail programs change in place."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._in_header, self._passing = True, False

    def take(self, line: bytes, *, starts: bool) -> None:
        """The next line, or a further piece of it."""
        if not self._in_header:
            return
        if starts:
            if not line.strip(b"\r\n"):
                self._in_header = False
                return
            if line[:1] not in b" \t":
                self._passing = line.startswith(b"From ") or line[:16].lower().startswith(_CHANGING)
        if not self._passing:
            self._hash.update(line)

    def digest(self) -> str:
        return self._hash.hexdigest()[:32]


def _begins_mail(line: bytes, following: bytes, *, blank: bool, first: bool) -> bool:
    if not line.startswith(b"From "):
        return False
    if first:
        return True
    if not _POSTMARK.match(line):
        return False
    return bool(_FIELD.match(following)) or (blank and not following.strip(b"\r\n"))


def _pieces(file: BinaryIO, left: int) -> Iterator[tuple[bytes, bool]]:
    """The lines of the next `left` bytes in pieces of bounded length, and whether a line starts with the piece."""
    starts = True
    while left and (line := file.readline(min(PIECE, left))):
        yield line, starts
        left -= len(line)
        starts = line.endswith(b"\n")


def _drop_separator(mail: io.BytesIO) -> None:
    """Take away the one blank line that an mbox puts behind a mail."""
    with mail.getbuffer() as written:
        ending = bytes(written[-4:])
    for separator in (b"\n\r\n", b"\n\n"):
        if ending.endswith(separator):
            mail.truncate(mail.tell() - len(separator) + 1)
            return
