"""The letters that replies are tried on: those of the training data, and letters made for one test."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from inboxbot.issuers.facts import find_facts, find_stage
from inboxbot.issuers.reply import write_reply
from inboxbot.issuers.room import HERE, Room, open_rooms
from inboxbot.letter.parse import read_letter
from inboxbot.records import Brief, Facts, Identity, Letter, Reply
from inboxbot.trust.weigh import weigh

TRAINING = Path(__file__).parents[2] / "training_data"
ROOMS = ("copytrack", "pixtrakk", "hadopi")
FILES = tuple(path for room in ROOMS for path in sorted((TRAINING / room).glob("*.eml")))
EXAMPLES = tuple(  # one of each sort: stages, languages, carriers
    TRAINING / f"{name}.eml"
    for name in (
        "copytrack/nora-oldnotice-01.en",
        "copytrack/nora-threesteps-07.fr",
        "copytrack/nora-postal-03.en",
        "copytrack/nora-reminders-07.de",
        "copytrack/piet-final-05.fr",
        "copytrack/selma-cabinet-01.fr",
        "copytrack/selma-kanzlei-01.de",
        "copytrack/selma-forwards-01.en",
        "copytrack/nora-closing-05.fr",
        "pixtrakk/ines-malaterre-01.fr",
        "pixtrakk/ines-osterwald-01.de",
        "pixtrakk/theo-brightwell-04.en",
        "pixtrakk/ines-papier-06.fr",
        "hadopi/karim-bouygues-01.fr",
        "hadopi/karim-rappel-01.fr",
        "hadopi/solene-second-04.fr",
        "hadopi/odile-notif-01.fr",
        "hadopi/odile-hotel-06.en",
    )
)

ROOM_EXAMPLES = tuple(  # those that the rooms themselves hold
    path for room in ROOMS for path in sorted((HERE / room / "examples").glob("*.eml"))
)

COMPANY = Identity(
    name="Atelier Durand SARL",
    address="contact@client.example",
    signature="Claire Durand\ngérante",
    kind="company",
    siren="123 456 782",
)
PERSON = Identity(name="Claire Durand", address="claire@client.example", signature="Claire Durand")


@cache
def rooms() -> dict[str, Room]:
    return open_rooms()


def room_of(path: Path) -> Room:
    """The room that a letter lies in: its folder's, or its folder's folder's."""
    return rooms()[next(part for part in reversed(path.parts[:-1]) if part in ROOMS)]


@cache
def read(path: Path) -> tuple[bytes, Letter, Facts, str | None]:
    """A letter of the training data or of a room's examples, with its facts and stage."""
    raw = path.read_bytes()
    letter, room = read_letter(raw), room_of(path)
    return raw, letter, find_facts(letter, room, Brief()), find_stage(letter, room)


def reply_to(
    path: Path,
    scenario: str | None = None,
    language: str | None = None,
    identity: Identity = COMPANY,
    *,
    quote: bool = False,
) -> Reply:
    """The reply to a letter of the training data."""
    raw, letter, facts, stage = read(path)
    room = room_of(path)
    ours = frozenset({identity.address})
    brief = Brief(identity=identity, scenario=scenario, language=language, quote=quote, ours=ours)
    return write_reply(letter, room, facts, stage, weigh(letter, raw, room.trust, facts, stage, brief), brief)


def mail(
    body: str, subject: str = "Case K7Q2XB", sender: str = "Copytrack <case@copytrack.com>", more: str = ""
) -> bytes:
    """A plain mail."""
    head = f"From: {sender}\nTo: contact@client.example\nSubject: {subject}\nDate: Mon, 03 Mar 2025 09:00:00 +0100\nMessage-ID: <k7@copytrack.com>\n"
    return f"{head}{more}Content-Type: text/plain; charset=utf-8\n\n{body}".encode()


def written(raw: bytes, room: str = "copytrack", **brief: object) -> Reply:
    """The reply to a mail."""
    told = Brief(**{"identity": COMPANY, "ours": frozenset({COMPANY.address}), **brief})  # type: ignore[arg-type]
    letter, house = read_letter(raw), rooms()[room]
    facts, stage = find_facts(letter, house, told), find_stage(letter, house)
    return write_reply(letter, house, facts, stage, weigh(letter, raw, house.trust, facts, stage, told), told)
