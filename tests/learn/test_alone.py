from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from inboxbot.learn.alone import alone

HOLD = """
import sys, time
from pathlib import Path
from inboxbot.learn.alone import alone
with alone(Path(sys.argv[1]), lambda: None):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_lesson_waits_for_the_end_of_the_first_also_when_that_is_killed(tmp_path: Path) -> None:
    first = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "models")], stdout=subprocess.PIPE)
    assert first.stdout is not None
    assert first.stdout.readline() == b"held\n"
    told, entered = threading.Event(), threading.Event()

    def second() -> None:
        with alone(tmp_path / "models", told.set):
            entered.set()

    waiting = threading.Thread(target=second)
    waiting.start()
    assert told.wait(60)
    assert not entered.is_set()
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    first.stdout.close()
    waiting.join(60)
    assert entered.is_set()


def test_one_lesson_after_the_other_waits_for_nothing(tmp_path: Path) -> None:
    waited: list[str] = []
    for _ in range(2):
        with alone(tmp_path, lambda: waited.append("")):
            pass
    assert waited == []
