"""Going back to the model before, between two models of the packaged one's size: the step itself, and the whole command.

Promised is a second. What it takes is the verification: the digest of the file, and opening it once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from inboxbot.model import shelf

PROMISED, ROUNDS = 1.0, 15
CONFIGURATION = '[[account]]\nname = "local"\nmaildir = "{mail}"\n'


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        models = home / "state" / "models"
        size = fill(models)
        told("rollback", [spent(lambda: shelf.rollback(models)) for _ in range(ROUNDS)])
        told("opening alone", [spent(lambda: shelf.open_current(models)) for _ in range(ROUNDS)])
        config = home / "inboxbot.toml"
        config.write_text(CONFIGURATION.format(mail=home / "mail"))
        command = [sys.executable, "-m", "inboxbot", "models", "rollback", "--config", str(config)]
        environment = {**os.environ, "STATE_DIRECTORY": str(home / "state")}
        run = lambda: subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: E731
        told("inboxbot models rollback", [spent(run) for _ in range(ROUNDS)])
        print(f"promised: {PROMISED:g} s; a model of {size / 1e6:.1f} MB; load {os.getloadavg()[0]:.1f}")


def fill(models: Path) -> int:
    """Two versions of the packaged model's weights; returns how large one is."""
    packaged = shelf.open_current(None)
    assert packaged is not None
    facts = {name: packaged.card[name] for name in ("report", "counts", "sklearn")}
    for day in range(2):
        made_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
        version = shelf.save(models, packaged.weights, packaged.rule, facts, made_at)
        shelf.promote(models, version)
    return (models / version / "model.joblib").stat().st_size


def told(what: str, rounds: list[tuple[float, float]]) -> None:
    wall, processor = zip(*rounds, strict=True)
    print(f"{what}: median {median(wall):.3f} s, worst {max(wall):.3f} s; of the processor {median(processor):.3f} s")


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock and of the processor, children included: beside other work the second is what counts."""
    began, before = time.perf_counter(), os.times()
    work()
    after = os.times()
    return time.perf_counter() - began, sum(after[:4]) - sum(before[:4])


if __name__ == "__main__":
    main()
