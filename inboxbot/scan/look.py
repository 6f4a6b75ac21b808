"""One look through an archive: files, folders of .eml, Maildirs and mboxes, each mail once, in a fixed order.

An archive may change meanwhile. A look knows of every directory and mbox it went through how it was before, so that it
can be told afterwards whether another look is due.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inboxbot.mailbox.maildir import unique_name
from inboxbot.mailbox.tree import PARTS
from inboxbot.scan import mbox
from inboxbot.scan.place import Place

EML, MBOX = ".eml", (".mbox", ".mbx")

_Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class _Source:
    """A file with mail in it. `name` stays the same when a mail program renames the file, or another way leads there."""

    path: Path
    name: str
    size: int
    is_mbox: bool = False


@dataclass(slots=True)
class Look:
    """A look through `paths`. `trouble` is told (path, why) of what could not be looked into."""

    paths: Sequence[str]
    trouble: Callable[[str, str], None]
    _stamps: dict[Path, _Stamp] = field(default_factory=dict)

    def size(self) -> int:
        """How many bytes of mail there are, by the sizes of the files alone."""
        return sum(source.size for source in self._sources())

    def places(self) -> Iterator[Place]:
        """Every mail's place."""
        for source in self._sources():
            if not source.is_mbox:
                yield Place(_digest(source.name), str(source.path), str(source.path.absolute()), source.size)
                continue
            try:
                yield from self._in_mbox(source)
            except OSError as error:
                self.trouble(str(source.path), why(error))

    def changed(self) -> bool:
        """Whether a directory or an mbox is not any more as it was when it was looked into."""
        return any(_stamp(path) != before for path, before in self._stamps.items())

    def _in_mbox(self, source: _Source) -> Iterator[Place]:
        self._note(source.path)
        file, alike = str(source.path.absolute()), Counter[str]()
        for number, stretch in enumerate(mbox.stretches(source.path), 1):
            alike[stretch.identity] += 1
            id_ = _digest(f"{source.name}\0{stretch.identity}\0{alike[stretch.identity]}")
            yield Place(id_, str(source.path), file, stretch.size, stretch.offset, number, stretch.identity)

    # --- files and folders --------------------------------------------------------------------------------------------

    def _sources(self) -> Iterator[_Source]:
        for path in map(Path, self.paths):
            if path.is_dir():
                yield from self._beneath(path)
            else:
                yield from self._file(path, path.parent.resolve(), named=True)

    def _beneath(self, root: Path) -> Iterator[_Source]:
        for name, below, files in os.walk(root, onerror=self._refused):
            directory, real = Path(name), Path(name).resolve()
            self._note(directory)
            if {"cur", "new"} <= set(below):
                yield from self._maildir(directory, real)
                below[:] = [each for each in below if each not in PARTS]
            below.sort()
            for file in sorted(files):
                yield from self._file(directory / file, real)

    def _maildir(self, directory: Path, real: Path) -> Iterator[_Source]:
        """new before cur, so that no mail slips by on its way from one to the other."""
        for part in ("new", "cur"):
            self._note(directory / part)
            try:
                files = sorted((directory / part).iterdir())
            except OSError as error:
                self.trouble(str(directory / part), why(error))
                continue
            for path in files:
                status = _status(path)
                if status is not None and stat.S_ISREG(status.st_mode) and not path.name.startswith("."):
                    yield _Source(path, str(real / "cur" / unique_name(path.name)), status.st_size)

    def _file(self, path: Path, real: Path, *, named: bool = False) -> Iterator[_Source]:
        """The file, if there is mail in it: one that the user named always is mail; in a folder its ending or its first
        line tells."""
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                if named:
                    self.trouble(str(path), "is neither a file nor a folder")
                return
            ending = path.suffix.lower()
            is_mbox = ending in MBOX or (ending != EML and mbox.is_mbox(path))
        except OSError as error:
            self.trouble(str(path), why(error))
            return
        if named or is_mbox or ending == EML:
            yield _Source(path, str(real / path.name), status.st_size, is_mbox)

    def _note(self, path: Path) -> None:
        self._stamps.setdefault(path, _stamp(path))

    def _refused(self, error: OSError) -> None:
        self.trouble(str(error.filename), why(error))


def why(error: OSError) -> str:
    """In words, why a file could not be had."""
    return f"cannot be read: {error.strerror or error}"


def _digest(name: str) -> str:
    return (
        "m" + hashlib.sha256(os.fsencode(name)).hexdigest()[:23]
    )  # a letter first: no spreadsheet takes it for a number


def _stamp(path: Path) -> _Stamp:
    status = _status(path)
    return (status.st_ino, status.st_size, status.st_mtime_ns) if status else None


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
