"""One service a mailbox: a lock that the kernel gives back when the process dies (flock(2))."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path

from inboxbot.errors import SetupError, StoreError


def lock_account(state_dir: Path, label: str, name: str) -> int:
    """Hold the account for this process's life and return the descriptor.

    SetupError when another run holds it, StoreError when the state directory cannot be written.
    """
    directory = state_dir / "locks"
    path = directory / (hashlib.sha256(label.encode()).hexdigest()[:16] + ".lock")
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(
            f"the state directory {state_dir} cannot be written ({error.strerror}): check its owner and free space"
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise SetupError([f'account "{name}": another inboxbot is running on it: stop that one first']) from None
    return descriptor
