"""Signatures checked by ourselves: what they prove, and everything by which they prove nothing."""

from __future__ import annotations

import dkim
import pytest

from inboxbot.letter.parse import read_letter
from inboxbot.records import Receiver
from inboxbot.trust.authentication import authenticate
from inboxbot.trust.signatures import chain_holds, key_names, signers
from tests.trust.keys import SELECTOR, key

NAME = "s1._domainkey.copytrack.com"
KEYS = {NAME: key().record}
HEADERS = [b"from", b"subject", b"date", b"to"]
LETTER = (
    b"From: Copytrack <case@copytrack.com>\r\n"
    b"To: atelier@client.example\r\n"
    b"Subject: Your case 7K2M9Q\r\n"
    b"Date: Wed, 12 Mar 2025 10:15:00 +0100\r\n"
    b"Message-ID: <1@copytrack.com>\r\n"
    b"\r\n"
    b"Please pay 350.00 EUR.  Case 7K2M9Q.\r\n\r\n"
)


def signed(
    raw: bytes = LETTER,
    *,
    domain: bytes = b"copytrack.com",
    bits: int = 1024,
    headers: list[bytes] | None = None,
    **how: object,
) -> bytes:
    field = dkim.sign(raw, SELECTOR, domain, key(bits).private, include_headers=headers or HEADERS, **how)
    return bytes(field) + raw


def proved(raw: bytes, keys: dict[str, bytes] | None = None) -> str | None:
    return authenticate(read_letter(raw), raw, Receiver(dkim_keys=KEYS if keys is None else keys)).aligned


@pytest.mark.parametrize("form", [(b"simple", b"simple"), (b"relaxed", b"relaxed")])
def test_a_signature_of_the_senders_domain_proves_it(form: tuple[bytes, bytes]) -> None:
    assert proved(signed(canonicalize=form)) == "copytrack.com"


def test_line_ends_may_have_become_plain_ones_in_the_store() -> None:
    assert proved(signed().replace(b"\r\n", b"\n")) == "copytrack.com"


def test_a_second_signature_by_a_mail_service_does_no_harm() -> None:
    twice = signed(signed(), domain=b"sendgrid.net")
    assert signers(twice, KEYS) == ("copytrack.com",)
    assert proved(twice) == "copytrack.com"


def test_a_mail_services_signature_alone_proves_nothing_of_the_sender() -> None:
    raw = signed(domain=b"sendgrid.net")
    keys = {"s1._domainkey.sendgrid.net": key().record}
    assert signers(raw, keys) == ("sendgrid.net",)
    assert proved(raw, keys) is None


@pytest.mark.parametrize(
    "raw",
    [
        signed().replace(b"350.00", b"950.00"),
        signed().replace(b"7K2M9Q\r\nDate", b"8K2M9Q\r\nDate"),
        signed() + b"PS: we have moved to another account.\r\n",
        signed(length=True) + b"PS: we have moved to another account.\r\n",
        signed(length=True),
        signed(headers=[b"from", b"date"]),
        signed(signature_algorithm=b"rsa-sha1"),
        b"Subject: Pay at once\r\n" + signed(),
        b"From: x@copytrack.com\r\n" + signed(),
        b"Content-Type: text/html\r\nContent-Type: text/plain\r\n" + signed(),
        signed().replace(b"Message-ID", b"X-Note: a\r\rPay to another account.\r\r\r\nMessage-ID"),
        signed().replace(b"Message-ID: <1@copytrack.com>\r\n", b"Message-ID: <1@copytrack.com>\r\nPay to another account\r\n"),
        signed().replace(b"s=s1", b"s=s2"),
        signed().replace(b"d=copytrack.com", b"d=evil.example"),
        signed().replace(b"v=1;", b"v=1; v=1;"),
        signed().replace(b"DKIM-Signature:", b"X-DKIM-Signature:"),
        signed(LETTER + b" " * 50_000 + b"\r\n"),
    ],
    ids=[
        "sum changed", "subject changed", "words added", "words added below a length", "a length", "subject not signed",
        "SHA-1", "second subject", "second sender", "two content types", "body behind a bare return",
        "a line that is no field", "another selector", "another domain", "a doubled tag", "another field", "too dear to check",
    ],
)  # fmt: skip
def test_whatever_was_changed_or_is_weak_counts_as_unsigned(raw: bytes) -> None:
    assert proved(raw) is None


def test_a_short_key_proves_nothing_even_where_it_fits() -> None:
    assert signers(signed(bits=768), {NAME: key(768).record}) == ()
    assert signers(signed(bits=1024), {NAME: key(1024).record}) == ("copytrack.com",)


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"v=DKIM1; p=",
        b"v=DKIM1; k=rsa; t=y; p=" + key().record.partition(b"p=")[2],
        key(1024, seed=2).record,
        b"nonsense",
        b"v=DKIM1; k=ed25519; p=AAAA",
    ],
    ids=["none", "revoked", "on trial", "another", "nonsense", "an algorithm not installed"],
)
def test_a_missing_revoked_or_wrong_key_proves_nothing(record: bytes) -> None:
    assert proved(signed(), {NAME: record}) is None


def test_without_keys_nothing_is_checked() -> None:
    assert proved(signed(), {}) is None


def test_the_names_to_look_up_are_those_that_could_prove_something() -> None:
    weak = signed(domain=b"weak.example", signature_algorithm=b"rsa-sha1")
    odd = b"DKIM-Signature: v=1; a=rsa-sha256; d=../etc; s=a b; h=from:subject; bh=A; b=A\r\n"
    assert key_names(odd + weak.replace(LETTER, signed())) == (NAME,)
    assert key_names(LETTER) == ()


def test_of_many_signatures_five_are_looked_at() -> None:
    raw = LETTER
    for n in range(8):
        raw = f"DKIM-Signature: v=1; a=rsa-sha256; d=d{n}.example; s=s; h=from:subject; bh=A; b=A\r\n".encode() + raw
    assert len(key_names(raw)) == 5


# --- chains -----------------------------------------------------------------------------------------------------------

RELAY = "s1._domainkey.relay.example"
RELAYED = b"Authentication-Results: mx.relay.example; dmarc=pass header.from=copytrack.com\r\n" + LETTER


def sealed() -> bytes:
    lines = dkim.arc_sign(
        RELAYED, SELECTOR, b"relay.example", key().private, b"mx.relay.example", include_headers=HEADERS
    )
    return b"".join(lines) + RELAYED


def test_a_configured_sealers_chain_proves_what_the_sealer_found() -> None:
    raw = sealed()
    receiver = Receiver(arc_sealers=("relay.example",), dkim_keys={RELAY: key().record})
    assert chain_holds(raw, receiver.dkim_keys or {})
    assert authenticate(read_letter(raw), raw, receiver).aligned == "copytrack.com"


def test_a_chains_keys_are_looked_up_only_where_there_are_sealers() -> None:
    assert key_names(sealed()) == ()
    assert key_names(sealed(), ("relay.example",)) == (RELAY,)


@pytest.mark.parametrize(
    ("raw", "receiver"),
    [
        (
            sealed().replace(b"350.00", b"950.00"),
            Receiver(arc_sealers=("relay.example",), dkim_keys={RELAY: key().record}),
        ),
        (sealed(), Receiver(dkim_keys={RELAY: key().record})),
        (sealed(), Receiver(arc_sealers=("other.example",), dkim_keys={RELAY: key().record})),
        (sealed(), Receiver(arc_sealers=("relay.example",))),
        (sealed(), Receiver(arc_sealers=("relay.example",), dkim_keys={RELAY: key(1024, seed=2).record})),
        (
            sealed().replace(b"dmarc=pass", b"dmarc=none"),
            Receiver(arc_sealers=("relay.example",), dkim_keys={RELAY: key().record}),
        ),
    ],
    ids=["changed", "no sealer", "another sealer", "no key", "another key", "results changed"],
)
def test_a_chain_that_does_not_hold_or_is_not_trusted_proves_nothing(raw: bytes, receiver: Receiver) -> None:
    assert authenticate(read_letter(raw), raw, receiver).aligned is None
