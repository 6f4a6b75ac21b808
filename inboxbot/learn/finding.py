"""What came of a lesson: as it is told, and as the last one is remembered beside the models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from inboxbot import wire
from inboxbot.model import shelf

STUDIED = "studied.json"


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a study. Without a version there was nothing to train on; `why` is one plain paragraph."""

    version: str | None
    better: bool
    why: str
    doubtful: tuple[tuple[str, str, str], ...] = ()  # key, label given, label that the others would give
    notes: tuple[str, ...] = ()
    learned: Mapping[str, int] = field(default_factory=dict)  # letters of the pile, by label
    against: tuple[str, ...] = ()  # what is worse than with the model in use


@dataclass(frozen=True, slots=True)
class Studied:
    """The last finding, the digest of all that it depends on, and what was looked at: letters under their labels."""

    digest: str
    finding: Finding
    at: datetime
    letters: frozenset[str]
    promoted: bool


def last(folder: Path) -> Studied | None:
    """The last study on this shelf; None when there was none, or an older program wrote it."""
    try:
        return wire.loads(Studied, (folder / STUDIED).read_bytes())
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remember(folder: Path, studied: Studied) -> None:
    """Note the study on the shelf, in place of the one before."""
    shelf.note(folder / STUDIED, wire.dumps(studied))
