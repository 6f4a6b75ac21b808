"""What must hold whatever the input: hypothesis tries it in the suite, atheris for as long as one likes (`make fuzz`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email import message_from_bytes, policy
from functools import cache

from inboxbot.errors import LetterError
from inboxbot.issuers.facts import find_facts, find_stage
from inboxbot.issuers.reply import write_reply
from inboxbot.issuers.room import Room, open_rooms
from inboxbot.letter.compose import draft_message
from inboxbot.letter.identity import letter_key
from inboxbot.letter.parse import read_letter
from inboxbot.records import Address, Brief, Facts, Head, Identity, Letter, Receiver, Standing, Trust
from inboxbot.trust.weigh import weigh
from tests.letter.mails import mail

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ME = Identity("Atelier Durand SARL", "contact@client.example", "Claire Durand", "company")
BRIEF = Brief(ME, Receiver("mx.ours.example", ("relay.example",)), ours=frozenset({"contact@client.example"}))
UNVERIFIED = Trust(Standing.UNVERIFIED, ())


@cache
def rooms() -> Mapping[str, Room]:
    return open_rooms()


def reading(raw: bytes) -> None:
    """Any bytes are read, within limits and clean, and weighed; no bytes are two letters."""
    letter = read_letter(raw)
    for text in _shown(letter):
        assert not [
            c for c in text if (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E
        ]
    assert len(letter.attachments) <= 200
    assert len(letter.body) <= 2 << 20
    assert letter_key("contact@imap.client.example", raw) == letter_key("contact@imap.client.example", raw)
    for room in rooms().values():
        assert weigh(letter, raw, room.trust, Facts(), None, BRIEF).verdict in Standing


def _shown(letter: Letter) -> Iterator[str]:
    yield from (letter.head.subject, *(text for _, text in letter.pieces()))
    yield from (text for sender in letter.senders for text in (sender.name, sender.addr))
    yield from (attached.name for attached in letter.attachments)


def facts(text: str) -> None:
    """Whatever the words, each room looks for its facts; what it finds is of its kind, and has a passage."""
    letter = read_letter(mail(text.encode("utf-8", "replace")))
    for room in rooms().values():
        found = find_facts(letter, room, BRIEF)
        find_stage(letter, room)
        assert found.amount is None or (found.amount.is_finite() and found.amount >= 0 and found.currency)
        assert all(isinstance(each.value, Decimal) and each.value.is_finite() for each in found.amounts)
        assert all(passage.quote for passage in found.evidence.values())
        assert found.deadline is None or found.deadline_rolled is None or found.deadline <= found.deadline_rolled


def rendering(text: str) -> None:
    """Whatever a letter says in the place of a fact, the draft is one message to whom it may go, and shows only words."""
    text = text.encode("utf-8", "replace").decode()  # a letter is never read as half a character
    sender = Address(text[:80], "case@copytrack.com")
    head = Head("0" * 64, f"<{text[:60]}>", (text[:60],), (), NOW, sender, (), text)
    planted = Facts(case_number=text[:60], rights_holder=text[:60], author=text[:60], software=text[:60], isp=text[:60])
    letter = read_letter(mail(text))
    for room in rooms().values():
        for stage in room.stages:
            try:
                reply = write_reply(letter, room, planted, stage, UNVERIFIED, BRIEF)
            except LetterError:
                continue  # the lint refused it: no draft is better than that one
            _is_one_message(draft_message(head, reply, ME, "<d@localhost.invalid>", NOW))


HEADERS = {
    "from", "to", "subject", "date", "message-id", "in-reply-to", "references",
    "mime-version", "content-type", "content-transfer-encoding",
}  # fmt: skip


def _is_one_message(raw: bytes) -> None:
    message = message_from_bytes(raw, policy=policy.default)
    assert {name.lower() for name in message} <= HEADERS
    assert len(message.keys()) == len({name.lower() for name in message})
    words = message.get_content().replace("\r\n", "\n")
    assert not [c for c in words if ord(c) < 32 and c not in "\n\t"]
    assert "None" not in words.partition("\n> ")[0].split()
    assert b"\n" not in raw.replace(b"\r\n", b"")


TARGETS: Mapping[str, Callable[..., None]] = {"reading": reading, "facts": facts, "rendering": rendering}
