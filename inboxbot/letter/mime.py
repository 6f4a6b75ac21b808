"""The parts of a mail, by the first parser that can read it: mail-parser, the standard parser, then plain bytes.

mail-parser raises outside its own exception type on about one hostile mail in eighty (reliability study §3.3), so any
exception means "the next one". It is given no trace headers: its Received patterns are polynomial (CVE-2026-129295).
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import email
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.errors import InvalidBase64LengthDefect
from email.message import Message
from functools import cache
from typing import Any

import re2

from inboxbot.letter.bounds import MAX_FIELD, bounded
from inboxbot.letter.charset import decode
from inboxbot.letter.header import split_head, words
from inboxbot.letter.octets import octets
from inboxbot.letter.text import one_line
from inboxbot.records import Address

RAW_TEXT = 64 << 10
_KEPT = octets(
    rb"(?im)^(?:from|to|cc|reply-to|subject|date|message-id|mime-version|content-[a-z-]+)[ \t]*:(?:[^\n]|\n[ \t])*(?:\n|\z)"
)
_USED_BOUNDARY = octets(rb'(?im)^--([^\r\n"]{1,200}?)[ \t]*\r?\ncontent-[a-z-]+[ \t]*:')
_BASE64 = octets(rb"^(?:[A-Za-z0-9+/]{4})+")
_MAX_HEALED = 3
_TOKEN = re2.compile(r"^[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,90}$")
_SKIPPED = ("DateHeaderDefect", "AddressHeaderDefect", "CharsetDecodeDefect")  # told in our own words elsewhere


@dataclass(frozen=True, slots=True)
class Part:
    """One node of a mail: a leaf with its bytes, a container with its parts, or a message with its raw bytes."""

    media_type: str
    payload: bytes = b""
    charset: str | None = None
    name: str = ""
    disposition: str = ""
    content_id: str = ""
    flowed: bool = False
    del_sp: bool = False
    parts: tuple[Part, ...] = ()

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Opened:
    """A mail taken apart: its root, a second opinion on its senders, and what was odd."""

    root: Part
    senders: tuple[Address, ...] = ()
    defects: tuple[str, ...] = ()


def open_mail(raw: bytes) -> Opened:
    """The parts of a mail that is within `bounds`; never raises anything but MemoryError."""
    said: list[str] = []
    head, body = split_head(raw)
    lean = b"".join(_KEPT.findall(head)).rstrip(b"\r\n") + b"\n\n" + body
    try:
        return _by_mail_parser(lean)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - see above: any type, and each means the same
        said.append(f"the mail is malformed ({type(error).__name__}): read by the standard parser")
    try:
        return Opened(_part(email.message_from_bytes(lean)), (), tuple(said))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001
        said.append(f"the mail is malformed ({type(error).__name__}): read as plain text, its first 64 KB")
    return Opened(Part("text/plain", body[:RAW_TEXT]), (), tuple(said))


def _by_mail_parser(raw: bytes) -> Opened:
    mail = _mail_parser()(raw)
    root = _part(mail.message)
    senders = tuple(Address(words(name, 200), one_line(addr, 320)) for name, addr in mail.from_[:10])
    defects = sorted(d for d in mail.defects_categories if d not in _SKIPPED)
    return Opened(root, senders, tuple(f"the mail's structure is odd: {_in_words(defect)}" for defect in defects))


@cache
def _mail_parser() -> Any:
    import mailparser  # noqa: PLC0415 - 60 ms that a process which reads no letter need not pay

    logging.getLogger("mailparser").setLevel(logging.CRITICAL)  # it quotes the sender's words in warnings
    return mailparser.parse_from_bytes


def _in_words(defect: str) -> str:
    """`CloseBoundaryNotFoundDefect` as "close boundary not found"."""
    spaced = "".join(f" {c.lower()}" if c.isupper() else c for c in defect.removesuffix("Defect"))
    return spaced.strip()


def _part(message: Message, level: int = 0) -> Part:
    """The node with its parts. Recursion is bounded: `bounds` has cut the nesting."""
    media_type = _media_type(message)
    part = Part(
        media_type,
        name=_file_name(message),
        disposition=_first_token(message.get("Content-Disposition")),
        content_id=_octets(str(message.get("Content-ID") or "")).strip(" <>\r\n")[:200],
    )
    payload = message.get_payload()
    if isinstance(payload, str) and media_type.startswith("multipart/"):
        return _healed(part, _bytes_of(message), level)
    if not isinstance(payload, list):
        return replace(
            part,
            payload=_bytes_of(message),
            charset=_parameter(message, "charset") or None,
            flowed=_parameter(message, "format").lower() == "flowed",
            del_sp=_parameter(message, "delsp").lower() == "yes",
        )
    inner = [each for each in payload if isinstance(each, Message)]
    if media_type in ("message/rfc822", "message/global"):
        return replace(part, payload=_raw_of(message, inner))
    if media_type.startswith("message/"):  # delivery-status: blocks of fields
        return replace(part, payload=b"\n".join(each.as_bytes() for each in inner)[:RAW_TEXT])
    kind = media_type if media_type.startswith("multipart/") else "multipart/mixed"
    return replace(part, media_type=kind, parts=tuple(_part(each, level) for each in inner))


def _healed(part: Part, body: bytes, level: int) -> Part:
    """A multipart whose boundary is missing or wrong, read by the boundary that its parts stand between, else as text."""
    used = _USED_BOUNDARY.search(body)
    if used is None or level >= _MAX_HEALED:
        return replace(part, media_type="text/plain", payload=body)
    whole, _ = bounded(b'Content-Type: multipart/mixed; boundary="' + used.group(1) + b'"\n\n' + body)
    message = email.message_from_bytes(whole)
    if not message.is_multipart():
        return replace(part, media_type="text/plain", payload=body)
    return _part(message, level + 1)


def _raw_of(message: Message, inner: list[Message]) -> bytes:
    """The bytes of the message in a message/rfc822 part; some senders encode it, which RFC 2046 §5.2.1 forbids."""
    raw = b"".join(each.as_bytes() for each in inner[:1])
    if _first_token(message.get("Content-Transfer-Encoding")) == "base64" and inner and not inner[0].keys():
        with contextlib.suppress(binascii.Error, ValueError):
            return base64.b64decode(raw)
    return raw


def _bytes_of(message: Message) -> bytes:
    payload = message.get_payload(decode=True)
    if isinstance(payload, bytes):
        cut = any(isinstance(defect, InvalidBase64LengthDefect) for defect in message.defects)
        return _as_far_as_it_goes(payload) if cut else payload
    text = message.get_payload()
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else b""


def _as_far_as_it_goes(payload: bytes) -> bytes:
    """Base64 whose last group is cut, decoded up to there; the standard library gives it back as it came."""
    groups = _BASE64.match(b"".join(payload.split()))
    return base64.b64decode(groups.group()) if groups else payload


def _media_type(message: Message) -> str:
    declared = str(message.get("Content-Type") or "").partition(";")[0].strip().lower()
    return declared if declared.isascii() and _TOKEN.match(declared) else message.get_content_type()


def _first_token(value: Any) -> str:
    return str(value or "").partition(";")[0].strip().lower()[:30]


def _parameter(message: Message, name: str) -> str:
    try:
        value = message.get_param(name)
    except (ValueError, TypeError, LookupError, IndexError):  # RFC 2231 sections numbered with 5,000 digits
        return ""
    if isinstance(value, tuple):  # RFC 2231: charset, language, value
        value = value[2]
    return str(value or "").strip()[:200]


def _file_name(message: Message) -> str:
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        try:
            value = _readable(message, header).get_param(parameter, header=header)
        except (ValueError, TypeError, LookupError, IndexError):
            continue
        if isinstance(value, tuple):
            charset, _, text = value
            value = decode(str(text).encode("latin-1", "replace"), charset or "utf-8")[0]
        if value:
            return words(str(value), MAX_FIELD)
    return ""


def _readable(message: Message, header: str) -> Message:
    """The field alone, its 8-bit bytes read as what they are; compat32 gives them out as question marks."""
    raw = next((value for name, value in message.raw_items() if name.lower() == header), "")
    alone = Message()
    alone[header] = _octets(str(raw))
    return alone


def _octets(text: str) -> str:
    """A header value whose 8-bit bytes compat32 hid as surrogates, read as what they are."""
    return text if text.isascii() else decode(text.encode("utf-8", "surrogateescape"))[0]
