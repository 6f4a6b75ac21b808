"""Real IMAP servers for the tests: started from the scripts beside this file, on loopback and free ports, stopped by pid."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from imapclient import IMAPClient

from tests.servers.verbs import PERSON, logged, never_to_be_said

HERE = Path(__file__).resolve().parent
PASSWORD = "secret"
PATH = os.environ.get("PATH", os.defpath) + ":/usr/sbin"  # where Debian puts servers, and users have no path to


class Server:
    """A running server; ports, authority and mail directory are what its script wrote into server.json."""

    def __init__(self, kind: str, directory: Path, patience: float = 20.0, **options: str) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.kind = kind
        self._output = directory.with_suffix(".out")
        self._rawlog = directory / "rawlog"
        with self._output.open("wb") as out:
            self._process = subprocess.Popen(
                [str(HERE / f"start_{kind}.sh"), str(directory)],
                env={**os.environ, "PATH": PATH, **options},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            info = self._ready(directory / "server.json", patience)
        except BaseException:
            self.stop()
            raise
        self.host: str = info["host"]
        self.imap: int = info["imap"]
        self.imaps: int = info["imaps"]
        self.lmtp: int = info["lmtp"]
        self.ca: str = info["ca"]
        self.maildir = Path(info.get("maildir", ""))
        self.secret_file = Path(info.get("secret_file", ""))

    def _ready(self, told: Path, patience: float) -> dict:
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            if self._process.poll() is not None:
                said = self._output.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{self.kind} ended with {self._process.returncode}: {said}")
            with contextlib.suppress(OSError, ValueError):
                info: dict = json.loads(told.read_text())
                with socket.create_connection((info["host"], info["imap"]), 1) as probe:
                    probe.settimeout(2)
                    if probe.recv(4) == b"* OK":
                        return info
            time.sleep(0.02)
        raise TimeoutError(f"{self.kind} was not ready within {patience} s: see {self._output}")

    def client(self, user: str, password: str = PASSWORD, *, tls: bool = False) -> IMAPClient:
        """A client of one's own, beside the one under test."""
        context = ssl.create_default_context(cafile=self.ca) if tls else None
        port = self.imaps if tls else self.imap
        client = IMAPClient("localhost", port, ssl=tls, ssl_context=context, timeout=20)
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client._imap.debug = 0
        client.login(user, password)
        if client.has_capability("ID"):
            client.id_(PERSON)
        return client

    def heard_of_the_bot(self) -> list[bytes]:
        """Every command that reached the server on a connection of the bot's; Dovecot alone keeps them."""
        logs = sorted(self._rawlog.glob("*.in"))
        return [command for log in logs for command in logged(log.read_bytes())]

    def deliver(self, recipient: str, raw: bytes, sender: str = "sender@example.net") -> None:
        """A real delivery, by LMTP: with Return-Path and Received, and without \\Seen."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as lmtp:
            lmtp.sendmail(sender, [recipient], raw)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop the server; SIGKILL is the pulled plug."""
        if self._process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if how == signal.SIGKILL else os.kill)(self._process.pid, how)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(5)


@contextlib.contextmanager
def running(kind: str, **options: str) -> Iterator[Server]:
    """A server of this kind for a while. Its directory is short: unix sockets have 108 bytes, pytest's tmp_path is longer."""
    directory = Path(tempfile.mkdtemp(prefix="ib-"))
    directory.chmod(0o755)  # the server's own users must get through
    server = Server(kind, directory / "s", **options)
    try:
        yield server
    finally:
        server.stop()
        wrong = never_to_be_said(server.heard_of_the_bot())
        shutil.rmtree(directory, ignore_errors=True)
    assert wrong == [], "the bot said what it must never say (docs/contract.md, In the mailbox)"


def dovecot(**options: str) -> contextlib.AbstractContextManager[Server]:
    """Dovecot; where it is not installed the tests fail, and say what to install."""
    if shutil.which("dovecot", path=PATH) is None:
        raise RuntimeError(
            "these tests need a real IMAP server: apt-get install --no-install-recommends dovecot-imapd dovecot-lmtpd"
        )
    return running("dovecot", **options)


def cyrus_unpacked() -> bool:
    """Whether Cyrus is there: `start_cyrus.sh --unpack` fetches it, which tests do not."""
    return subprocess.run([str(HERE / "start_cyrus.sh"), "--unpacked"], check=False).returncode == 0
