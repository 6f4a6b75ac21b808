"""Local mail folders as programs lay them out: nested directories, Maildir++ (".Sent.2024" beside cur) and mixtures.

mbsync writes nested ones with `SubFolders Verbatim`, Maildir++ with `SubFolders Maildir++`, and "Archive/.2024" with
`Legacy`; names are those of the server, in modified UTF-7, or plain.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from imapclient.imap_utf7 import decode, encode

from inboxbot.mailbox.folders import Folder, Space

PARTS = ("cur", "new", "tmp")
_DEEPEST = 10


def walk(root: Path) -> dict[Folder, Path]:
    """Every folder beneath `root` with its directory, `root` itself as INBOX if it is one; OSError if it cannot be read."""
    found = {Folder("INBOX", separator="."): root} if is_maildir(root) else {}
    found |= dict(_beneath(root, (), set()))
    return found


def is_maildir(path: Path) -> bool:
    """Whether the directory is a mail folder."""
    return all((path / part).is_dir() for part in PARTS)


def space_of(root: Path) -> Space:
    """How a folder's name is written there."""
    return Space("", "." if is_maildir(root) else "/")


def place(root: Path, name: str) -> Path:
    """The directory of a folder that is still to be made."""
    written = encode(name).decode("ascii")
    return root / (f".{written}" if is_maildir(root) else written)


def _beneath(directory: Path, above: tuple[str, ...], seen: set[tuple[int, int]]) -> Iterator[tuple[Folder, Path]]:
    status = directory.stat()
    if (status.st_dev, status.st_ino) in seen or len(above) > _DEEPEST:  # a link to its own parent
        return
    seen.add((status.st_dev, status.st_ino))
    with os.scandir(directory) as entries:
        names = sorted(entry.name for entry in entries if entry.is_dir() and entry.name not in PARTS)
    flat = not above and is_maildir(directory)
    for name in names:
        path, hidden, holds_mail = directory / name, name.startswith("."), is_maildir(directory / name)
        if hidden and not holds_mail:
            continue
        if hidden and flat:
            yield Folder(_plain(name[1:]), separator="."), path
            continue
        levels = (*above, _plain(name.removeprefix(".")))
        if holds_mail:
            whole = "/".join(levels)
            yield Folder("INBOX" if whole.upper() == "INBOX" else whole), path
        yield from _beneath(path, levels, seen)


def _plain(name: str) -> str:
    """The name without modified UTF-7, where it is that."""
    try:
        plain = decode(name.encode("ascii"))
        return plain if encode(plain) == name.encode("ascii") else name
    except (UnicodeError, ValueError, IndexError):
        return name
