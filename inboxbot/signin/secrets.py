"""Where a password or a token comes from: a file, a command, the environment or a systemd credential; never the configuration.

A secret is asked for when a connection is made and kept nowhere: not in a record, a log line or an argument list.
"""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path

from inboxbot.errors import SetupError

COMMAND_SECONDS = 10


def from_file(path: Path, what: str = "password") -> str:
    """The first line of a file that only its owner (and root) may read; SetupError naming it and the mend."""
    try:
        mode = path.stat().st_mode
        secret = path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError([f"the {what} file {path} cannot be read: {_reason(error)}"]) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SetupError([f"the {what} file {path} may be read by others: run chmod 600 {path}"])
    return _present(secret, f"the {what} file {path}")


def from_credential(name: str) -> str:
    """A credential handed over by systemd (LoadCredential=, systemd.exec(5)); SetupError when there is none."""
    directory = os.environ.get("CREDENTIALS_DIRECTORY")
    if not directory:
        raise SetupError([f'credential "{name}": not started by systemd with LoadCredential={name}:…'])
    path = Path(directory) / name
    try:
        return _present(path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r"), f"the credential {name}")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError([f'credential "{name}" cannot be read: {_reason(error)}']) from None


def from_environment(name: str) -> str:
    """An environment variable; SetupError when it is not set."""
    return _present(os.environ.get(name, ""), f"the environment variable {name}")


def from_command(command: Sequence[str], what: str = "password") -> str:
    """The first line that a command prints (a list, no shell, 10 s); SetupError naming it and its complaint."""
    shown = command[0]
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, from the user's own configuration
            list(command), capture_output=True, timeout=COMMAND_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        raise SetupError([f"the {what} command {shown} was not found"]) from None
    except (OSError, subprocess.TimeoutExpired):
        raise SetupError([f"the {what} command {shown} did not end within {COMMAND_SECONDS} s"]) from None
    if done.returncode:
        complaint = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
        raise SetupError([f"the {what} command {shown} failed with exit code {done.returncode}: {complaint[0]}"])
    return _present(done.stdout.decode("utf-8", "replace").partition("\n")[0].rstrip("\r"), f"the command {shown}")


def _present(secret: str, origin: str) -> str:
    if not secret:
        raise SetupError([f"{origin} is empty: it should hold the password"])
    return secret


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8 text"
