"""What is trained on the same letters is the same model, whatever order sets and hashes fall into."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TRAINED = """
import tempfile, warnings
warnings.simplefilter("ignore")
from pathlib import Path
from inboxbot.model import dataset
from inboxbot.model.dataset import cases_of
from inboxbot.model.pipeline import fit
from inboxbot.model.shelf import as_arrays, content_digest
from tests.learn.letters import rooms
from tests.learn.post import corpus
from tests.learn.school import lay_out
with tempfile.TemporaryDirectory() as place:
    letters = lay_out(Path(place), corpus(("copytrack", "pixtrakk"), range(2), ("copytrack",)))
    print(content_digest(as_arrays(fit(cases_of(dataset.load(letters, rooms()))))))
"""


def test_the_same_letters_give_the_same_content_digest_in_any_process() -> None:
    digests = {trained(hash_seed) for hash_seed in ("1", "2")}
    assert len(digests) == 1
    assert len(digests.pop()) == 64


def trained(hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", TRAINED],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
