"""A new room to begin with: a folder whose profile is valid as it stands and says beside each key what belongs there."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from string import Template

from inboxbot.errors import SetupError
from inboxbot.issuers.room import HERE, PROFILE, is_name

BLANK = HERE / "new-room.toml"


def scaffold(parent: Path, name: str, title: str, taken: Collection[str]) -> Path:
    """Make the room's folder with its profile and a place for its examples; SetupError when it is there or misnamed."""
    folder = parent / name
    if not is_name(name):
        raise SetupError(
            [
                f"{name}: a room's name is its label: small letters, digits, - and _, at least two, and not other or unsure"
            ]
        )
    if name in taken or folder.exists():
        raise SetupError([f"{folder}: there is a room called “{name}” already: choose another name"])
    pattern = name.replace("-", " ").replace("_", " ").replace(" ", "[ -]?")
    blank = Template(BLANK.read_text(encoding="utf-8"))
    try:
        (folder / "examples").mkdir(parents=True)
        profile = blank.substitute(name=name, title=title.replace('"', "'"), pattern=pattern)
        (folder / PROFILE).write_text(profile, encoding="utf-8")
    except OSError as error:
        raise SetupError([f"{folder}: cannot be written ({error.strerror}): choose another place with --in"]) from None
    return folder
