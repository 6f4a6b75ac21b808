"""The user's own folder of reply templates, looked at before any of them is used: what is in it must be of use."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from inboxbot.issuers.wording import LANGUAGES


def unreadable(folder: Path) -> Iterator[str]:
    """Why the folder cannot be read at all, or which of its templates."""
    if not folder.is_dir():
        yield f"{folder}: there is no such folder of templates"
    for path in _templates(folder):
        try:
            path.read_text(encoding="utf-8")
        except OSError as error:
            yield f"{path}: cannot be read: {error.strerror}"
        except UnicodeDecodeError as error:
            line = path.read_bytes().count(b"\n", 0, error.start) + 1
            yield f"{path}:{line}: is not UTF-8: save it as that"


def strays(folder: Path, scenarios: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """The replies in the folder that no room would ever write; `scenarios` are each room's."""
    for path in _templates(folder):
        kind, _, rest = path.name.removesuffix(".j2").partition(".")
        if kind != "reply":
            continue
        here = scenarios.get(path.parent.name) if path.parent != folder else None
        known = sorted(set(here if here is not None else (name for names in scenarios.values() for name in names)))
        scenario, _, language = rest.rpartition(".")
        if scenario not in known:
            yield f"{path}: no reply is called “{scenario}”{_near(scenario, known)}; there are: {', '.join(known)}"
        elif language not in LANGUAGES:
            yield f"{path}: “{language}” is no language of replies; there are: {', '.join(LANGUAGES)}"


def _templates(folder: Path) -> list[Path]:
    return [*sorted(folder.glob("*.j2")), *sorted(folder.glob("*/*.j2"))]


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return f" (did you mean {near[0]}?)" if near else ""
