"""By which names a letter calls the rooms, and where: a letter of an issuer names that issuer somewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from inboxbot.letter.likeness import widened
from inboxbot.model.masks import quiet
from inboxbot.records import Address, Letter

_AS_LETTERS = str.maketrans("015", "ois")


def _nothing(letter: Letter, room: str) -> Sequence[str]:  # noqa: ARG001 - the shape of `Rooms.read`
    return ()


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the model may know of the rooms: the patterns by which each is named, and what its own rules find in a letter.

    `read` gives signs (letter, room → "fact deadline", "stage notice"), never values: the model holds nothing personal.
    """

    names: Mapping[str, Sequence[str]]
    read: Callable[[Letter, str], Sequence[str]] = _nothing

    def only(self, rooms: Collection[str]) -> Rooms:
        """Those of the rooms that are also among these."""
        return Rooms({room: several for room, several in self.names.items() if room in rooms}, self.read)


class Names:
    """The rooms' names, ready to be looked for. Patterns are RE2, small and capital letters alike."""

    def __init__(self, known: Rooms) -> None:
        self.signs = known.read
        self._found = {
            room: quiet("(?i)" + "|".join(f"(?:{widened(pattern)})" for pattern in several))
            for room, several in known.names.items()
            if several
        }

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms that have names."""
        return tuple(self._found)

    def in_text(self, room: str, text: str) -> bool:
        """Whether the text names the room; a name may be broken over two lines."""
        return bool(self._found[room].search(_flat(text)))

    def count(self, room: str, text: str) -> int:
        """How often the text names the room."""
        return sum(1 for _ in self._found[room].finditer(_flat(text)))

    def first(self, room: str, text: str) -> float | None:
        """Where the text first names the room: 0 at its beginning, 1 at its end; None where it does not."""
        flat = _flat(text)
        found = self._found[room].search(flat)
        return found.start() / len(flat) if found else None

    def of(self, letter: Letter) -> tuple[str, ...]:
        """The rooms that the letter names anywhere: words, links, heads, attachments' names, history."""
        text = _flat("\n".join(everywhere(letter)))
        return tuple(room for room, found in self._found.items() if found.search(text))

    def lettered(self, text: str) -> str:
        """The text with names such as C0PYTRACK in letters alone; the masks would take them for codes."""
        for found in self._found.values():
            text = found.sub(lambda name: name[0].translate(_AS_LETTERS), text)
        return text

    def told_apart(self, text: str, room: str) -> str:
        """The text with this room's names as `xroom` and the other rooms' as `xrival`."""
        for other, found in self._found.items():
            text = found.sub(" xroom " if other == room else " xrival ", text)
        return text


def everywhere(letter: Letter) -> Iterator[str]:
    """Every text of the mail in which an issuer may be named."""
    yield from (text for _, text in letter.pieces())
    yield letter.head.subject
    yield letter.covering_note
    for quoted in letter.quoted:
        yield quoted.text
        if quoted.sender:
            yield written(quoted.sender)
    yield from (link.href for link in letter.links)
    yield from (attachment.name for attachment in letter.attachments)
    yield from (written(each) for each in (*letter.senders, *letter.reply_to, *letter.head.recipients))
    if letter.forwarded is not None:
        yield from (written(each) for each in letter.forwarded.recipients)
        if letter.forwarded.sender is not None:
            yield written(letter.forwarded.sender)


def written(address: Address) -> str:
    """A mailbox as one text."""
    return f"{address.name} {address.addr}"


def _flat(text: str) -> str:
    return " ".join(text.split())
