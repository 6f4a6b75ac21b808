"""The glance lets nothing go in which the careful reading finds an issuer's name: every labelled mail, and changed ones."""

from __future__ import annotations

import base64
import quopri
import sys
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from inboxbot.issuers.room import Room, open_rooms
from inboxbot.letter.glance import Glance
from inboxbot.letter.parse import read_letter
from inboxbot.model.names import Names
from inboxbot.reader.known import known
from tests.letter.mails import mail
from tests.letter.mutations import mutated

ROOT = Path(__file__).parents[2]
LABELLED = sorted(
    path
    for place in ("training_data", "tests/evaluation", "inboxbot/issuers")
    for path in (ROOT / place).rglob("*.eml")
)
EVERY = 5  # of the changed mails, in CI; all of them are `make proof`
BROKEN, ALL_BROKEN = 600, 20_000


@pytest.fixture(scope="module")
def rooms() -> dict[str, Room]:
    return open_rooms()


@pytest.fixture(scope="module")
def glance(rooms: dict[str, Room]) -> Glance:
    return Glance([name for room in rooms.values() for name in room.names])


@pytest.fixture(scope="module")
def names(rooms: dict[str, Room]) -> Names:
    return Names(known(rooms))


def let_go(raws: Iterator[bytes], glance: Glance, names: Names) -> tuple[list[tuple[str, ...]], int, int]:
    """The rooms that a mail names and the glance did not see, and how many of how many mails it spares the reading."""
    wrongly, spared, count = [], 0, 0
    for raw in raws:
        count += 1
        if not glance(raw):
            spared += 1
            if named := names.of(read_letter(raw)):
                wrongly.append(named)
    return wrongly, spared, count


def test_no_labelled_mail_that_names_an_issuer_is_let_go(
    glance: Glance, names: Names, capsys: pytest.CaptureFixture[str]
) -> None:
    wrongly, spared, count = let_go((path.read_bytes() for path in LABELLED), glance, names)
    with capsys.disabled():
        sys.stdout.write(f"\nthe glance spares {spared} of {count} labelled mails the careful reading\n")
    assert wrongly == []
    assert spared > 500


# --- changed ----------------------------------------------------------------------------------------------------------


def changed_words(change: Callable[[str], str]) -> Callable[[bytes], bytes]:
    """The mail with the words of each text part changed, in UTF-8."""

    def put(part: Message) -> None:
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        words = change(payload.decode(part.get_content_charset("utf-8") or "utf-8", "replace"))
        part.set_payload(words.encode("utf-8", "replace"))
        part.set_param("charset", "utf-8")

    return lambda raw: rebuilt(raw, put, "8bit", lambda payload: payload)


def rebuilt(raw: bytes, put: Callable[[Message], None], encoding: str, encode: Callable[[bytes], bytes]) -> bytes:
    message = message_from_bytes(raw)
    for part in message.walk():
        if part.get_content_maintype() == "text" and not part.get_filename():
            put(part)
            payload = part.get_payload(decode=False)
            data = payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else payload
            assert isinstance(data, bytes)
            part.set_payload(encode(data).decode("ascii", "surrogateescape"))
            del part["Content-Transfer-Encoding"]
            part["Content-Transfer-Encoding"] = encoding
    return message.as_bytes()


def decoded(part: Message) -> None:
    part.set_payload(part.get_payload(decode=True))


def in_charset(name: str) -> Callable[[bytes], bytes]:
    def put(part: Message) -> None:
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        text = payload.decode(part.get_content_charset("utf-8") or "utf-8", "replace")
        part.set_payload(text.encode(name, "replace"))
        part.set_param("charset", name)

    return lambda raw: rebuilt(raw, put, "base64", base64.encodebytes)


def wrapped(text: str) -> str:
    """Hard line breaks between any two words."""
    return text.replace(" ", "\r\n")


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "in capitals": changed_words(str.upper),
    "in small letters": changed_words(str.lower),
    "with narrow blanks": changed_words(lambda text: text.replace(" ", "\u202f")),
    "with no-break blanks": changed_words(lambda text: text.replace(" ", "\xa0")),
    "a word a line": changed_words(wrapped),
    "quoted": changed_words(lambda text: "".join(f"> {line}\n" for line in text.splitlines())),
    "with soft hyphens": changed_words(lambda text: text.replace("tr", "t\xadr").replace("op", "o\u200bp")),
    "in Cyrillic look-alikes": changed_words(lambda text: text.translate(str.maketrans("acopxy", "асорху"))),
    "with a digit for a letter": changed_words(lambda text: text.translate(str.maketrans("oi", "01"))),
    "decomposed": changed_words(lambda text: text.replace("é", "e\u0301")),
    "as base64": lambda raw: rebuilt(raw, decoded, "base64", base64.encodebytes),
    "as quoted-printable": lambda raw: rebuilt(raw, decoded, "quoted-printable", quopri.encodestring),
    "in UTF-16": in_charset("utf-16"),
    "in Latin-1": in_charset("iso-8859-1"),
    "in Windows-1252": in_charset("windows-1252"),
    "in UTF-7": in_charset("utf-7"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_mail_written_differently_is_not_let_go(way: str, glance: Glance, names: Names) -> None:
    wrongly, _, count = let_go((WAYS[way](path.read_bytes()) for path in LABELLED[::EVERY]), glance, names)
    assert count > 400
    assert wrongly == []


@pytest.mark.proof
@pytest.mark.parametrize("way", WAYS)
def test_no_mail_written_differently_is_let_go(way: str, glance: Glance, names: Names) -> None:
    wrongly, _, _ = let_go((WAYS[way](path.read_bytes()) for path in LABELLED), glance, names)
    assert wrongly == []


def broken(count: int) -> Iterator[bytes]:
    corpus = [(path.parent.name, path.read_bytes()) for path in LABELLED]
    for number in range(count):
        yield mutated(corpus, number)[1]


def test_a_broken_mail_is_not_let_go(glance: Glance, names: Names) -> None:
    wrongly, _, _ = let_go(broken(BROKEN), glance, names)
    assert wrongly == []


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_no_broken_mail_is_let_go(glance: Glance, names: Names) -> None:
    wrongly, _, _ = let_go(broken(ALL_BROKEN), glance, names)
    assert wrongly == []


# --- markup and carriers ----------------------------------------------------------------------------------------------

MARKUP = {
    "bold letters": "<p>Copy<b>track</b> GmbH</p>",
    "a span a letter": "<p>" + "".join(f"<span>{c}</span>" for c in "Hadopi") + "</p>",
    "a comment in it": "<p>Copy<!-- x -->track</p>",
    "an entity": "<p>&#67;opytr&#x61;ck</p>",
    "an invisible word in it": '<p>Ha<span style="display:none">zz</span>dopi</p>',
    "a word break": "<p>Pix<wbr>Trakk</p>",
    "over two lines": "<p>Haute autorité<br>pour la <b>diffusion</b></p>",
    "in a link alone": '<p>Bonjour, <a href="https://portal.copytrack.com/x">ici</a></p>',
    "in capitals": "<TABLE><TR><TD>PIX</TD><TD>TRAKK</TD></TR></TABLE>",
}


@pytest.mark.parametrize("case", MARKUP)
def test_a_name_in_markup_is_seen(case: str, glance: Glance, names: Names) -> None:
    raw = mail(f"<html><body>{MARKUP[case]}</body></html>", kind="text/html")
    assert names.of(read_letter(raw)) != ()
    assert glance(raw)


@pytest.mark.parametrize(
    "fields",
    [
        {"From": "=?utf-8?B?Q29weXRyYWNr?= <a@b.example>"},
        {"Subject": "=?utf-8?Q?Copy?= =?utf-8?Q?track?="},
        {"To": "claims@copytrack.com"},
        {"Reply_To": "x@hadopi.fr"},
    ],
)
def test_a_name_in_the_head_is_seen(fields: dict[str, str], glance: Glance, names: Names) -> None:
    raw = mail("Bonjour", **fields)
    assert names.of(read_letter(raw)) != ()
    assert glance(raw)


def test_what_is_not_text_gets_the_careful_reading(glance: Glance) -> None:
    assert glance(mail(b"%PDF-1.4 ", kind="application/pdf"))
    assert glance(mail(b"\x89PNG\r\n\x1a\n" + b"\0" * 40, kind="image/png"))
    assert not glance(mail("Bonjour, à demain !"))


def test_a_huge_mail_gets_the_careful_reading(glance: Glance) -> None:
    assert glance(mail("Bonjour " * 200_000))


def test_without_rooms_nothing_is_worth_reading() -> None:
    assert not Glance([])(mail("Copytrack"))
