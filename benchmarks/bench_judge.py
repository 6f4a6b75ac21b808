"""One mail's classification by the folded scorer, against scikit-learn's own batch of 256 on the same fitted pipeline (G4)."""

from __future__ import annotations

import logging
import warnings

import mailroom
import numpy as np

from inboxbot.model import dataset
from inboxbot.model.dataset import cases_of
from inboxbot.model.pipeline import balance, fold, pipeline
from inboxbot.reader.known import known

BATCH, ROUNDS = 256, 7


def main() -> None:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    cases = cases_of(dataset.load(dataset.packaged_data(), known(mailroom.rooms())))
    whole = pipeline(cases)
    whole.fit(cases, np.array([case.mine for case in cases]), model__sample_weight=balance(cases))
    weights = fold(whole, tuple(sorted({case.room for case in cases})), 1.0)
    asked = cases[:: len(cases) // BATCH][:BATCH]

    def one_by_one() -> list[float]:
        return [weights.log_odds(case.room, case.sight) for case in asked]

    def together() -> list[float]:
        return list(map(float, whole.decision_function(asked)))

    apart = max(abs(a - b) for a, b in zip(one_by_one(), together(), strict=True))
    print(f"decision values differ by at most {apart:.1e}")
    ratios = [mailroom.spent(one_by_one) / mailroom.spent(together) for _ in range(ROUNDS)]
    mailroom.told("G4 one mail by the folded scorer, as a share of a mail in scikit-learn's batch", ratios)
    singly = [
        mailroom.spent(one_by_one) / mailroom.spent(lambda: [whole.decision_function([case]) for case in asked])
        for _ in range(3)
    ]
    mailroom.told("the same, as a share of scikit-learn asked for one mail", singly)


if __name__ == "__main__":
    main()
