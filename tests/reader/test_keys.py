"""Keys are looked up before the letter is read, and only those that could prove something."""

from __future__ import annotations

from collections.abc import Sequence

import dkim
import pytest

from inboxbot.reader.keys import KeyedReader
from inboxbot.records import Brief, Glance, Reading, Receiver
from tests.doubles.desk import ordinary_reading
from tests.letter.mails import mail
from tests.trust.keys import key

NAME = "s1._domainkey.copytrack.com"
PLAIN = mail("Please pay.", From="Copytrack <case@copytrack.com>")
SIGNED = dkim.sign(PLAIN, b"s1", b"copytrack.com", key().private, include_headers=[b"from", b"subject"]) + PLAIN


class Listener:
    """A reader that only keeps what it was told."""

    def __init__(self) -> None:
        self.briefs: list[Brief] = []

    def read(self, raw: bytes, brief: Brief) -> Reading:
        self.briefs.append(brief)
        raise LookupError(raw[:4])

    def glance(self, raws: Sequence[bytes], brief: Brief) -> Glance:
        return Glance((False,) * len(raws), ordinary_reading())


def told(raw: bytes, records: dict[str, bytes], brief: Brief | None = None) -> tuple[Brief, list[str]]:
    asked: list[str] = []

    def lookup(name: str, seconds: float) -> bytes | None:
        assert 0 < seconds <= 3
        asked.append(name)
        return records.get(name)

    listener = Listener()
    with pytest.raises(LookupError):
        KeyedReader(listener, lookup).read(raw, brief or Brief())
    return listener.briefs[0], asked


def test_the_key_of_a_signature_goes_with_the_letter() -> None:
    brief, asked = told(SIGNED, {NAME: key().record})
    assert asked == [NAME]
    assert brief.receiver.dkim_keys == {NAME: key().record}


def test_a_letter_without_signatures_asks_nobody() -> None:
    brief, asked = told(PLAIN, {})
    assert asked == []
    assert brief.receiver.dkim_keys == {}


def test_a_key_that_nobody_gives_is_left_out() -> None:
    brief, _ = told(SIGNED, {})
    assert brief.receiver.dkim_keys == {}


def test_a_monstrous_record_is_cut() -> None:
    brief, _ = told(SIGNED, {NAME: b"x" * 100_000})
    assert len((brief.receiver.dkim_keys or {})[NAME]) <= 8192


def test_the_rest_of_the_brief_stays_as_it_was() -> None:
    given = Brief(label="copytrack", receiver=Receiver("mx.client.example", ("relay.example",)))
    brief, _ = told(SIGNED, {NAME: key().record}, given)
    assert brief.label == "copytrack"
    assert brief.receiver.authserv_id == "mx.client.example"
    assert brief.receiver.arc_sealers == ("relay.example",)
