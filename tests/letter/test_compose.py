"""A reply as a message: what a mail program shows of it is what was meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import formataddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxbot.letter.compose import draft_message
from inboxbot.records import Address, Head, Identity, Reply

ME = Identity("Claire Durand", "claire@client.example")
HEAD = Head(
    "0" * 64, "<a@copytrack.com>", ("<b@copytrack.com>",), (), None, Address("", "case@copytrack.com"), (), "Case"
)
REPLY = Reply("evidence", "fr", "case@copytrack.com", "Re: Case", "Bonjour « vous » !\n")
WORDS = st.sampled_from(
    'Re: Votre – n° é à «image» utilisée sans autorisation C9E3KV 中文 Straße — … €350 · a, "b"'.split()
)


def made(reply: Reply = REPLY, identity: Identity = ME, head: Head = HEAD) -> bytes:
    return draft_message(head, reply, identity, "<draft@localhost.invalid>", datetime(2026, 3, 2, 9, tzinfo=UTC))


def shown(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=20), st.lists(WORDS, min_size=1, max_size=8))
def test_a_subject_and_a_name_come_back_as_they_were(subject: list[str], name: list[str]) -> None:
    raw = made(replace(REPLY, subject=" ".join(["Re:", *subject])), replace(ME, name=" ".join(name)))
    told = shown(raw)
    assert told["Subject"] == " ".join(["Re:", *subject])
    who = message_from_bytes(raw)["From"]  # the newer parser puts blanks between the encoded words of a name
    meant = " ".join(name)
    quoted = formataddr((meant, ME.address)) if meant.isascii() else f"{meant} <{ME.address}>"
    assert str(make_header(decode_header(who))) == quoted


def test_every_line_is_ascii_ends_in_crlf_and_is_no_longer_than_the_standard_asks() -> None:
    raw = made(
        replace(REPLY, subject="Re: " + "Réclamation n° " * 20), replace(ME, name="Société Générale des Œuvres" * 3)
    )
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 100


@pytest.mark.parametrize(
    "planted",
    [
        "a\r\nBcc: x@example.org",
        "a\nBcc: x@example.org",
        "a\u2028Bcc: x@example.org",
        "=?utf-8?q?a=0ABcc=3A_x=40example=2Eorg?=",
    ],
)
def test_nothing_in_a_subject_or_a_name_becomes_a_header(planted: str) -> None:
    told = shown(made(replace(REPLY, subject=f"Re: {planted}"), replace(ME, name=planted)))
    assert told["Bcc"] is None
    assert set(told.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip


def test_it_lies_in_the_letters_thread() -> None:
    told = shown(made())
    assert told["In-Reply-To"] == "<a@copytrack.com>"
    assert told["References"] == "<b@copytrack.com> <a@copytrack.com>"


def test_the_words_come_back_as_they_were() -> None:
    assert shown(made()).get_content().replace("\r\n", "\n") == "Bonjour « vous » !\n"


@pytest.mark.parametrize("ending", ["=0A", "=0D", "=0D=0A", "=E2=80=A8", "=00"])
@pytest.mark.parametrize("field", ["message_id", "references", "in_reply_to"])
def test_no_identifier_of_a_letter_adds_a_header_to_the_draft(field: str, ending: str) -> None:
    planted = f"<=?utf-8?q?{ending}Bcc:_spy@evil.example?=>"
    head = replace(HEAD, **{"references": (), field: planted if field == "message_id" else (planted,)})
    told = shown(made(head=head))
    threaded = set() if field == "message_id" else {"In-Reply-To", "References"}
    assert {*told.keys()} | {"In-Reply-To", "References"} == {*shown(made()).keys()}
    assert {*told.keys()} & {"In-Reply-To", "References"} == threaded
    assert "evil" not in str(told)
