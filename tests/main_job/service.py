"""The installed command as a user runs it: a process of its own, a configuration file, a state directory."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests.servers.imapservers import Server

PATIENCE = 60.0  # seconds until a test gives up waiting, on the slowest machine

CONFIGURATION = """\
[identity]
name = "Atelier Durand SARL"
address = "contact@client.example"
signature = "Claire Durand\\ngérante"
kind = "company"
siren = "123 456 782"
language = "en"

[[account]]
name = "office"
host = "localhost"
port = {port}
security = "tls"
ca_file = "{ca}"
user = "{user}"
password_file = "office.password"
since = "all"
authserv_id = "mx.client.example"
poll_seconds = 10
"""


class Service:
    """`inboxbot run` at work; what it says is kept in `lines`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.lines: list[str] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.lines.append(line.rstrip())

    @property
    def pid(self) -> int:
        """The process that was started."""
        return self._process.pid

    def has_ended(self) -> bool:
        """Whether it is no more."""
        return self._process.poll() is not None

    def says(self, word: str, times: int = 1) -> None:
        """Wait until so many lines hold the word."""
        until(lambda: sum(word in line for line in self.lines) >= times, f"“{word}” in {self.lines[-5:]}")

    def signal(self, what: signal.Signals) -> None:
        self._process.send_signal(what)

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(PATIENCE)
        self._listener.join(5)
        return code


def configured(home: Path, server: Server, user: str, more: str = "") -> Path:
    """A configuration for the account, with its password file, in `home`; returns the file."""
    secret = home / "office.password"
    secret.write_text("secret\n")
    secret.chmod(0o600)
    path = home / "inboxbot.toml"
    path.write_text(CONFIGURATION.format(port=server.imaps, ca=server.ca, user=user) + more, encoding="utf-8")
    return path


def environment(home: Path) -> dict[str, str]:
    """As systemd would set it: a state directory, and nothing of ours besides."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV", "PYTHONPATH") if name in os.environ}
    return {**kept, "HOME": str(home), "STATE_DIRECTORY": str(home / "state")}


def inboxbot(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One command, run to its end."""
    command = [sys.executable, "-m", "inboxbot", *arguments]
    return subprocess.run(
        command, env=environment(home), cwd=home, capture_output=True, text=True, timeout=120, check=False
    )


@contextlib.contextmanager
def running(home: Path, config: Path) -> Iterator[Service]:
    """`inboxbot run`, watching."""
    process = subprocess.Popen(
        [sys.executable, "-m", "inboxbot", "run", "--config", str(config)],
        env=environment(home), cwd=home, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    service = Service(process)
    try:
        service.says("watching")
        yield service
    finally:
        with contextlib.suppress(subprocess.TimeoutExpired):
            service.stop()
        process.kill()


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something to become true; patience is no measurement."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited {PATIENCE:g} s for {what}"
        time.sleep(0.05)


def mails(server: Server, user: str, folder: str) -> list[tuple[EmailMessage, frozenset[str]]]:
    """What lies in a folder, with its flags, as another mail client sees it."""
    client = server.client(user)
    try:
        if not client.folder_exists(folder):
            return []
        client.select_folder(folder, readonly=True)
        told: Mapping[int, dict[bytes, object]] = client.fetch(client.search(), ["BODY.PEEK[]", "FLAGS"])
        return [
            (
                message_from_bytes(told[uid][b"BODY[]"], policy=policy.default),  # type: ignore[arg-type, misc]
                frozenset(flag.decode() for flag in told[uid][b"FLAGS"]),  # type: ignore[attr-defined]
            )
            for uid in sorted(told)
        ]
    finally:
        client.logout()
