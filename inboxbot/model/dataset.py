"""training_data/: labelled mails, one file each, grouped by the hand and template family that wrote them.

A file is called `<hand>-<family>-<nn>.<language>.eml`; two letters of one group never stand on both sides of a split,
or the model would be measured on wording it has seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import inboxbot
from inboxbot.errors import SetupError
from inboxbot.letter.parse import read_letter
from inboxbot.model.features import text_of
from inboxbot.records import Letter


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled letter."""

    path: Path
    label: str
    group: str
    language: str
    letter: Letter
    text: str


def packaged_data() -> Path:
    """The training data that came with the program: inside the wheel, or `training_data/` of a checkout."""
    package = Path(inboxbot.__file__).parent
    inside = package / "_training_data"
    return inside if inside.is_dir() else package.parent / "training_data"


def load(root: Path, progress: Callable[[Sequence[Path]], Iterator[Path]] | None = None) -> list[Example]:
    """Every labelled letter under `root`, in a stable order; SetupError when there is none."""
    paths = sorted(root.glob("*/*.eml"))
    if not paths:
        raise SetupError([f"{root}: no training letters (<label>/*.eml) there"])
    return [_example(path) for path in (progress(paths) if progress else paths)]


def digest(examples: Sequence[Example]) -> str:
    """Tells whether the data is the same as last time: labels and masked texts, in order."""
    total = hashlib.sha256()
    for example in examples:
        total.update(f"{example.label}\0{example.group}\0{example.text}\0".encode())
    return total.hexdigest()


def _example(path: Path) -> Example:
    letter = read_letter(path.read_bytes())
    stem, _, language = path.name.removesuffix(".eml").rpartition(".")
    return Example(
        path=path,
        label=path.parent.name,
        group=f"{path.parent.name}/{stem.rpartition('-')[0]}",
        language=language,
        letter=letter,
        text=text_of(letter),
    )
