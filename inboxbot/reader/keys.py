"""Signature keys looked up before a letter is read, for accounts that want it: the reader itself touches no network."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from inboxbot.ports import Reader
from inboxbot.records import Brief, Glance, Reading
from inboxbot.trust.signatures import key_names

SECONDS = 3.0  # for one key
ALL_SECONDS = 6.0  # for all keys of one letter
MAX_RECORD = 8 << 10

Lookup = Callable[[str, float], bytes | None]


class KeyedReader:
    """`ports.Reader` that hands the keys of a letter's signatures to the reader behind it.

    A key that DNS does not give in time is left out: the letter is then unproved, and read all the same.
    """

    def __init__(self, reader: Reader, lookup: Lookup | None = None) -> None:
        self._reader = reader
        self._lookup = lookup or txt_record

    def read(self, raw: bytes, brief: Brief) -> Reading:
        """As the reader behind it."""
        keys: dict[str, bytes] = {}
        end = time.monotonic() + ALL_SECONDS
        for name in key_names(raw, brief.receiver.arc_sealers):
            left = end - time.monotonic()
            if left > 0 and (record := self._lookup(name, min(SECONDS, left))):
                keys[name] = record[:MAX_RECORD]
        return self._reader.read(raw, replace(brief, receiver=replace(brief.receiver, dkim_keys=keys)))

    def glance(self, raws: Sequence[bytes], brief: Brief) -> Glance:
        """As the reader behind it: for mail that names no issuer no key is asked."""
        return self._reader.glance(raws, brief)


def txt_record(name: str, seconds: float) -> bytes | None:
    """The TXT record of a name, its strings joined (RFC 6376 §3.6.2.2); None where there is none, or not in time."""
    from dns import exception, resolver  # noqa: PLC0415 - accounts without key look-ups need no DNS

    try:
        found = resolver.resolve(f"{name}.", "TXT", lifetime=seconds)
    except (exception.DNSException, OSError):
        return None
    return next((b"".join(record.strings) for record in found), None)
