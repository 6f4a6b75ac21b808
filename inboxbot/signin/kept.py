"""What a provider gave us to sign in with, kept in one file of its owner's alone.

Providers rotate refresh tokens: the new one must lie on the disk before the old one is forgotten, and only one process may
be renewing at a time, or the later one would present a token that is used up.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from inboxbot.errors import SetupError


class Provider(Protocol):
    """Turns what was kept into an access token."""

    def renewed(self, kept: str) -> tuple[str, str]:
        """An access token that is good for minutes still, and what is to be kept now.

        RefusedError when the provider takes back what it gave (with the mend), MailboxError when it cannot be reached.
        """
        ...


def access_token(path: Path, provider: Provider, name: str) -> Callable[[], str]:
    """How to get an access token for the account `name`: from what is kept at `path`, renewed if need be."""

    def token() -> str:
        with _held(path):
            try:
                before = path.read_text(encoding="utf-8")
            except FileNotFoundError:
                raise SetupError([f'account "{name}" is not signed in: run inboxbot login {name}']) from None
            except (OSError, UnicodeDecodeError) as error:
                raise SetupError([f"{path} cannot be read ({error}): run inboxbot login {name}"]) from None
            token, now = provider.renewed(before)
            if now != before:
                _replace(path, now)
            return token

    return token


def keep(path: Path, text: str) -> None:
    """Keep what a sign-in gave, in the place of what was kept before."""
    _make_directory(path.parent)
    with _held(path):
        _replace(path, text)


@contextlib.contextmanager
def _held(path: Path) -> Iterator[None]:
    """Whoever else renews waits."""
    try:
        _make_directory(path.parent)
        descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SetupError([f"{path.parent} cannot be written ({error.strerror}): check its owner"]) from None
    try:
        _like_its_directory(descriptor, path.parent)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(path: Path, text: str) -> None:
    """Whole or not at all, and on the disk before it counts."""
    building = path.with_suffix(".new")
    descriptor = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            _like_its_directory(descriptor, path.parent)
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        building.replace(path)
    except OSError as error:
        raise SetupError([f"{path} cannot be written ({error.strerror}): make room, or check its owner"]) from None


def _make_directory(directory: Path) -> None:
    if not directory.is_dir():
        directory.mkdir(mode=0o700, parents=True)
        if os.geteuid() == 0:
            about = directory.parent.stat()
            os.chown(directory, about.st_uid, about.st_gid)


def _like_its_directory(descriptor: int, directory: Path) -> None:
    """An administrator signs in as root; the service, which has a user of its own, must be able to read and renew it."""
    if os.geteuid() == 0:
        about = directory.stat()
        os.fchown(descriptor, about.st_uid, about.st_gid)
