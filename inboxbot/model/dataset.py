"""training_data/: labelled mails, one file each, grouped by the hand and template family that wrote them.

A file is called `<hand>-<family>-<nn>.<language>.eml`; two letters of one group never stand on both sides of a split,
or the model would be measured on wording it has seen. Beside a photographed or scanned letter lies `<file>.scan.txt`,
what OCR read in it: so training says the same on every machine, with Tesseract or without. `probing.txt` names the hands
that wrote against the model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import inboxbot
from inboxbot.errors import SetupError
from inboxbot.letter.parse import read_letter
from inboxbot.model.features import Sight, sights
from inboxbot.model.names import Names, Rooms
from inboxbot.model.pipeline import Case
from inboxbot.ports import Ocr
from inboxbot.records import Letter

SCAN = ".scan.txt"
PROBING = "probing.txt"


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled letter, and what is seen of it for each room that it names."""

    path: Path
    label: str
    group: str
    language: str
    sights: Mapping[str, Sight]
    probing: bool = False  # written against the model: it teaches, but how often it fails says nothing of real mail
    own: bool = False  # labelled by the user: it teaches, but does not say how sure to be


def packaged_data() -> Path:
    """The training data that came with the program: inside the wheel, or `training_data/` of a checkout."""
    package = Path(inboxbot.__file__).parent
    inside = package / "_training_data"
    return inside if inside.is_dir() else package.parent / "training_data"


def load(
    root: Path,
    rooms: Rooms,
    progress: Callable[[Sequence[Path]], Iterator[Path]] | None = None,
) -> list[Example]:
    """Every labelled letter under `root`, in a stable order; SetupError when there is none."""
    paths = sorted(root.glob("*/*.eml"))
    if not paths:
        raise SetupError([f"{root}: no training letters (<label>/*.eml) there"])
    known, probing = Names(rooms), _probing(root)
    return [_example(path, known, probing) for path in (progress(paths) if progress else paths)]


def cases_of(examples: Sequence[Example]) -> list[Case]:
    """The questions that the examples answer: one for each room that a letter names."""
    return [
        Case(room, sight, example.label == room, example.group, example.probing, example.own)
        for example in examples
        for room, sight in example.sights.items()
    ]


def digest(examples: Sequence[Example]) -> str:
    """Tells whether the data is the same as last time: labels, groups and what is seen, in order."""
    total = hashlib.sha256()
    for example in examples:
        total.update(f"{example.label}\0{example.group}\0".encode())
        for room, sight in example.sights.items():
            total.update(f"{room}\0{sight.words}\0{'|'.join(sight.signs)}\0".encode())
    return total.hexdigest()


def transcribe(root: Path, ocr: Ocr) -> list[Path]:
    """Read the scans under `root` anew and keep what was read beside them; returns the files that were written."""
    written: list[Path] = []
    for path in sorted(root.glob("*/*.eml")):
        texts = [each.text for each in read_letter(path.read_bytes(), ocr).attachments if each.scanned and each.text]
        if texts:
            beside = path.with_name(path.name + SCAN)
            beside.write_text("\f".join(texts) + "\n", encoding="utf-8")
            written.append(beside)
    return written


def read_example(path: Path) -> Letter:
    """The letter of a file, its scans as they were transcribed."""
    letter = read_letter(path.read_bytes())
    beside = path.with_name(path.name + SCAN)
    if not beside.is_file():
        return letter
    texts = iter(beside.read_text(encoding="utf-8").rstrip("\n").split("\f"))
    unread = [each.unread and not each.text for each in letter.attachments]
    attachments = tuple(
        replace(each, text=next(texts, ""), unread=None, scanned=True) if blank else each
        for each, blank in zip(letter.attachments, unread, strict=True)
    )
    return replace(letter, attachments=attachments)


def _probing(root: Path) -> frozenset[str]:
    """The hands that wrote against the model."""
    told = root / PROBING
    lines = told.read_text(encoding="utf-8").splitlines() if told.is_file() else []
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _example(path: Path, names: Names, probing: frozenset[str]) -> Example:
    stem, _, language = path.name.removesuffix(".eml").rpartition(".")
    return Example(
        path=path,
        label=path.parent.name,
        group=f"{path.parent.name}/{stem.rpartition('-')[0]}",
        language=language,
        sights=sights(read_example(path), names),
        probing=stem.partition("-")[0] in probing,
    )
