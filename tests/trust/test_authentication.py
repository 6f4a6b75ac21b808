"""Whose word on the sender is believed, and what it proves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inboxbot.letter.parse import read_letter
from inboxbot.records import Brief, Receiver, Standing
from inboxbot.trust.authentication import Authentication, authenticate
from inboxbot.trust.weigh import weigh
from tests.trust.forgeries import FAIL, FAKE, FORGERIES, FROM, IN, OURS, PASS
from tests.trust.letters import CLAIMED
from tests.trust.profiles import COPYTRACK
from tests.trust.receivers import SHAPES, Sent, delivered

US = Receiver("mx.client.example")
BODY = "Subject: Your case\nDate: Wed, 12 Mar 2025 10:15:00 +0100\nMessage-ID: <1@copytrack.com>\n\nPlease pay 350.00 EUR, case 7K2M9Q.\n"


def told(head: str, receiver: Receiver = US, body: str = BODY) -> Authentication:
    raw = (head + body).encode("utf-8", "surrogateescape")
    return authenticate(read_letter(raw), raw, receiver)


def test_there_are_more_than_sixty_forgeries() -> None:
    assert len(FORGERIES) > 60


@pytest.mark.parametrize("head", FORGERIES.values(), ids=FORGERIES)
def test_no_forgery_is_genuine(head: str) -> None:
    for ending in ("\n", "\r\n"):
        raw = (head + BODY).replace("\n", ending).encode("utf-8")
        letter = read_letter(raw)
        trust = weigh(letter, raw, COPYTRACK, CLAIMED, "notice", Brief(receiver=US))
        assert trust.verdict is not Standing.GENUINE
        assert authenticate(letter, raw, US).aligned != "copytrack.com"


def test_the_same_letter_with_an_honest_field_is_proved() -> None:
    assert told(FAKE + IN + FROM).aligned == "copytrack.com"
    assert told(OURS + "dkim=pass header.d=copytrack.com\n" + IN + FROM).aligned == "copytrack.com"


@pytest.mark.parametrize("shape", SHAPES)
def test_each_receivers_field_proves_the_sender_and_nobody_elses_setting_does(shape: str) -> None:
    raw, receiver = delivered((FROM + BODY).encode(), shape, Sent("copytrack.com"))
    letter = read_letter(raw)
    assert authenticate(letter, raw, receiver).aligned == "copytrack.com"
    for other, (_, setting) in SHAPES.items():
        if other != shape:
            assert authenticate(letter, raw, setting).aligned is None


@pytest.mark.parametrize("shape", SHAPES)
def test_a_forged_field_below_each_receivers_own_is_never_reached(shape: str) -> None:
    real = Sent("copytrack.com", signer="evil.example", envelope="evil.example", dmarc="fail")
    claimed, _ = delivered(b"", shape, Sent("copytrack.com"))
    raw, receiver = delivered(claimed + (FROM + BODY).encode(), shape, real)
    assert authenticate(read_letter(raw), raw, receiver).aligned is None


def test_nobody_is_believed_where_nobody_is_configured() -> None:
    assert told(FAKE + IN + FROM, Receiver()) == Authentication()


def test_a_wildcard_stands_for_one_more_label_or_several_and_never_for_none() -> None:
    field = FAKE.replace("mx.client.example", "in27.mx.client.example")
    assert told(field + IN + FROM, Receiver("*.mx.client.example")).aligned == "copytrack.com"
    assert told(FAKE + IN + FROM, Receiver("*.mx.client.example")).aligned is None


def test_a_sub_domain_of_the_issuer_is_aligned_with_it() -> None:
    assert told(FAKE + IN + "From: x@mail.copytrack.com\n").aligned == "mail.copytrack.com"


def test_a_signature_counts_where_dmarc_found_no_policy() -> None:
    results = "dmarc=none header.from=copytrack.com; dkim=pass header.d=copytrack.com\n"
    assert told(OURS + results + IN + FROM).aligned == "copytrack.com"


def test_a_signature_of_part_of_the_body_does_no_harm_where_the_server_itself_was_the_senders() -> None:
    signature = "DKIM-Signature: v=1; a=rsa-sha256; d=copytrack.com; s=s1; l=20; h=from:subject; bh=AAAA; b=AAAA\n"
    results = "spf=pass smtp.mailfrom=b@copytrack.com; dmarc=pass header.from=copytrack.com\n"
    assert told(OURS + results + IN + signature + FROM).aligned == "copytrack.com"


def test_what_the_server_found_forged_is_told() -> None:
    assert told(FAIL + IN + FROM).failed


@pytest.mark.parametrize("results", ["dmarc=fail (p=NONE sp=NONE dis=NONE)", "dmarc=fail action=none"])
def test_a_domain_that_enforces_nothing_is_not_found_forged(results: str) -> None:
    assert not told(OURS + results + " header.from=copytrack.com\n" + IN + FROM).failed


@pytest.mark.parametrize(
    "mark",
    [
        "List-Id: <club.example>\n",
        "Resent-From: a@client.example\n",
        "ARC-Seal: i=1; a=rsa-sha256; d=relay.example; s=s; cv=none; b=AAAA\n",
    ],
)
def test_behind_lists_and_forwarders_an_honest_sender_may_fail(mark: str) -> None:
    assert not told(FAIL + IN + mark + FROM).failed


def test_the_receivers_own_seal_is_no_mark_of_a_forwarder() -> None:
    seal = "ARC-Seal: i=1; a=rsa-sha256; d=client.example; s=s; cv=none; b=AAAA\n"
    assert told(FAIL + seal + IN + FROM).failed


# --- forwarders that seal ---------------------------------------------------------------------------------------------

SEALED = Receiver("mx.client.example", arc_sealers=("relay.example",))
CHAIN = (
    "ARC-Seal: i=1; a=rsa-sha256; d=relay.example; s=s; cv=none; t=1741770909; b=AAAA\n"
    "ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=relay.example; s=s; h=from:subject; bh=AAAA; b=AAAA\n"
    f"ARC-Authentication-Results: i=1; mx.relay.example; {PASS}\n"
)
WHOLE = OURS + "arc=pass (i=1); dmarc=fail (p=reject) header.from=copytrack.com\n"


def test_a_configured_sealers_word_counts_where_our_server_found_the_chain_whole() -> None:
    assert told(WHOLE + IN + CHAIN + FROM, SEALED).aligned == "copytrack.com"


@pytest.mark.parametrize(
    ("head", "receiver"),
    [
        (WHOLE + IN + CHAIN + FROM, US),
        (WHOLE + IN + CHAIN + FROM, replace(SEALED, arc_sealers=("other.example",))),
        (FAIL + IN + CHAIN + FROM, SEALED),
        (WHOLE.replace("arc=pass", "arc=fail") + IN + CHAIN + FROM, SEALED),
        (IN + CHAIN + FROM, SEALED),
        (WHOLE + IN + CHAIN.replace("header.from=copytrack.com", "header.from=evil.example") + FROM, SEALED),
        (WHOLE + IN + CHAIN.replace("i=1", "i=2") + FROM, SEALED),
        (WHOLE + IN + CHAIN + CHAIN + FROM, SEALED),
        (WHOLE + IN + CHAIN + CHAIN.replace("i=1", "i=2").replace("relay.example; s=s", "evil.example; s=s") + FROM, SEALED),
        (WHOLE + IN + CHAIN.replace("ARC-Seal:", "ARC-Seal :") + FROM, SEALED),
        (WHOLE + IN + CHAIN.partition("ARC-Auth")[0] + FROM, SEALED),
    ],
    ids=[
        "no sealer configured", "another sealer", "chain not checked", "chain broken", "no word of ours",
        "sealer found another sender", "chain without a beginning", "doubled set", "a later set of somebody else's",
        "a field that not every parser sees", "a set without its results",
    ],
)  # fmt: skip
def test_nothing_else_about_a_chain_counts(head: str, receiver: Receiver) -> None:
    assert told(head, receiver).aligned is None
