"""Many accounts in one service on a real Dovecot: start-up, memory, threads, files and what rest costs, by their number.

Arguments: the numbers of accounts (default: 1 50 200).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import mailroom

from tests.main_job.service import environment
from tests.servers import imapservers
from tests.servers.imapservers import Server

REST, LETTERS = 30.0, 10  # seconds at rest, letters delivered to as many accounts
MIB = 1 << 20

ACCOUNT = """
[[account]]
name = "{user}"
host = "127.0.0.1"
port = {port}
security = "none"
user = "{user}"
password_file = "password"
"""


class Service:
    """`inboxbot run` as a process of its own; what it says is counted."""

    def __init__(self, home: Path, server: Server, users: list[str]) -> None:
        secret = home / "password"
        secret.write_text("secret\n")
        secret.chmod(0o600)
        accounts = "".join(ACCOUNT.format(user=user, port=server.imap) for user in users)
        (home / "inboxbot.toml").write_text(f'[identity]\nname = "Bench"\nsignature = "Bench"\n{accounts}')
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "inboxbot", "run", "--config", "inboxbot.toml"],
            cwd=home, env=environment(home), stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.watching = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.watching += "watching" in line

    def all_watch(self, count: int) -> float:
        """Seconds from the start until every account is logged in."""
        while self.watching < count:
            assert self.process.poll() is None
            time.sleep(0.01)
        return time.perf_counter() - self.began

    def of(self, what: str) -> int:
        """A figure of /proc/PID/status; memory in bytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(f"{what}:"):
                value = line.split()
                return int(value[1]) * (1024 if value[-1] == "kB" else 1)
        raise LookupError(what)

    def files(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    counts = [int(each) for each in sys.argv[1:]] or [1, 50, 200]
    print("accounts  ready s  RSS MiB  threads  files  CPU at rest  arrival → draft s (median, worst)")
    for count in counts:
        with (
            imapservers.dovecot(USERIP="4096") as server,
            tempfile.TemporaryDirectory(prefix="inboxbot-bench-") as home,
        ):
            measure(Path(home), server, count)


def measure(home: Path, server: Server, count: int) -> None:
    users = [mailroom.fresh_user() for _ in range(count)]
    service = Service(home, server, users)
    try:
        ready = service.all_watch(count)
        time.sleep(20)  # until the first sweeps are over, and all rest in IDLE
        before = service.cpu()
        time.sleep(REST)
        share = (service.cpu() - before) / REST
        rss, threads, files = service.of("VmRSS") / MIB, service.of("Threads"), service.files()
        waits = sorted(arrival(server, users[number % count]) for number in range(LETTERS))
        told = f"{count:>8}  {ready:>7.1f}  {rss:>7.0f}  {threads:>7}  {files:>5}  {share:>11.1%}"
        print(f"{told}  {waits[len(waits) // 2]:.2f}, {waits[-1]:.2f}", flush=True)
    finally:
        service.process.terminate()
        service.process.wait(30)


def arrival(server: Server, user: str) -> float:
    """Seconds from the delivery of a letter until its draft can be seen."""
    client = server.client(user)
    try:
        client.select_folder("Drafts", readonly=True)
        there = len(client.search())
        server.deliver(user, mailroom.letter())
        began = time.perf_counter()
        while len(client.search()) == there:
            client.noop()
            time.sleep(0.02)
        return time.perf_counter() - began
    finally:
        client.logout()


if __name__ == "__main__":
    main()
