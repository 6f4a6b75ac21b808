"""FETCH responses as imaplib hands them over, read: the common shape at once, anything else by imapclient's parser.

imapclient's parser alone costs 126 µs a mail where the answer itself costs 10 (performance study §2d).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from imapclient.response_parser import parse_fetch_response

_UID = re.compile(rb"\bUID (\d{1,18})\b")  # beyond that the store cannot keep it, and no server means it
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,18})\b")
_FLAGS = re.compile(rb"\bFLAGS \(([^()]*)\)")
_DATE = re.compile(rb'\bINTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"')
_MODSEQ = re.compile(rb"\bMODSEQ \((\d{1,19})\)")
_LITERAL = re.compile(rb"\bBODY\[[^\]]*\](?:<\d+>)? \{\d+\}$")
_NOTHING = re.compile(rb'\bBODY\[[^\]]*\](?:<\d+>)? (?:NIL|"")')
_MONTHS = {m: n for n, m in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a FETCH told of one mail; `body` is the one section asked for, None when it is gone."""

    uid: int
    size: int | None = None
    flags: frozenset[str] = frozenset()
    arrived_at: datetime | None = None
    body: bytes | None = None
    modseq: int | None = None  # RFC 7162


def read(answer: Sequence[bytes | tuple[bytes, bytes] | None]) -> dict[int, Fetched]:
    """UID → what was told of it, over all of an answer; flag changes pushed without a UID tell of nobody."""
    found: dict[int, Fetched] = {}
    for mail in _mails(answer):
        told = _read_one(mail)
        if told is None:
            continue
        before = found.get(told.uid)
        found[told.uid] = told if before is None else _joined(before, told)
    return found


def spans(uids: Iterable[int]) -> str:
    """UIDs in ascending order as a sequence set: 5,6,7,9 → 5:7,9."""
    parts: list[list[int]] = []
    for uid in uids:
        if parts and parts[-1][1] == uid - 1:
            parts[-1][1] = uid
        else:
            parts.append([uid, uid])
    return ",".join(str(a) if a == b else f"{a}:{b}" for a, b in parts)


def _mails(answer: Sequence[bytes | tuple[bytes, bytes] | None]) -> Iterator[list[bytes | tuple[bytes, bytes]]]:
    """imaplib gives (text before a literal, literal) pairs and the text after the last one; this parts them by mail."""
    mail: list[bytes | tuple[bytes, bytes]] = []
    for piece in answer:
        if piece is None:
            continue
        mail.append(piece)
        if isinstance(piece, bytes):
            yield mail
            mail = []


def _read_one(mail: list[bytes | tuple[bytes, bytes]]) -> Fetched | None:
    pairs = [piece for piece in mail if isinstance(piece, tuple)]
    text = b" ".join(piece[0] if isinstance(piece, tuple) else piece for piece in mail)
    nothing = _NOTHING.search(text)
    if (
        len(pairs) > 1
        or (pairs and not _LITERAL.search(pairs[0][0]))
        or (not pairs and b"BODY[" in text and not nothing)
    ):
        return _by_parser(mail, text)  # rarities: a body as a quoted string, more than was asked for
    uid, size, flags = _UID.search(text), _SIZE.search(text), _FLAGS.search(text)
    if uid is None:
        return None
    empty = nothing is not None and nothing[0].endswith(b'"')
    return Fetched(
        uid=int(uid[1]),
        size=_int(size),
        flags=_flags(flags[1].split()) if flags else frozenset(),
        arrived_at=_moment(_DATE.search(text)),
        body=pairs[0][1] if pairs else (b"" if empty else None),
        modseq=_int(_MODSEQ.search(text)),
    )


def _int(found: re.Match[bytes] | None) -> int | None:
    return int(found[1]) if found else None


def _flags(words: Iterable[bytes]) -> frozenset[str]:
    texts = (word.decode("ascii", "replace") for word in words)
    return frozenset(text.title() if text.startswith("\\") else text for text in texts)  # \ANSWERED is \Answered


def _by_parser(mail: list[bytes | tuple[bytes, bytes]], text: bytes) -> Fetched | None:
    if _UID.search(text) is None:
        return None  # it would take the sequence number for the UID
    for uid, items in parse_fetch_response(mail, False).items():
        bodies = [value for key, value in items.items() if key.startswith(b"BODY[")]
        date = items.get(b"INTERNALDATE")
        return Fetched(
            uid=uid,
            size=_int(_SIZE.search(text)),
            flags=_flags(items.get(b"FLAGS", ())),
            arrived_at=date if isinstance(date, datetime) and date.tzinfo else None,
            body=bodies[0] if bodies else None,
        )
    return None


def _joined(a: Fetched, b: Fetched) -> Fetched:
    return replace(
        a,
        size=b.size if a.size is None else a.size,
        flags=b.flags or a.flags,
        arrived_at=a.arrived_at or b.arrived_at,
        body=b.body if a.body is None else a.body,
        modseq=b.modseq or a.modseq,
    )


def _moment(found: re.Match[bytes] | None) -> datetime | None:
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = found.groups()
    offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes)) * (-1 if sign == b"-" else 1)
    try:
        zone = timezone(offset) if offset else UTC
        return datetime(int(year), _MONTHS[month.title()], int(day), int(hour), int(minute), int(second), tzinfo=zone)
    except (ValueError, KeyError):
        return None
