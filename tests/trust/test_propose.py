"""Which authserv-id recent mail speaks for."""

from __future__ import annotations

import pytest

from inboxbot.letter.parse import read_letter
from inboxbot.trust.hosts import same_owner
from inboxbot.trust.propose import propose
from tests.letter.mails import mail
from tests.trust.forgeries import FAKE, FORGERIES, FROM, IN, THEIRS
from tests.trust.receivers import SHAPES, Sent, delivered


def trace(head: str) -> tuple[tuple[str, str], ...]:
    return read_letter((head + "Subject: x\n\nHello.\n").encode()).trace


def received(shape: str, count: int = 5) -> list[tuple[tuple[str, str], ...]]:
    raw, _ = delivered(mail("Hello."), shape, Sent("example.org"))
    return [read_letter(raw).trace] * count


@pytest.mark.parametrize(
    ("shape", "proposed"),
    [
        ("infomaniak", "mxin.infomaniak.ch"),
        ("free", "mx24-g26.priv.proxad.net"),
        ("ovh", "in27.mail.ovh.net"),
        ("proton", "mail.protonmail.ch"),
        ("gmail", None),
        ("outlook", None),
        ("own server", None),
    ],
)
def test_only_what_stands_above_the_border_is_proposed(shape: str, proposed: str | None) -> None:
    assert shape in SHAPES
    assert propose(received(shape)) == proposed


def test_machines_that_sign_in_turn_are_proposed_as_one() -> None:
    raw, _ = delivered(mail("Hello."), "ovh", Sent("example.org"))
    others = [read_letter(raw.replace(b"in27.", f"in{n}.".encode())).trace for n in (3, 14, 27, 41)]
    assert propose(others) == "*.mail.ovh.net"


def test_nothing_is_proposed_where_mail_disagrees() -> None:
    assert propose([*received("infomaniak", 2), *received("proton", 2)]) is None


def test_most_mail_decides() -> None:
    assert propose([*received("infomaniak", 4), *received("proton", 1), *received("gmail", 9)]) == "mxin.infomaniak.ch"


def test_without_mail_nothing_is_proposed() -> None:
    assert propose([]) is None


@pytest.mark.parametrize("head", FORGERIES.values(), ids=FORGERIES)
def test_no_forgery_makes_us_propose_another_owners_server(head: str) -> None:
    proposed = propose([trace(head)] * 5)
    assert proposed is None or same_owner(proposed, "mx.client.example")


def test_a_field_of_somebody_elses_is_not_proposed() -> None:
    assert propose([trace("Authentication-Results: mx.evil.example; none\n" + IN + FROM)]) is None
    assert propose([trace(IN + THEIRS + FAKE + FROM)]) is None
