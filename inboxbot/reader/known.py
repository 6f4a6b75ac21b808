"""What the model is told of the rooms: here the two meet, which know nothing of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inboxbot.issuers.room import Room
from inboxbot.issuers.signs import signs_of
from inboxbot.model.names import Rooms
from inboxbot.records import Letter


def known(rooms: Mapping[str, Room]) -> Rooms:
    """The rooms as the model may know them: by which names, and what their own rules find in a letter."""

    def read(letter: Letter, name: str) -> Sequence[str]:
        return signs_of(letter, rooms[name])

    return Rooms({name: room.names for name, room in rooms.items()}, read)
