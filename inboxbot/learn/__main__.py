"""The process that studies: a task on standard input, the finding on standard output, and nothing it may use up.

Beside a service that shares its memory limit it is the one to go first: letters are answered, a lesson can wait.
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import sys
from pathlib import Path

from inboxbot import wire
from inboxbot.errors import SetupError
from inboxbot.learn.finding import Finding
from inboxbot.learn.study import Task, study

MEMORY, CPU, FILE = 3 << 30, 3600, 256 << 20  # bytes, seconds, bytes


def main() -> int:
    """Study within limits; 78 with the problem in words when it cannot begin."""
    os.nice(10)
    with contextlib.suppress(OSError):  # no such file in some containers
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU),
        (resource.RLIMIT_FSIZE, FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    logging.disable(logging.CRITICAL)  # libraries quote letters in their warnings
    stdout, sys.stdout = sys.stdout.buffer, sys.stderr
    task = wire.loads(Task, sys.stdin.buffer.read())
    try:
        finding = study(task)
    except SetupError as error:
        stdout.write(wire.dumps(Finding(None, better=False, why=str(error))))
        return 78
    stdout.write(wire.dumps(finding))
    return 0


if __name__ == "__main__":
    sys.exit(main())
