"""Labels to ask about before they are learned: what all other letters, or the packaged ones alone, speak against."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from inboxbot.model.dataset import Example
from inboxbot.model.evaluate import Outcome
from inboxbot.model.features import Sight
from inboxbot.model.pipeline import Weights
from inboxbot.records import OTHER

TINY = 1e-9  # so that no row of probabilities is empty
DOUBTFUL = 0.05  # a label that is less likely than this is asked about


def likelihood(base: Weights, room: str, sight: Sight) -> float:
    """How likely the letter is one of the room that it names."""
    return 1 / (1 + math.exp(min(700.0, -base.log_odds(room, sight))))


def doubted(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str]]:
    """(name, likelier label) of the letters whose label all others speak against, each judged without its own hand."""
    for each in outcomes:
        if each.probabilities.get(each.label, 0.0) < DOUBTFUL:
            yield each.name, max(each.probabilities, key=lambda label: each.probabilities[label])


def unlike(letters: Sequence[Example], added: Collection[str], base: Weights) -> Iterator[tuple[str, str]]:
    """(name, "other") of the letters of a new room that look like nobody's letter, while at least half of its letters do not.

    A new room has only its own labels to be judged by, and wrong ones would vouch for each other. What `base` learned from
    packaged letters, of the other rooms, is a second opinion that no label of the pile has touched (docs/decisions/0007).
    """
    of_room: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for letter in letters:
        if letter.label in added and letter.label in letter.sights:
            strange = likelihood(base, letter.label, letter.sights[letter.label]) < DOUBTFUL
            of_room[letter.label].append((letter.path.name, strange))
    for several in of_room.values():
        if sum(strange for _, strange in several) * 2 <= len(several):
            yield from ((name, OTHER) for name, strange in several if strange)


def suspected(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str]]:
    """(name, likelier label) by confident learning (Northcutt et al. 2021), where the extra `cleanlab` is installed.

    It compares each letter with how sure the judge is of its label's letters as a whole, and so suspects more than is
    left out: what it tells is worth a look, and is learned from all the same.
    """
    try:
        from cleanlab.filter import find_label_issues  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        return
    labels = sorted({each.label for each in outcomes})
    shares = np.array([[each.probabilities.get(label, 0.0) for label in labels] for each in outcomes]) + TINY
    given = np.array([labels.index(each.label) for each in outcomes])
    found = find_label_issues(
        given, shares / shares.sum(axis=1, keepdims=True), return_indices_ranked_by="self_confidence", n_jobs=1
    )
    for index in found:
        yield outcomes[index].name, labels[int(shares[index].argmax())]
