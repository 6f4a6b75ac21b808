"""An mbox of the training mails read by one worker and by one a core, and by Dask; resuming it when all is read.

Arguments: how many mails (default: 600).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import mailroom

from tests.main_job.service import environment
from tests.scan.archive import mbox

WAYS = {
    "1 worker": ["--jobs", "1"],
    "a worker a core": [],
    "Dask on this machine": ["--backend", "dask"],
    "after a glance": ["--glance"],
}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    with tempfile.TemporaryDirectory(prefix="inboxbot-bench-") as home:
        path = mbox(Path(home) / "old", mailroom.backlog(count))
        print(f"{count} mails, {path.stat().st_size / 1e6:.1f} MB, {len(os.sched_getaffinity(0))} cores")
        for name, options in WAYS.items():
            seconds = scanned(Path(home), f"{name.replace(' ', '-')}.jsonl", options)
            print(f"{name:<22} {seconds:6.1f} s, {count / seconds:6.1f} mails/s", flush=True)
        seconds = scanned(Path(home), "1-worker.jsonl", [])
        print(f"{'again, nothing new':<22} {seconds:6.1f} s in all")


def scanned(home: Path, output: str, options: list[str]) -> float:
    """Seconds, start-up included."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "inboxbot", "scan", "old", "--output", output, *options],
        cwd=home, env=environment(home), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
