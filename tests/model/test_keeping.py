"""What stays on the shelf, what serves when the current model does not, and what a kill in the middle leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from inboxbot.model import shelf
from inboxbot.model.features import Sight
from inboxbot.model.judge import Rule
from inboxbot.model.pipeline import Case, Weights, fit

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
SIGHTS = (Sight("please pay xsum now", ("named",)), Sight("news of the week", ("sent to many",)))


@cache
def weights() -> Weights:
    return fit([Case("copytrack", SIGHTS[n % 2], n % 2 == 0, f"hand{n}") for n in range(16)])


def put(folder: Path, number: int, **facts: object) -> str:
    return shelf.save(folder, weights(), Rule(), facts, NEW_YEAR + timedelta(seconds=number))


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Three versions, the last one current."""
    for number in range(3):
        shelf.promote(tmp_path, put(tmp_path, number))
    return tmp_path


def in_use(folder: Path) -> str:
    bundle = shelf.open_current(folder)
    assert bundle is not None
    return bundle.version


def test_the_five_newest_are_kept_and_one_can_go_back(tmp_path: Path) -> None:
    made = []
    for number in range(9):
        made.append(put(tmp_path, number))
        shelf.promote(tmp_path, made[-1])
    assert shelf.versions(tmp_path) == made[-5:]
    assert shelf.rollback(tmp_path) == in_use(tmp_path) == made[-2]


def test_candidates_that_are_not_used_push_out_neither_the_current_model_nor_the_one_before(filled: Path) -> None:
    before, current = shelf.versions(filled)[1:]
    for number in range(10, 20):
        put(filled, number, learning={"better": False})
        shelf.tidy(filled)
    assert {before, current} < set(shelf.versions(filled))
    assert len(shelf.versions(filled)) == 5


def test_what_a_killed_training_left_is_cleared_away_later(filled: Path) -> None:
    ruin = filled / ".2026-01-09T00-00-00Z-12345678"
    ruin.mkdir()
    (ruin / "model.joblib").write_bytes(b"half")
    shelf.tidy(filled)
    assert ruin.exists()  # another training may be at work on it
    long_ago = time.time() - 7200
    os.utime(ruin, (long_ago, long_ago))
    shelf.tidy(filled)
    assert not ruin.exists()
    assert len(shelf.versions(filled)) == 3


def test_one_that_was_found_to_be_worse_never_takes_the_place_of_a_broken_one(filled: Path) -> None:
    first, before, current = shelf.versions(filled)
    put(filled, 9, learning={"better": False})
    for version in (before, current):
        (filled / version / "model.joblib").unlink()
    assert in_use(filled) == first


def test_without_any_good_version_the_packaged_model_serves_and_without_that_none(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = put(filled.parent / "packaged", 5)
    shelf.promote(filled.parent / "packaged", good)
    monkeypatch.setattr(shelf, "packaged_shelf", lambda: filled.parent / "packaged")
    for version in shelf.versions(filled):
        (filled / version / "model.joblib").unlink()
    assert in_use(filled) == good
    (filled.parent / "packaged" / good / "model.joblib").unlink()
    assert shelf.open_current(filled) is None


# --- killed in the middle ---------------------------------------------------------------------------------------------

WORK = """
import sys
from pathlib import Path
from tests.model.test_keeping import put, weights
from inboxbot.model import shelf
folder = Path(sys.argv[1])
weights()
print("ready", flush=True)
for number in range(int(sys.argv[2]), 10**9):
    weights.cache_clear()  # each is trained anew
    shelf.promote(folder, put(folder, number))
"""


def killed_again_and_again(folder: Path, times: int) -> None:
    """At ever other moments of training, saving and promoting; each time a whole model is current."""
    for turn in range(times):
        command = [sys.executable, "-W", "ignore", "-c", WORK, str(folder), str((turn + 1) * 10**6)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        time.sleep(0.004 * (turn % 31) + 0.001 * (turn % 7))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        current = shelf.current(folder)
        assert current is not None
        shelf.open_model(folder / current, strict=True)
        assert in_use(folder) == current


def test_a_kill_while_training_saving_and_promoting_leaves_a_whole_model(filled: Path) -> None:
    killed_again_and_again(filled, 3)


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_two_hundred_kills_leave_a_whole_model(filled: Path) -> None:
    killed_again_and_again(filled, 200)
