"""A header block as fields: raw, unfolded and in order; words, addresses, identifiers and dates out of them.

Parsed by hand and by compat32's oldest functions only: policy.default takes minutes on 100 KB of quotes (reliability §3.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import getaddresses, parsedate_to_datetime

import re2

from inboxbot.letter.charset import decode
from inboxbot.letter.octets import octets
from inboxbot.letter.text import one_line
from inboxbot.records import Address

MAX_ADDRESSES = 100
MAX_STRUCTURED = 8 << 10

# On `re`, many times faster from Python than RE2 for many short matches; linear, since nothing in them can match two ways.
_FOLD = re.compile(rb"\r?\n[ \t]*|\r")
_FIELD = re.compile(rb"(?m)^([!-9;-~]{1,100})[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)")
_FIELD_LINE = octets(rb"^(?:[!-9;-~]{1,100}[ \t]*:|From |>From )")
_ID = re2.compile(r"<[^\s<>]{1,250}>")
_ADDR = re2.compile(r"[^\s<>@\"'(),;:]{1,64}@[^\s<>@\"'(),;:]{1,255}")

Field = tuple[str, bytes]


def split_head(raw: bytes) -> tuple[bytes, bytes]:
    """The header block and the body: parted by the first empty line, whatever the line ends.

    Where that line is missing, the body begins with what is no field after the last field, so that no word is lost; a
    mail that begins with text has no header.
    """
    raw = raw.lstrip(b"\r\n")
    if not any(_FIELD_LINE.match(line[:200]) for line in raw[:MAX_STRUCTURED].splitlines()[:20]):
        return b"", raw
    ends = [(at, len(mark)) for mark in (b"\n\n", b"\n\r\n", b"\r\r") if (at := raw.find(mark)) >= 0]
    at, width = min(ends) if ends else (len(raw), 0)
    last = raw.rfind(b"\n", 0, at) + 1
    if at > 0 and not _FIELD_LINE.match(raw[last : last + 200]) and (start := _loose_text(raw, at)) is not None:
        return raw[:start], raw[start:]
    return raw[: at + 1], raw[at + width :]


def _loose_text(raw: bytes, end: int) -> int | None:
    """Where text stands directly below the last field, if it does."""
    start, text = end, None
    for _ in range(2000):
        start = raw.rfind(b"\n", 0, max(start - 1, 0)) + 1
        line = raw[start : start + 200]
        if _FIELD_LINE.match(line) or start == 0:
            return text if start or _FIELD_LINE.match(line) else None
        if not line.startswith((b" ", b"\t", b"\r", b"\n")):
            text = start
    return None


def fields(block: bytes) -> tuple[Field, ...]:
    """(name, raw unfolded value) of every field, in order; what is no field is passed over."""
    if b"\r" in block and b"\n" not in block:
        block = block.replace(b"\r", b"\n")
    found = _FIELD.findall(block)
    return tuple((name.decode("ascii"), unfold(value)) for name, value in found)


def unfold(value: bytes) -> bytes:
    """A field's value on one line (RFC 5322 §2.2.3)."""
    return bytes(_FOLD.sub(b" ", value)).strip()


def values(heads: Iterable[Field], name: str) -> list[bytes]:
    """All values of the field, first to last."""
    name = name.lower()
    return [value for key, value in heads if key.lower() == name]


def first(heads: Iterable[Field], name: str) -> bytes:
    """The first value of the field, or nothing."""
    return next(iter(values(heads, name)), b"")


def plain(value: bytes) -> str:
    """The raw value as text, encoded words left as they are."""
    return one_line(decode(value)[0], 16 << 10)


def words(value: bytes | str, limit: int = 1000) -> str:
    """The value with its encoded words decoded (RFC 2047), on one line and without control characters."""
    text = value if isinstance(value, str) else decode(value)[0]
    if "=?" not in text:
        return one_line(text, limit)
    try:
        pieces = decode_header(text.replace("\n", " "))
    except (HeaderParseError, ValueError, LookupError):  # broken base64 in a word
        return one_line(text, limit)
    return one_line("".join(_piece(piece, charset) for piece, charset in pieces), limit)


def _piece(piece: str | bytes, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    if charset is None:  # decode_header gives plain stretches as raw-unicode-escape bytes
        return piece.decode("raw-unicode-escape", "replace") if b"\\" not in piece else piece.decode("latin-1")
    return decode(piece, charset.partition("*")[0])[0]  # RFC 2231 §5: a language may follow a star


def addresses(raw_values: Iterable[bytes]) -> tuple[Address, ...]:
    """The mailboxes of the values, at most 100, in order."""
    found: list[Address] = []
    for value in raw_values:
        text = decode(value[:MAX_STRUCTURED])[0].replace("\r", " ").replace("\n", " ")
        try:
            pairs = getaddresses([text])
        except (RecursionError, ValueError, IndexError, TypeError, AttributeError):  # nested comments and the like
            pairs = []
        pairs = [pair for pair in pairs if "@" in pair[1]] or [("", addr) for addr in _ADDR.findall(text)]
        found += (Address(words(name, 200), one_line(addr, 320).replace(" ", "")) for name, addr in pairs if addr)
        if len(found) >= MAX_ADDRESSES:
            break
    return tuple(found[:MAX_ADDRESSES])


def message_ids(value: bytes | str) -> tuple[str, ...]:
    """The identifiers of a Message-ID, In-Reply-To or References value, in order."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return tuple(_ID.findall(text))[:MAX_ADDRESSES]


def moment(value: bytes) -> datetime | None:
    """An RFC 5322 date as an aware moment, or None where it is none."""
    try:
        when = parsedate_to_datetime(plain(value)[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)  # "-0000": UTC, of an unknown place (RFC 5322 §3.3)
    return when if 1980 <= when.year <= 2200 else None
