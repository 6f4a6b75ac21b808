"""What can be taught: labelled letters as examples, the rooms' own examples, and packaged mail as far as it says anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from inboxbot.issuers.examples import FEWEST
from inboxbot.issuers.room import HERE, PACKAGED
from inboxbot.learn.doubt import DOUBTFUL, likelihood
from inboxbot.learn.pile import NAMED, Kept
from inboxbot.model.dataset import Example, read_example
from inboxbot.model.features import sights
from inboxbot.model.names import Names, Rooms
from inboxbot.model.pipeline import Weights
from inboxbot.records import OTHER

ENOUGH = 12  # labelled letters that a new room needs before it is taught, beside its examples


def teachable(
    letters: Sequence[Kept], old: Collection[str], rooms: Rooms, extra: Sequence[Path]
) -> tuple[list[Kept], list[str]]:
    """The letters whose label can be learned, and in words why others cannot: no room, too few letters or examples.

    `old` are the labels of packaged letters: they need no more.
    """
    examples = {label: len(list((folder / "examples").glob("*.eml"))) for label, folder in _folders(extra).items()}
    taught, notes = [], []
    for label, count in sorted(Counter(kept.label for kept in letters).items()):
        if label not in old and label not in rooms.names:
            notes.append(f"{label}: no room is called so, its {count} letters are left aside")
        elif label not in old and count < ENOUGH:
            notes.append(
                f"{label}: too thin to be learned: {count} of the {ENOUGH} labelled letters that a new room needs"
            )
        elif label not in old and examples.get(label, 0) < FEWEST:
            notes.append(
                f"{label}: too thin to be learned: {examples.get(label, 0)} of the {FEWEST} examples that it needs"
            )
        else:
            mine = [kept for kept in letters if kept.label == label]
            nameless = [kept for kept in mine if label != OTHER and label not in kept.sights]
            if nameless:
                keys = ", ".join(kept.key[:8] for kept in nameless)
                notes.append(f"{label}: letters that name the issuer nowhere cannot be recognised: {keys}")
            taught += [kept for kept in mine if kept not in nameless]
    return taught, notes


def as_example(kept: Kept, group: str, rooms: Rooms) -> Example:
    """A letter of the pile as training knows letters."""
    seen = {room: sight for room, sight in kept.sights.items() if room in rooms.names}
    return Example(Path(kept.key[:NAMED]), kept.label, group, kept.language or "?", seen, own=True)


def examples_of_rooms(extra: Sequence[Path], rooms: Rooms) -> list[Example]:
    """The rooms' own examples: never trained on, and never to be judged worse than before."""
    names = Names(rooms)
    return [
        Example(Path(f"{label}/{path.name}"), label, "examples", "?", sights(read_example(path), names))
        for label, folder in _folders(extra).items()
        if label in rooms.names
        for path in sorted((folder / "examples").glob("*.eml"))
    ]


def seen_by(examples: Sequence[Example], rooms: Rooms) -> list[Example]:
    """The examples as far as they name these rooms."""
    return [without(example, example.sights.keys() - rooms.names.keys()) for example in examples]


def without(example: Example, rooms: Collection[str]) -> Example:
    """The example as somebody sees it who has never heard of these rooms."""
    return replace(example, sights={room: sight for room, sight in example.sights.items() if room not in rooms})


def undecided(examples: Sequence[Example], added: Collection[str], base: Weights) -> list[Example]:
    """Packaged mail says nothing of a room that came later, unless it is surely nobody's letter: nobody was asked.

    `base` has learned from packaged letters alone, without the new rooms.
    """
    return [
        without(
            example,
            {room for room in added & example.sights.keys() if likelihood(base, room, example.sights[room]) > DOUBTFUL},
        )
        for example in examples
    ]


def _folders(extra: Sequence[Path]) -> dict[str, Path]:
    """The folder of each room, by its label."""
    return {folder.resolve().name: folder for folder in (*(HERE / name for name in PACKAGED), *extra)}
