"""A name that is written so that people read it and programs do not is read all the same; other words stay other words."""

from __future__ import annotations

import pytest
import re2

from inboxbot.issuers.room import open_rooms
from inboxbot.letter.glance import Glance
from inboxbot.letter.likeness import widened
from inboxbot.letter.parse import read_letter
from inboxbot.model.features import ROOM, sights
from inboxbot.model.names import Names
from inboxbot.reader.known import known
from tests.letter.mails import mail

ROOMS = open_rooms()
NAMES = Names(known(ROOMS))
GLANCE = Glance([name for room in ROOMS.values() for name in room.names])

DISGUISED = {
    "an l for an I": ("HADOPl", "hadopi"),
    "a Cyrillic С": ("Сopytrack", "copytrack"),
    "Cyrillic but for what has no likeness": ("Соруtrаск", "copytrack"),
    "Greek and Cyrillic capitals": ("ΗАDΟРІ", "hadopi"),
    "another alphabet at the end": ("Arсoм", "hadopi"),
    "digits": ("C0PYTRACK", "copytrack"),
    "a one for an i": ("P1xtrakk", "pixtrakk"),
    "accents": ("Pixträkk", "pixtrakk"),
    "full width": ("ＣＯＰＹＴＲＡＣＫ", "copytrack"),
    "mathematical letters": ("𝐇𝐚𝐝𝐨𝐩𝐢", "hadopi"),
    "small capitals": ("ʜᴀᴅᴏᴘɪ", "hadopi"),
    "a letter at a time": ("C o p y t r a c k", "copytrack"),
    "points between": ("H.A.D.O.P.I.", "hadopi"),
    "apart and in another alphabet": ("С о p y t r a с k", "copytrack"),
    "two words": ("COPY TRACK", "copytrack"),
    "a hyphen": ("Pix-Trakk", "pixtrakk"),
    "nothing between": ("Copy\u200btr\u2060ack", "copytrack"),
    "a name of several words": ("Haute Autorité pоur la Diffusiоn", "hadopi"),
}
ORDINARY = (
    "Hadoop", "par com", "marcom", "starcom", "Copper Track Ltd", "ein Pixel-Tracker", "a r c h i v e", "он пишет", "il faut copier la trace",
)  # fmt: skip


@pytest.mark.parametrize("way", DISGUISED)
def test_a_disguised_name_names_its_room(way: str) -> None:
    written, room = DISGUISED[way]
    raw = mail(f"Bonjour,\n\nle service de {written} vous écrit.\n")
    assert NAMES.of(read_letter(raw)) == (room,)
    assert GLANCE(raw)


@pytest.mark.parametrize("way", DISGUISED)
def test_the_judge_sees_it_as_the_room_s_name(way: str) -> None:
    written, room = DISGUISED[way]
    seen = sights(read_letter(mail(f"Bonjour,\n\nle service de {written} vous écrit.\n")), NAMES)
    assert f"service de {ROOM}" in seen[room].words


@pytest.mark.parametrize("words", ORDINARY)
def test_what_only_resembles_a_name_names_nobody(words: str) -> None:
    raw = mail(f"Bonjour,\n\nvoici {words} et le reste.\n")
    assert NAMES.of(read_letter(raw)) == ()
    assert not GLANCE(raw)


def test_a_short_name_is_taken_as_it_stands() -> None:
    assert widened(r"\bcl2p\b") == r"\bcl2p\b"


def test_a_pattern_stays_a_pattern() -> None:
    sought = re2.compile("(?i)" + widened(r"\bhaute autorit[eé] pour la diffusion\b"))
    assert sought.search("la HAUTE AUTORITE POUR LA DIFFUSION")
    assert not sought.search("la haute autorité de santé")
