"""The shelf of models: one folder a version with `model.joblib` and `card.json`; `current` is one line.

A file is verified on the very bytes that are then opened, and opened as plain arrays: a joblib file is a program for
whoever may write it (libraries study §10), so digest, owner and mode come first and nothing falls back.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

import inboxbot
from inboxbot.errors import SetupError
from inboxbot.model.judge import Rule
from inboxbot.model.pipeline import Vocabulary, Weights
from inboxbot.records import OTHER

KEPT = 5
FORMAT = 2  # of the arrays in a bundle; one of another format is trained anew


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """An opened model: what the judge needs."""

    version: str
    weights: Weights
    rule: Rule
    card: Mapping[str, Any]


def packaged_shelf() -> Path:
    """The shelf that came with the program: inside the wheel, or `models/` of a checkout."""
    package = Path(inboxbot.__file__).parent
    inside = package / "_shelf"
    return inside if inside.is_dir() else package.parent / "models"


def open_current(models_dir: Path | None) -> Bundle | None:
    """The current model of the user's shelf, else the packaged one; None when neither holds any.

    One that is broken or was tampered with is never opened: the last good version takes its place, then the packaged
    one. `inboxbot check` tells when the model in use is not the one that `current` names.
    """
    for folder in _in_order(models_dir) if models_dir is not None and current(models_dir) else ():
        with contextlib.suppress(SetupError):
            return open_model(folder, strict=True)
    shelf = packaged_shelf()
    if version := current(shelf):
        with contextlib.suppress(SetupError):
            return open_model(shelf / version, strict=False)
    return None


def _in_order(shelf: Path) -> Iterator[Path]:
    """The current version, the one before, then the others, newest first; none that was found to be worse."""
    named = [version for version in (current(shelf), _named(shelf / "previous")) if version]
    yield from (shelf / version for version in named)
    for version in reversed(versions(shelf)):
        with contextlib.suppress(SetupError):
            if version not in named and card_of(shelf, version).get("learning", {}).get("better", True):
                yield shelf / version


def current(shelf: Path) -> str | None:
    """The version that `current` names, if there is one."""
    return _named(shelf / "current")


def versions(shelf: Path) -> list[str]:
    """All versions on the shelf, oldest first."""
    if not shelf.is_dir():
        return []
    return sorted(entry.name for entry in shelf.iterdir() if (entry / "card.json").is_file())


def card_of(shelf: Path, version: str, *, strict: bool = False) -> dict[str, Any]:
    """The version's card; SetupError when it cannot be read, or (`strict`) when others might have written it."""
    path = shelf / version / "card.json"
    try:
        card = json.loads(_read_once(path, strict=strict))
    except ValueError:
        card = None
    if not isinstance(card, dict):
        raise SetupError([f"{path}: is no card of a model: promote another version or train again"])
    return card


def fault(shelf: Path) -> str | None:
    """Why the version that `current` names cannot be opened, so that another one serves; None when it can, or none is."""
    version = current(shelf)
    try:
        if version is not None:
            open_model(shelf / version, strict=True)
    except SetupError as error:
        return error.problems[0]
    return None


def open_model(folder: Path, *, strict: bool) -> Bundle:
    """Verify, then open. `strict`: files and folder must belong to this user (or root) and be writable by nobody else."""
    if strict:
        _is_ours(folder)
    card = card_of(folder.parent, folder.name, strict=strict)
    path = folder / "model.joblib"
    if card.get("format") != FORMAT:
        raise SetupError([f"{path}: was made by another version of inboxbot: train again (inboxbot train --promote)"])
    data = _read_once(path, strict=strict)
    if hashlib.sha256(data).hexdigest() != card.get("sha256"):
        raise SetupError(
            [f"{path}: its digest is not the one on its card: it was damaged or changed; roll back or train again"]
        )
    import joblib  # noqa: PLC0415 - only who opens a model pays

    try:
        rule = Rule(**card["rule"])
    except (KeyError, TypeError):
        raise SetupError([f"{path}: its card tells no thresholds: promote another version or train again"]) from None
    plain = joblib.load(io.BytesIO(data))
    weights = Weights(
        rooms=tuple(plain["rooms"]),
        words=_vocabulary(plain["words"]),
        signs=_vocabulary(plain["signs"]),
        intercept=float(plain["intercept"]),
        temperature=float(plain["temperature"]),
    )
    return Bundle(folder.name, weights, rule, card)


def save(shelf: Path, weights: Weights, rule: Rule, facts: Mapping[str, Any], made_at: datetime) -> str:
    """Put a candidate on the shelf, whole or not at all, and return its version; `current` does not change."""
    import joblib  # noqa: PLC0415

    plain = as_arrays(weights)
    buffer = io.BytesIO()
    joblib.dump(plain, buffer, compress=3)
    data = buffer.getvalue()
    content = content_digest(plain)
    version = f"{made_at:%Y-%m-%dT%H-%M-%SZ}-{content[:8]}"
    card = {
        "version": version,
        "format": FORMAT,
        "made_at": made_at.isoformat(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "content_digest": content,
        "labels": [*weights.rooms, OTHER],
        "features": {"words": len(weights.words.terms), "signs": len(weights.signs.terms)},
        "rule": {"letter": rule.letter, "other": rule.other, "margin": rule.margin},
        **facts,
    }
    building = shelf / f".{version}"
    for place in (shelf, building):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(building / "model.joblib", data)
    _write(building / "card.json", (json.dumps(card, indent=1, ensure_ascii=False) + "\n").encode())
    building.rename(shelf / version)
    _sync_directory(shelf)
    return version


def promote(shelf: Path, version: str) -> None:
    """Make a version current, atomically, after opening it; older ones beyond five go, never the current one."""
    open_model(shelf / version, strict=True)
    before = current(shelf)
    if before and before != version:
        _replace(shelf / "previous", before)
    _replace(shelf / "current", version)
    tidy(shelf)


def tidy(shelf: Path) -> None:
    """Remove what is beyond five versions, oldest first, and what an interrupted `save` left; never current or previous."""
    named = {current(shelf), _named(shelf / "previous")}
    others = [version for version in versions(shelf) if version not in named]
    surplus = others[: max(0, len(others) + len(named - {None}) - KEPT)]
    long_ago = time.time() - 3600  # another training may be at work just now
    unfinished = [each.name for each in shelf.glob(".*") if each.is_dir() and each.stat().st_mtime < long_ago]
    for old in (*surplus, *unfinished):
        for part in sorted((shelf / old).iterdir()):  # the card first: without it there is no version
            part.unlink()
        (shelf / old).rmdir()


def rollback(shelf: Path) -> str:
    """Make the version before the current one current again and return it; SetupError when there is none."""
    before = _named(shelf / "previous")
    if before is None:
        raise SetupError([f"{shelf}: no earlier model to go back to: `inboxbot models list` shows what there is"])
    promote(shelf, before)
    return before


def content_digest(plain: Mapping[str, Any]) -> str:
    """A digest of arrays and vocabulary: joblib's bytes differ from run to run, this does not."""
    digest = hashlib.sha256("\n".join(plain["rooms"]).encode() + b"\0")
    for part in (plain["words"], plain["signs"]):
        digest.update("\n".join(part["terms"]).encode() + b"\0")
        for name in ("idf", "weights"):
            digest.update(np.round(part[name], 9).tobytes())
    digest.update(f"{plain['intercept']:.9f} {plain['temperature']:.9f}".encode())
    return digest.hexdigest()


def as_arrays(weights: Weights) -> dict[str, Any]:
    """The weights as plain arrays and texts: what lies in a bundle, and what its content digest is of."""

    def part(known: Vocabulary) -> dict[str, Any]:
        ordered = sorted(known.terms, key=lambda term: known.terms[term])
        return {"terms": ordered, "idf": known.idf, "weights": known.weights}

    return {
        "rooms": list(weights.rooms),
        "words": part(weights.words),
        "signs": part(weights.signs),
        "intercept": weights.intercept,
        "temperature": weights.temperature,
    }


def _vocabulary(part: Mapping[str, Any]) -> Vocabulary:
    return Vocabulary({term: index for index, term in enumerate(part["terms"])}, part["idf"], part["weights"])


def _read_once(path: Path, *, strict: bool) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (os.O_NOFOLLOW if strict else 0))
    except OSError as error:
        raise SetupError(
            [f"{path}: cannot be opened ({error.strerror}): promote another version or train again"]
        ) from None
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        os.close(descriptor)
        raise SetupError([f"{path}: is no file: promote another version or train again"])
    with os.fdopen(descriptor, "rb") as file:
        if strict:
            _owned(path, about)
        return file.read()


def _is_ours(folder: Path) -> None:
    """Who may write a folder may put other files into it, and who may write the shelf another folder."""
    for path in (folder, folder.parent):
        try:
            about = path.stat(follow_symlinks=path != folder)
        except OSError as error:
            raise SetupError(
                [f"{path}: cannot be opened ({error.strerror}): promote another version or train again"]
            ) from None
        if not stat.S_ISDIR(about.st_mode):
            raise SetupError([f"{path}: is no directory: promote another version or train again"])
        _owned(path, about)


def _owned(path: Path, about: os.stat_result) -> None:
    if about.st_uid not in (0, os.geteuid()):
        raise SetupError([f"{path}: belongs to another user: a model is opened only if it is yours (chown it)"])
    if about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise SetupError([f"{path}: may be written by others: run chmod go-w {path}"])


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def note(path: Path, content: bytes) -> None:
    """Write a small file beside the versions, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    building = path.with_name(f".{path.name}.new")
    _write(building, content)
    building.replace(path)
    _sync_directory(path.parent)


def _replace(path: Path, line: str) -> None:
    note(path, f"{line}\n".encode("ascii"))


def _named(path: Path) -> str | None:
    try:
        version = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    named = version and version.isprintable() and "/" not in version and not version.startswith(".")
    return version if named else None


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
