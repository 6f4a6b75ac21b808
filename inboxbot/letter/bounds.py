"""What a mail may ask of the parsers: cut down before any of them sees it, and every cut told.

A size limit is no protection: 16 KB of header can cost 7 s and 0.5 MB of parameters half a minute (reliability study
§3.3). The walk below is linear: it looks at boundary lines alone, rewrites oversized header blocks and leaves the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inboxbot.letter.header import MAX_STRUCTURED, split_head
from inboxbot.letter.octets import octets

MAX_HEAD = 256 << 10
MAX_FIELD = 16 << 10
MAX_FIELDS = 1000
MAX_PART_HEAD = 32 << 10
MAX_PARTS = 200
MAX_DEPTH = 30
MAX_PARAMETERS = 100
MAX_RAW = 40 << 20

_STRUCTURED = frozenset(
    b"from to cc bcc reply-to sender date message-id in-reply-to references return-path content-type content-disposition "
    b"content-transfer-encoding content-id resent-from resent-to".split()
)
_FIELD = octets(rb"(?m)^[^\n]*\n?(?:[ \t][^\n]*\n?)*")
_DELIMITER = octets(rb"(?m)^--[^\r\n]{1,210}")
_TYPE = octets(rb"(?im)^content-type[ \t]*:\s*(multipart|message)/")
_BOUNDARY = octets(rb'(?i)boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s";]{1,200}))')
_TYPE_FIELD = octets(rb"(?im)^content-type[ \t]*:(?:[^\n]|\n[ \t])*\n?")
_LEAF = b"Content-Type: application/x-not-opened\r\n"


def bounded(raw: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The mail within all limits, and what was cut to get there."""
    walk = _Walk(raw[:MAX_RAW])
    if len(raw) > MAX_RAW:
        walk.tell("the mail is larger than 40 MB: its end was not read")
    return walk.run(), tuple(walk.cuts)


@dataclass
class _Walk:
    raw: bytes
    cuts: dict[str, None] = field(default_factory=dict)  # in order, each once
    pieces: list[bytes] = field(default_factory=list)
    open: list[tuple[bytes, int]] = field(default_factory=list)  # boundaries around us, with their depth
    parts: int = 0

    def run(self) -> bytes:
        head, body = split_head(self.raw)
        if b"\n" not in head and b"\r" in head:
            head, body = head.replace(b"\r", b"\n"), body.replace(b"\r", b"\n")
        end = len(self.raw)
        if not head:
            return self.raw
        self.raw = head + b"\n" + body
        position = self._enter(0, MAX_HEAD, 0)
        end = len(self.raw)
        for match in _DELIMITER.finditer(self.raw, position) if self.open else ():
            if match.start() < position:
                continue
            line = match.group().rstrip()[2:]
            if not self._close_to(line):
                continue
            self.parts += 1
            if self.parts > MAX_PARTS:
                self.tell(f"the mail has more than {MAX_PARTS} parts: the rest was not read")
                end = match.start()
                break
            start = self.raw.find(b"\n", match.end()) + 1
            if not start:
                break
            self.pieces.append(self.raw[position:start])
            position = self._enter(start, MAX_PART_HEAD, self.open[-1][1])
        self.pieces.append(self.raw[position:end])
        return b"".join(self.pieces)

    def _close_to(self, line: bytes) -> bool:
        """Whether the line opens another part of a multipart around us; ends the inner ones it stands outside of."""
        for place in range(len(self.open) - 1, -1, -1):
            boundary = self.open[place][0]
            if line == boundary:
                del self.open[place + 1 :]
                return True
            if line == boundary + b"--":
                del self.open[place:]
                return False
        return False

    def _enter(self, start: int, limit: int, depth: int) -> int:
        """Take in the header block at `start`, cut to size, and those of messages right inside it; where the body begins."""
        while True:
            stop = _blank_line(self.raw, start)
            block = self._trim(self.raw[start:stop], limit)
            container = _TYPE.search(block)
            if container and depth >= MAX_DEPTH:
                self.tell(f"parts nested deeper than {MAX_DEPTH} were not opened")
                block = bytes(_TYPE_FIELD.sub(_LEAF, block))
                container = None
            body = min(_line_end(self.raw, stop), len(self.raw))
            self.pieces += (block, self.raw[stop:body])
            if not container:
                return body
            depth += 1
            if container.group(1).lower() == b"multipart":
                if found := _BOUNDARY.search(block):
                    self.open.append(((found.group(1) or found.group(2)).rstrip(), depth))
                return body
            start, limit = body, MAX_PART_HEAD

    def _trim(self, block: bytes, limit: int) -> bytes:
        if len(block) <= MAX_STRUCTURED and block.count(b"\n") <= MAX_FIELDS and block.count(b";") <= MAX_PARAMETERS:
            return block
        kept: list[bytes] = []
        size = 0
        for match in _FIELD.finditer(block):
            item = self._trim_field(match.group())
            size += len(item)
            if len(kept) >= MAX_FIELDS or size > limit:
                self.tell("the header is too long: only its beginning was read")
                break
            kept.append(item)
        return b"".join(kept)

    def _trim_field(self, item: bytes) -> bytes:
        name = item[:40].partition(b":")[0].strip().lower()
        limit = MAX_STRUCTURED if name in _STRUCTURED else MAX_FIELD
        if len(item) > limit:
            self.tell(f"the header field {name.decode('ascii', 'replace')[:30]!r} is too long and was cut")
            item = item[:limit].rstrip() + b"\n"
        if name.startswith(b"content-") and item.count(b";") > MAX_PARAMETERS:
            self.tell(f"the header field {name.decode('ascii', 'replace')[:30]!r} has too many parameters")
            item = b";".join(item.split(b";")[:MAX_PARAMETERS]).rstrip() + b"\n"
        return item

    def tell(self, cut: str) -> None:
        self.cuts[cut] = None


def _blank_line(raw: bytes, start: int) -> int:
    """Where the empty line after a header block begins; the block itself may be empty."""
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return start
    ends = [at + 1 for mark in (b"\n\n", b"\n\r\n") if (at := raw.find(mark, start)) >= 0]
    return min(ends) if ends else len(raw)


def _line_end(raw: bytes, start: int) -> int:
    at = raw.find(b"\n", start)
    return at + 1 if at >= 0 else len(raw)
