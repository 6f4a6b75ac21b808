"""A real PostgreSQL for the tests, which can be killed and started again on the same data."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inboxbot.errors import StoreError
from inboxbot.store.engine import open_store
from tests.servers.imapservers import HERE

PATIENCE = 60.0


class Postgres:
    """A server in a directory of its own, reached by a socket there."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / "s"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._server = subprocess.Popen(
            [str(HERE / "start_postgres.sh"), str(self._directory)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._server.poll() is None, "PostgreSQL ended"
            assert time.monotonic() < end, "no answer from PostgreSQL"
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End all its sessions and stop it; SIGQUIT is the pulled plug."""
        self._server.send_signal(how)
        self._server.wait(20)

    @property
    def url(self) -> str:
        """As `[store] url` takes it."""
        return (self._directory / "url").read_text().strip()

    def _answers(self) -> bool:
        with contextlib.suppress(StoreError, OSError):
            open_store(self.url, Path(os.devnull)).dispose()
            return True
        return False


@contextlib.contextmanager
def running() -> Iterator[Postgres]:
    """A server for a while; `make test` installs it, so that where it is missing the test fails."""
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and shutil.which("initdb") is None:
        pytest.fail("PostgreSQL is not installed (apt-get install postgresql)")
    directory = Path(tempfile.mkdtemp(prefix="ib-"))  # short: unix sockets have 108 bytes
    directory.chmod(0o755)
    server = Postgres(directory)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
