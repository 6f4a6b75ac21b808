"""Labelled letters for the pile, as a person would have filed them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from inboxbot.issuers.room import open_rooms
from inboxbot.learn.pile import Kept
from inboxbot.letter.identity import letter_key
from inboxbot.letter.parse import read_letter
from inboxbot.model.features import Sight, sights
from inboxbot.model.names import Names, Rooms
from inboxbot.reader.known import known

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
DATA, HELD_OUT = ROOT / "training_data", ROOT / "tests" / "evaluation"


@cache
def rooms(*extra: Path) -> Rooms:
    return known(open_rooms(extra))


def kept(raw: bytes, label: str, at: datetime = NOON, extra: Sequence[Path] = ()) -> Kept:
    """The letter as the reader sees it."""
    letter = read_letter(raw)
    seen = sights(letter, Names(rooms(*extra)))
    folder = f"Inboxbot/Label/{label.title()}"
    return Kept(letter_key("office", raw), label, "office", folder, at, letter.language, seen)


def noted(key: str, label: str, words: str, at: datetime = NOON) -> Kept:
    """A letter of which only these words matter."""
    return Kept(key * 64, label, "office", "Inboxbot/Label", at, "en", {"copytrack": Sight(words, ("named",))})
