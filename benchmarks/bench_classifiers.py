"""Other classifiers on the same grouped split, each with its own cheapest thresholds, against the one chosen.

A hand's family never stands on both sides. The rivals see what such programs see: the sender and all words, unmasked.
`gated` means that mail which names no room is `other`, as for the one chosen; POPFile and the sender rule have no gate.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from inboxbot.issuers.room import open_rooms
from inboxbot.model import dataset
from inboxbot.model.evaluate import FOLDS, Outcome, choose_rule, cross_validate, fold_of, report
from inboxbot.model.features import Sight
from inboxbot.reader.known import known
from inboxbot.records import OTHER

HOSTS = {"copytrack": ("copytrack.com",), "pixtrakk": ("pixtrakk.com", "pixways.com", "pixpalace.com"), "hadopi": ("hadopi.fr", "arcom.fr")}  # fmt: skip


def main() -> None:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    rooms = known(open_rooms())
    examples = dataset.load(dataset.packaged_data(), rooms)
    print(f"{len(examples)} letters, {FOLDS} folds of {len({e.group for e in examples})} families\n")
    print(f"{'':<44} {'right':>6} {'wrong':>6} {'missed':>7} {'unsure':>7} {'cost':>7}")
    told("the sender's domain alone", sender_rule(examples))
    for name, make, gated in rivals():
        told(name, rival(examples, make, gated=gated))
    told("signs alone, without what the rooms' rules find", cross_validate(without(examples, "read:"), rooms))
    told("the one chosen", cross_validate(examples, rooms))


def rivals() -> list[tuple[str, Callable[[], Any], bool]]:
    def words() -> Any:
        return TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)

    def letters() -> Any:
        return TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True)

    def logistic() -> Any:
        return LogisticRegression(C=30, class_weight="balanced", max_iter=2000)

    def margins() -> Any:
        return CalibratedClassifierCV(LinearSVC(class_weight="balanced"), cv=3)

    return [
        ("words, complement naive Bayes (POPFile's way)", lambda: make_pipeline(CountVectorizer(min_df=2), ComplementNB()), False),
        ("words 1-2, logistic regression", lambda: make_pipeline(words(), logistic()), False),
        ("words 1-2, logistic regression, gated", lambda: make_pipeline(words(), logistic()), True),
        ("characters 3-5, logistic regression, gated", lambda: make_pipeline(letters(), logistic()), True),
        ("words and characters, calibrated SVM, gated", lambda: make_pipeline(make_union(words(), letters()), margins()), True),
    ]  # fmt: skip


def rival(examples: Sequence[dataset.Example], make: Callable[[], Any], *, gated: bool) -> list[Outcome]:
    texts = [text_of(example.path) for example in examples]
    folds = fold_of([example.group for example in examples], [example.label for example in examples])
    judged = []
    for fold in range(FOLDS):
        inside = [n for n, mine in enumerate(folds) if mine != fold]
        outside = [n for n, mine in enumerate(folds) if mine == fold]
        model = make().fit([texts[n] for n in inside], [examples[n].label for n in inside])
        for n, row in zip(outside, model.predict_proba([texts[n] for n in outside]), strict=True):
            shares = dict(zip(map(str, model.classes_), map(float, row), strict=True))
            judged.append(outcome(examples[n], named(shares, examples[n]) if gated else shares))
    return judged


def named(shares: dict[str, float], example: dataset.Example) -> dict[str, float]:
    kept = {label: share if label == OTHER or label in example.sights else 0.0 for label, share in shares.items()}
    whole = sum(kept.values())
    return {label: share / whole for label, share in kept.items()}


def sender_rule(examples: Sequence[dataset.Example]) -> list[Outcome]:
    judged = []
    for example in examples:
        sender = dataset.read_example(example.path).head.sender
        domain = sender.domain if sender else ""
        label = next((room for room, hosts in HOSTS.items() if domain.endswith(hosts)), OTHER)
        judged.append(outcome(example, {each: float(each == label) for each in (*HOSTS, OTHER)}))
    return judged


def without(examples: Sequence[dataset.Example], *prefixes: str) -> list[dataset.Example]:
    def less(sight: Sight) -> Sight:
        return replace(sight, words="", signs=tuple(sign for sign in sight.signs if not sign.startswith(prefixes)))

    return [replace(e, sights={room: less(sight) for room, sight in e.sights.items()}) for e in examples]


def outcome(example: dataset.Example, shares: dict[str, float]) -> Outcome:
    return Outcome(example.path.name, example.label, example.language, shares)


def text_of(path: Path) -> str:
    letter = dataset.read_example(path)
    sender = letter.head.sender
    return "\n".join([f"{sender.name} {sender.addr}" if sender else "", *(text for _, text in letter.pieces())])


def told(name: str, judged: Sequence[Outcome]) -> None:
    found = report(judged, choose_rule(judged))
    right = 1 - (found.wrong_drafts + found.missed + found.unsure) / found.count
    print(
        f"{name:<44} {right:>6.1%} {found.wrong_drafts:>6} {found.missed:>7} {found.unsure:>7} {found.cost:>7.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
