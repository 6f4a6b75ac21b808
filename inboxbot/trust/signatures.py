"""Signatures checked by ourselves, on the raw bytes as they were fetched: DKIM (RFC 6376) and ARC (RFC 8617).

Nothing is looked up here: the keys come as values, by the name under which DNS holds them. Every doubt means unsigned.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import re2

from inboxbot.letter.bounds import MAX_HEAD
from inboxbot.letter.header import Field, fields, plain, split_head, values
from inboxbot.letter.octets import octets

MAX_SIGNATURES = 5
MAX_CHAIN = 10
MIN_BITS = 1024

_ONCE = ("from", "subject", "date", "reply-to", "content-type", "content-transfer-encoding")  # RFC 5322 §3.6
_LINE = octets(rb"^(?:[!-9;-~]{1,100}:|[ \t]|\r?$)")
_BARE_RETURN = octets(rb"\r(?:[^\n]|\z)")
_BLANKS = octets(rb"[ \t]{32,}")
_MOST_BLANKS = 50_000_000  # steps: dkimpy takes the square of a run of blanks
_TAG = re2.compile(r"^\s*([a-zA-Z][a-zA-Z0-9_]*)\s*=")
_NAME = re2.compile(r"^[a-z0-9_](?:[a-z0-9._-]{0,250}[a-z0-9])?$")
_TESTING = octets(rb"(?:^|;)\s*t\s*=[^;]*\by\b")
_ALGORITHMS = ("rsa-sha256", "ed25519-sha256")  # RFC 8301: not rsa-sha1


def parsed_tags(value: str) -> dict[str, str]:
    """The tags of a DKIM-Signature or ARC-Seal value; of two with one name, neither."""
    tags: dict[str, str] = {}
    doubled = set()
    for piece in value.split(";"):
        if found := _TAG.match(piece):
            name = found.group(1)
            doubled.update({name} & tags.keys())
            tags[name] = "".join(piece[found.end() :].split())
    return {name: content for name, content in tags.items() if name not in doubled}


def has_one_reading(head: bytes) -> bool:
    """Whether every parser finds the same fields in this header block, and those that a person sees once at most."""
    if len(head) > MAX_HEAD or b"\0" in head or _BARE_RETURN.search(head):
        return False
    lines = head.split(b"\n")
    if lines[0].startswith(b"From "):  # the line that parts mails in an mbox
        del lines[0]
    if not all(_LINE.match(line) for line in lines):
        return False
    names = [name.lower() for name, _ in fields(head)]
    return all(names.count(name) <= 1 for name in _ONCE)


def key_names(raw: bytes, sealers: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The DNS names of the keys that could prove the sender, for whoever may look them up: at most 5, and a chain's 20."""
    heads = fields(split_head(raw)[0][:MAX_HEAD])
    wanted = [_key_name(tags) for tags in _signatures(heads) if _may_prove(tags)]
    if sealers:
        for name in ("arc-seal", "arc-message-signature"):
            wanted += [_key_name(parsed_tags(plain(value))) for value in values(heads, name)[:MAX_CHAIN]]
    return tuple(dict.fromkeys(name for name in wanted if name))


def signers(raw: bytes, keys: Mapping[str, bytes]) -> tuple[str, ...]:
    """The domains that signed this mail whole: From and Subject, all of the body, with a key of 1024 bits or more."""
    heads = fields(split_head(raw)[0][:MAX_HEAD]) if keys else ()
    return tuple(
        tags["d"].lower()
        for number, tags in enumerate(_signatures(heads))
        if _may_prove(tags) and _is_usable(keys.get(_key_name(tags))) and _verifies(raw, number, keys)
    )


def chain_holds(raw: bytes, keys: Mapping[str, bytes]) -> bool:
    """Whether the mail's ARC chain verifies from its first set to its last, by these keys."""
    tags = [parsed_tags(plain(v)) for v in values(fields(split_head(raw)[0][:MAX_HEAD]), "arc-message-signature")]
    if not keys or not 0 < len(tags) <= MAX_CHAIN or not all(_is_whole(each) for each in tags) or not _is_cheap(raw):
        return False
    try:
        import dkim  # noqa: PLC0415 - see _verifies

        verdict, _, _ = dkim.ARC(raw, logger=_silence(), minkey=MIN_BITS).verify(dnsfunc=_lookup(keys))
    except Exception:  # noqa: BLE001 - whatever it stumbles over proves nothing
        return False
    return bool(verdict == dkim.CV_Pass)


def _signatures(heads: tuple[Field, ...]) -> list[dict[str, str]]:
    return [parsed_tags(plain(value)) for value in values(heads, "dkim-signature")[:MAX_SIGNATURES]]


def _may_prove(tags: dict[str, str]) -> bool:
    return _is_whole(tags) and bool(_key_name(tags)) and tags.get("a", "").lower() in _ALGORITHMS


def _is_whole(tags: dict[str, str]) -> bool:
    """Whether the signature covers what a person sees; `l=` lets anything be added below (RFC 6376 §8.2)."""
    signed = tags.get("h", "").lower().split(":")
    return "l" not in tags and "from" in signed and "subject" in signed


def _key_name(tags: dict[str, str]) -> str:
    name = f"{tags.get('s', '')}._domainkey.{tags.get('d', '')}".lower()
    return name if tags.get("s") and tags.get("d") and _NAME.match(name) else ""


def _is_usable(record: bytes | None) -> bool:
    """Whether there is such a key, and it is not one that its owner only tries out (RFC 6376 §3.6.1, t=y)."""
    return bool(record) and not _TESTING.search(record)


def _verifies(raw: bytes, number: int, keys: Mapping[str, bytes]) -> bool:
    if not _is_cheap(raw):
        return False
    try:
        import dkim  # noqa: PLC0415 - it brings DNS and network modules; most letters need neither

        checked = dkim.DKIM(raw, logger=_silence(), minkey=MIN_BITS)
        return _same_body(raw, checked.body) and bool(checked.verify(number, dnsfunc=_lookup(keys)))
    except Exception:  # noqa: BLE001 - its own errors, a missing algorithm, odd bytes: unsigned
        return False


def _same_body(raw: bytes, signed: Any) -> bool:
    """Whether what was signed is what we read: the header block must end at the same place."""
    return bytes(signed).replace(b"\r\n", b"\n").strip(b"\n") == split_head(raw)[1].replace(b"\r\n", b"\n").strip(b"\n")


def _is_cheap(raw: bytes) -> bool:
    return sum(len(run) ** 2 for run in _BLANKS.findall(raw)) <= _MOST_BLANKS


def _lookup(keys: Mapping[str, bytes]) -> Any:
    def lookup(name: bytes | str, timeout: float = 0) -> bytes | None:  # noqa: ARG001 - dkimpy's signature
        text = name.decode("ascii") if isinstance(name, bytes) else name
        return keys.get(text.rstrip(".").lower())

    return lookup


def _silence() -> logging.Logger:
    """dkimpy quotes headers in its log."""
    logger = logging.getLogger("inboxbot.silent")
    logger.disabled = True
    return logger
