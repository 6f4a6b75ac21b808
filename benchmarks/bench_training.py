"""Training with its calibration against one plain fit of the same pipeline, on the packaged letters, and twice the same.

Promised are 1.8 fits at most. Cross-validation is reported apart; it is what `learn` and `train` take most of their time for.
"""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Sequence
from statistics import median

import mailroom
import numpy as np

from inboxbot.issuers.room import open_rooms
from inboxbot.model import dataset
from inboxbot.model.dataset import cases_of
from inboxbot.model.evaluate import FOLDS, cross_validate
from inboxbot.model.pipeline import Case, balance, fit, pipeline
from inboxbot.model.shelf import as_arrays, content_digest
from inboxbot.reader.known import known

PROMISED, ROUNDS = 1.8, 3


def main() -> None:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    rooms = known(open_rooms())
    began = time.process_time()
    examples = dataset.load(dataset.packaged_data(), rooms)
    cases = cases_of(examples)
    print(
        f"{len(examples)} letters read in {time.process_time() - began:.1f} s of processor time, {len(cases)} questions"
    )
    pairs = [(mailroom.spent(lambda: once(cases)), mailroom.spent(lambda: fit(cases))) for _ in range(ROUNDS)]
    ratios = [whole / one for one, whole in pairs]
    print(f"one fit {median(one for one, _ in pairs):.2f} s; training {median(whole for _, whole in pairs):.2f} s")
    mailroom.told("G9 training with its calibration, as times one fit", ratios)
    print(f"cross-validation ({FOLDS} folds): {mailroom.spent(lambda: cross_validate(examples, rooms)):.1f} s")
    digests = {content_digest(as_arrays(fit(cases))) for _ in range(2)}
    print(f"content digest of two trainings: {'the same' if len(digests) == 1 else 'DIFFERENT'}, {digests.pop()[:16]}")
    assert median(ratios) <= PROMISED


def once(cases: Sequence[Case]) -> None:
    """One fit of the chosen pipeline as scikit-learn users would write it: vocabulary, features, regression."""
    truth = np.array([case.mine for case in cases])
    pipeline(cases).fit(cases, truth, model__sample_weight=balance(cases))


if __name__ == "__main__":
    main()
