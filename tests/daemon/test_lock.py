from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inboxbot.daemon.lock import lock_account
from inboxbot.errors import SetupError

HOLD = """
import sys, pathlib
from inboxbot.daemon.lock import lock_account
lock_account(pathlib.Path(sys.argv[1]), "contact@imap.client.example", "office")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_mailbox_is_held_by_one_process_and_given_back_by_its_death(tmp_path: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    with pytest.raises(SetupError, match='account "office": another inboxbot is running on it'):
        lock_account(tmp_path, "contact@imap.client.example", "office")
    os.close(lock_account(tmp_path, "other@imap.client.example", "other"))
    other.kill()
    other.communicate()
    os.close(lock_account(tmp_path, "contact@imap.client.example", "office"))


def test_the_locks_are_their_owners_alone(tmp_path: Path) -> None:
    os.close(lock_account(tmp_path, "contact@imap.client.example", "office"))
    assert (tmp_path / "locks").stat().st_mode & 0o777 == 0o700
    [lock] = (tmp_path / "locks").iterdir()
    assert lock.stat().st_mode & 0o777 == 0o600
    assert "client" not in lock.name
