"""Hostile and broken mails, each with what must come of it (the file beside); the large ones are made here.

Only a hang is a matter of time: pytest-timeout ends a test that takes as long as no letter may.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inboxbot.letter.parse import read_letter
from inboxbot.records import Letter
from tests.letter.mails import mail

HERE = Path(__file__).parent / "torture"
FILES = sorted(HERE.glob("*.eml"))
SUM = "Please pay 350.00 EUR, case AB12CD."


def said(letter: Letter) -> str:
    """All of the letter's own words, on one line."""
    return " ".join(" ".join(text for _, text in letter.pieces()).split())


def carried(letter: Letter, expected: dict[str, str | None]) -> list[str]:
    """What is wrong with the attachments: each must be there, and unread for the reason given or not at all."""
    found = {attached.name: attached.unread for attached in letter.attachments}
    wrong = [f"attachments are {sorted(found)}"] if set(found) != set(expected) else []
    for name, why in expected.items():
        unread = found.get(name)
        if (why is None) != (unread is None) or (why and why not in (unread or "")):
            wrong.append(f"{name}: {unread}")
    return wrong


CHECKS: dict[str, Callable[[Letter, Any], object]] = {
    "about": lambda letter, what: [],
    "says": lambda letter, what: [text for text in what if text not in said(letter)] or (not what and letter.body),
    "hides": lambda letter, what: [text for text in what if text in said(letter)],
    "subject": lambda letter, what: letter.head.subject != what and letter.head.subject,
    "senders": lambda letter, what: [s.addr for s in letter.senders] != what and [s.addr for s in letter.senders],
    "names-sender": lambda letter, what: what not in [s.addr for s in letter.senders],
    "source": lambda letter, what: letter.source != what,
    "forwarded": lambda letter, what: (letter.forwarded is not None) != what,
    "automatic": lambda letter, what: (letter.automatic is not None) != what,
    "attachments": carried,
    "unread": lambda letter, what: [text for text in what if not any(text in each for each in letter.unread)],
    "defects": lambda letter, what: [text for text in what if not any(text in each for each in letter.defects)],
}


def test_there_are_more_than_sixty_files_each_with_its_outcome() -> None:
    assert len(FILES) > 60
    assert {path.with_suffix(".json") for path in FILES} == set(HERE.glob("*.json"))


@pytest.mark.timeout(30)
@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_broken_mail_is_read_as_its_outcome_says(path: Path) -> None:
    letter = read_letter(path.read_bytes())
    outcome = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    wrong = {key: found for key, what in outcome.items() if (found := CHECKS[key](letter, what))}
    assert not wrong, (outcome["about"], wrong)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_no_control_character_comes_through(path: Path) -> None:
    letter = read_letter(path.read_bytes())
    names = [text for s in letter.senders for text in (s.name, s.addr)] + [a.name for a in letter.attachments]
    for text in (said(letter), letter.head.subject, *names):
        assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E for c in text)


# --- large ones -------------------------------------------------------------------------------------------------------

LARGE: dict[str, Callable[[], bytes]] = {
    "100 KB of quotes in From": lambda: mail(SUM, From='"' * 100_000 + " <a@issuer.example>"),
    "a header line of 20 MB": lambda: mail(SUM, X_Long="x" * 20_000_000),
    "a subject of 2 MB": lambda: mail(SUM, Subject="Your case " * 200_000),
    "50,000 recipients": lambda: mail(SUM, Cc=", ".join(f"p{n}@example.org" for n in range(50_000))),
    "100,000 parameters": lambda: mail(SUM, Content_Type="text/plain; charset=utf-8" + "".join(f"; p{n}=v" for n in range(100_000))),
    "20,000 sections of one parameter": lambda: mail(SUM, Content_Type="text/plain; charset=utf-8" + "".join(f"; name*{n}=v" for n in range(20_000))),
    "20,000 encoded words": lambda: mail(SUM, Subject=" ".join(["=?utf-8?Q?x?="] * 20_000)),
    "100,000 header fields": lambda: b"".join(b"X-%d: v\n" % n for n in range(100_000)) + mail(SUM),
    "5,000 Received": lambda: b"Received: from a by b with c; Wed, 12 Mar 2025 10:15:00 +0100\n" * 5000 + mail(SUM),
    "a Received of 1 MB": lambda: mail(SUM, Received="from " + "a(" * 500_000),
    "50,000 comments in From": lambda: mail(SUM, From="(" * 50_000 + " claims@issuer.example"),
    "a Message-ID of 1 MB": lambda: mail(SUM, Message_ID="<" + "a" * 1_000_000 + "@x>"),
    "100,000 references": lambda: mail(SUM, References=" ".join(f"<{n}@x>" for n in range(100_000))),
    "a boundary of 1 MB": lambda: mail(f"--b\n\n{SUM}", Content_Type='multipart/mixed; boundary="' + "b" * 1_000_000 + '"'),
    "a body of 8 MB on one line": lambda: mail(SUM + " " + "word " * 1_600_000),
    "a body of 1,000,000 lines": lambda: mail(SUM + "\n" * 1_000_000),
    "a body of quoted lines": lambda: mail(SUM + "\n" + "> said\n" * 200_000),
    "a body of On, On, On": lambda: mail(SUM + "\n" + "On " * 60_000),
    "a body of forwards": lambda: mail(SUM + "\n" + "---------- Forwarded message ---------\nFrom: a@b.example\n" * 5000),
    "a body of addresses": lambda: mail(SUM + "\n" + "http://www.example.org/a?b=c#d " * 50_000),
    "a body of one address of 1 MB": lambda: mail(SUM + "\nhttp://www.example.org/" + "a" * 1_000_000),
    "2 MB of blanks": lambda: mail(SUM + " " * 2_000_000 + "x"),
    "HTML of 1 MB in one table": lambda: mail(f"<p>{SUM}</p><table>" + "<tr><td>a</td><td>b</td></tr>" * 35_000, kind="text/html"),
    "HTML of 100,000 open elements": lambda: mail("<div>" * 100_000 + SUM, kind="text/html"),
    "HTML of 100,000 brackets": lambda: mail(f"<p>{SUM}</p>" + "<" * 100_000, kind="text/html"),
    "HTML of 100,000 entities": lambda: mail(f"<p>{SUM}</p>" + "&#x41;" * 100_000, kind="text/html"),
    "HTML of comments that never close": lambda: mail(f"<p>{SUM}</p>" + "<!--" * 100_000, kind="text/html"),
    "HTML of 50,000 links": lambda: mail(f"<p>{SUM}</p>" + '<a href="http://a.example/">x</a>' * 50_000, kind="text/html"),
    "HTML of styles": lambda: mail("<style>" + ".a{display:none}" * 50_000 + f"</style><p>{SUM}</p>", kind="text/html"),
    "8 MB of base64": lambda: mail("UGxlYXNl" * 1_000_000, Content_Transfer_Encoding="base64"),
    "2 MB of quoted-printable": lambda: mail("=3D" * 700_000, Content_Transfer_Encoding="quoted-printable"),
    "bytes of every value": lambda: mail(SUM) + bytes(range(256)) * 4000,
}  # fmt: skip


def nested(kind: str, depth: int) -> bytes:
    """Multiparts or messages in each other, the innermost with the letter."""
    made = f"Content-Type: text/plain\n\n{SUM}\n"
    for n in range(depth):
        if kind == "message":
            made = f"Content-Type: message/rfc822\n\nSubject: Fwd: {n}\n{made}"
        else:
            made = f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n{made}\n--b{n}--\n'
    return f"From: a@issuer.example\nSubject: x\nMIME-Version: 1.0\n{made}".encode()


def parts(count: int) -> bytes:
    body = "".join(f"--b\nContent-Type: text/plain\n\npart {n}\n" for n in range(count)) + "--b--\n"
    return mail(body, Content_Type="multipart/mixed; boundary=b")


LARGE |= {
    "multiparts 1,000 deep": lambda: nested("multipart", 1000),
    "messages 1,000 deep": lambda: nested("message", 1000),
    "200,000 parts": lambda: parts(200_000),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", LARGE)
def test_a_large_mail_is_read_within_its_limits(name: str) -> None:
    letter = read_letter(LARGE[name]())
    assert len(letter.body) <= 2 << 20
    assert len(letter.links) <= 2000
    assert len(letter.attachments) <= 200
    assert len(letter.head.recipients) <= 100
    assert len(letter.head.subject) <= 1000
    assert sum(len(value) for _, value in letter.trace) <= 300_000


WITHOUT_THE_SUM = ("8 MB of base64", "2 MB of quoted-printable", "a boundary of 1 MB", "100,000 header fields")
TOO_DEEP = ("multiparts 1,000 deep", "messages 1,000 deep", "200,000 parts")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", [name for name in LARGE if name not in (*WITHOUT_THE_SUM, *TOO_DEEP)])
def test_what_it_says_is_not_lost_in_the_mass(name: str) -> None:
    letter = read_letter(LARGE[name]())
    assert "350.00 EUR" in letter.covering_note + letter.body


@pytest.mark.parametrize("name", TOO_DEEP)
def test_what_was_not_opened_is_told(name: str) -> None:
    letter = read_letter(LARGE[name]())
    assert any(
        "not opened" in each or "not read" in each or "deeper" in each for each in (*letter.defects, *letter.unread)
    )
