"""The pile: what is kept of labelled letters to learn from, one file a letter, readable by its owner alone.

Kept is what the estimator is told of a letter (`model.features.Sight`): masked words and signs, no names, numbers or
addresses. With `keep = "raw"` the whole mail lies beside it, so that it can be read anew when the program reads better.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from inboxbot import wire
from inboxbot.model.features import Sight

NAMED = 16  # digits of the key in a file's name
RAW = ".eml"


@dataclass(frozen=True, slots=True)
class Kept:
    """One labelled letter, and where the label comes from: a person, this account and folder, then."""

    key: str
    label: str
    account: str
    folder: str
    at: datetime
    language: str | None
    sights: Mapping[str, Sight]
    who: str = "human"


class Pile:
    """The letters under `root`, by label."""

    def __init__(self, root: Path, keep: Literal["masked", "raw"] = "masked") -> None:
        self.root, self._raw = root, keep == "raw"

    def keep(self, kept: Kept, raw: bytes) -> None:
        """Lay a letter on the pile; whatever label it had before is replaced."""
        target = self._place(kept)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._raw:
            _write(target.with_suffix(RAW), raw)
        _write(target, wire.dumps(kept))
        for other in self._files(kept.key):
            if other.parent != target.parent:
                other.unlink(missing_ok=True)

    def letters(self) -> list[Kept]:
        """Every letter, in a stable order; what cannot be read (an older program's, a damaged file) is left out."""
        found = [_read(path) for path in sorted(self.root.glob("*/*.json"))]
        return [each for each in found if each is not None]

    def raw(self, kept: Kept) -> bytes | None:
        """The whole mail where it was kept."""
        path = self._place(kept).with_suffix(RAW)
        return path.read_bytes() if path.is_file() else None

    def relabel(self, kept: Kept, label: str) -> None:
        """Move a letter under another label."""
        self.keep(replace(kept, label=label), self.raw(kept) or b"")

    def forget(self, key: str) -> bool:
        """Remove every file of the letter whose key this is or begins with; false if there was none."""
        files = self._files(key)
        for path in files:
            path.unlink(missing_ok=True)
        return bool(files)

    def prune(self, before: datetime) -> int:
        """Remove what was labelled before then; returns how many letters that were."""
        old = [kept for kept in self.letters() if kept.at < before]
        for kept in old:
            self.forget(kept.key)
        return len(old)

    def _place(self, kept: Kept) -> Path:
        return self.root / kept.label / f"{kept.key[:NAMED]}.json"

    def _files(self, key: str) -> Sequence[Path]:
        return sorted(self.root.glob(f"*/{key[:NAMED]}*"))


def _read(path: Path) -> Kept | None:
    try:
        return wire.loads(Kept, path.read_bytes())
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, readable by its owner alone from its first byte on."""
    building = path.with_name(f".{path.name}.new")
    descriptor = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    building.replace(path)
