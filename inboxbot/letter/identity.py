"""Who a letter is: a key that outlives folders, servers, aliases and relays; and the Message-IDs of what is filed for it.

Everything here works on raw bytes, in one pass and without a MIME parser, so that no malformed mail can be without a key.
"""

from __future__ import annotations

import hashlib

from inboxbot.letter.header import fields, first, message_ids, split_head
from inboxbot.letter.octets import octets

__all__ = ["envelope_digest", "envelope_of", "filing_message_id", "is_filing", "letter_key", "message_ids"]

_ID = octets(rb"<[^\s<>]{1,250}>")
_FILING = octets(rb"<[0-9a-f]{40}@localhost\.invalid>")
_HEAD_LIMIT = 256 << 10
_SEPARATOR = b"\x00"


def letter_key(account: str, raw: bytes) -> str:
    """The key of a mail in one account: hexadecimal SHA-256.

    Copies that came by an alias differ in trace headers only and share a key; the same Message-ID over another body, or
    in another account, is another letter. Line ends and trailing blank lines do not count: servers change them.
    """
    head, body = split_head(raw)
    heads = fields(head[:_HEAD_LIMIT])
    message_id = _ID.search(first(heads, "message-id"))
    content = _digest(first(heads, "from"), first(heads, "subject"), first(heads, "date"), _canonical(body))
    return _digest(
        account.strip().lower().encode("utf-8", "replace"), message_id.group() if message_id else b"", content
    ).hex()


def envelope_digest(message_id: bytes, sender: bytes, subject: bytes, date: bytes) -> str:
    """Tells a mail already known from a new one by four raw, unfolded header values."""
    return _digest(message_id, sender, subject, date).hex()


def envelope_of(header_block: bytes) -> str:
    """The envelope digest of a header block, whole or as FETCHed by BODY.PEEK[HEADER.FIELDS (...)]."""
    heads = fields(split_head(header_block)[0][:_HEAD_LIMIT])
    return envelope_digest(*(first(heads, name) for name in ("message-id", "from", "subject", "date")))


def filing_message_id(letter_key: str, kind: str) -> str:
    """The Message-ID of what is filed for a letter: from its key alone, so that every run recognises it.

    It says nothing of who wrote it: a draft may be sent on as it is.
    """
    token = hashlib.sha256(f"{letter_key}|{kind}".encode()).hexdigest()[:40]
    return f"<{token}@localhost.invalid>"


def is_filing(raw: bytes) -> bool:
    """Whether the bot itself wrote this mail: a case sheet, or a draft, whoever has sent it since."""
    heads = fields(split_head(raw)[0][:_HEAD_LIMIT])
    return bool(first(heads, "x-inboxbot-key") or _FILING.search(first(heads, "message-id")))


def _digest(*parts: bytes) -> bytes:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + _SEPARATOR + part)
    return whole.digest()


def _canonical(body: bytes) -> bytes:
    return body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n \t")
