"""The estimator: what is fitted, and how it is folded into plain arrays for service.

One logistic regression answers one question for every room: is this a letter of the room that it names? It sees masked
words (stems and pairs, TF-IDF) and legible signs, each sign twice: as all rooms share it, and as this room has it
(Daumé, "Frustratingly easy domain adaptation", 2007). So a new room starts with what the others taught. The choice and
the rivals that it was measured against are in docs/decisions/0003-the-classifier.md.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inboxbot.model.features import Sight, words

Array = npt.NDArray[np.float64]

MIN_DOCUMENTS = 3  # a word of one or two letters is noise, or somebody's name
MIN_GROUPS = 2  # and so is one that a single hand uses
STRENGTH = 0.3  # inverse regularisation C, by grouped cross-validation
WORDS_WEIGHT = 3.0  # of the whole vector of words, against 1 for a sign
CALIBRATION_SHARE = 4  # one group in four is held out to find the temperature


@dataclass(frozen=True, slots=True)
class Case:
    """One letter and one room that it names: the question; `mine` is the answer that a person gave."""

    room: str
    sight: Sight
    mine: bool
    group: str


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """A fitted pipeline folded into arrays: no estimator is needed to ask it, and nothing runs when it is loaded."""

    rooms: tuple[str, ...]
    words: dict[str, int]
    idf: Array  # (words,)
    word_weights: Array  # (words,)
    signs: dict[str, int]  # "sign" as all rooms share it, "sign @room" as one room has it
    sign_weights: Array  # (signs,)
    intercept: float
    temperature: float

    def log_odds(self, room: str, sight: Sight) -> float:
        """How much rather the letter is one of this room than not, calibrated."""
        indices, values = self._vector(sight.words)
        total = self.intercept + float(self.word_weights[indices] @ values)
        known = [self.signs[sign] for sign in spelled(room, sight.signs) if sign in self.signs]
        return (total + float(self.sign_weights[known].sum())) / self.temperature

    def contributions(self, room: str, sight: Sight) -> list[tuple[str, float]]:
        """How much each word and sign spoke for this room, in log-odds; a sign's two weights are one."""
        indices, values = self._vector(sight.words)
        known = {index: word for word, index in self.words.items()} if len(indices) else {}
        spoke: dict[str, float] = defaultdict(float)
        for index, value in zip(indices.tolist(), values.tolist(), strict=True):
            spoke[f"“{known[index]}”"] += float(self.word_weights[index]) * value
        for sign in spelled(room, sight.signs):
            if sign in self.signs:
                spoke[sign.removesuffix(f" @{room}")] += float(self.sign_weights[self.signs[sign]])
        return [(what, weight / self.temperature) for what, weight in spoke.items()]

    def _vector(self, text: str) -> tuple[npt.NDArray[np.int64], Array]:
        """TF-IDF of the words that the model knows: 1 + ln(count), weighted and of length one."""
        counts = Counter(self.words[word] for word in words(text) if word in self.words)
        indices = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        values = np.array([1.0 + math.log(n) for n in counts.values()]) * self.idf[indices]
        norm = math.sqrt(float(values @ values))
        return indices, values / norm if norm else values


def spelled(room: str, signs: Iterable[str]) -> Iterator[str]:
    """Each sign as all rooms share it and as this room has it, and the room itself."""
    for sign in signs:
        yield sign
        yield f"{sign} @{room}"
    yield f"@{room}"


# --- fitting: the only place that knows scikit-learn ------------------------------------------------------------------


def pipeline(cases: Sequence[Case]) -> Any:
    """The scikit-learn pipeline over cases, with the vocabulary that these cases teach; unfitted."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer  # noqa: PLC0415 - half a second
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - that only training should cost
    from sklearn.pipeline import FeatureUnion, Pipeline  # noqa: PLC0415

    read = TfidfVectorizer(
        analyzer=_words_of, sublinear_tf=True, vocabulary=_taught(cases, _words_of), dtype=np.float64
    )
    seen = CountVectorizer(analyzer=_signs_of, binary=True, vocabulary=_taught(cases, _signs_of), dtype=np.float64)
    return Pipeline(
        [
            ("features", FeatureUnion([("words", read), ("signs", seen)], transformer_weights={"words": WORDS_WEIGHT})),
            ("model", LogisticRegression(C=STRENGTH, max_iter=3000, tol=1e-5)),
        ]
    )


def fit(cases: Sequence[Case]) -> Weights:
    """Fit on everything, calibrated on groups held out of a first fit: together at most 1.8 fits."""
    whole = pipeline(cases)
    features, model = whole.named_steps["features"], whole.named_steps["model"]
    matrix = features.fit_transform(cases)
    truth = np.array([case.mine for case in cases])
    temperature = _temperature(matrix, truth, cases)
    model.fit(matrix, truth, sample_weight=balance(cases))
    return fold(whole, tuple(sorted({case.room for case in cases})), temperature)


def fold(whole: Any, rooms: tuple[str, ...], temperature: float) -> Weights:
    """The fitted pipeline as plain arrays."""
    union = dict(whole.named_steps["features"].transformer_list)
    model = whole.named_steps["model"]
    read, seen = union["words"], union["signs"]
    count = len(read.vocabulary_)
    coefficients = np.asarray(model.coef_, dtype=np.float64)[0]
    return Weights(
        rooms=rooms,
        words={str(word): int(index) for word, index in read.vocabulary_.items()},
        idf=np.asarray(read.idf_, dtype=np.float64),
        word_weights=coefficients[:count] * WORDS_WEIGHT,
        signs={str(sign): int(index) for sign, index in seen.vocabulary_.items()},
        sign_weights=coefficients[count:],
        intercept=float(model.intercept_[0]),
        temperature=temperature,
    )


def balance(cases: Sequence[Case]) -> Array:
    """Weights under which every room has as much evidence for as against it: how often a room was labelled says nothing."""
    counts = Counter((case.room, case.mine) for case in cases)
    return np.array([len(cases) / len(counts) / counts[case.room, case.mine] for case in cases])


def _words_of(case: Case) -> list[str]:
    return words(case.sight.words)


def _signs_of(case: Case) -> list[str]:
    return list(spelled(case.room, case.sight.signs))


def _taught(cases: Sequence[Case], analyse: Any) -> dict[str, int]:
    """The vocabulary: what stands in enough letters of more than one hand."""
    letters: Counter[str] = Counter()
    hands: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        for word in set(analyse(case)):
            letters[word] += 1
            hands[word].add(case.group)
    kept = sorted(word for word, n in letters.items() if n >= MIN_DOCUMENTS and len(hands[word]) >= MIN_GROUPS)
    return {word: index for index, word in enumerate(kept)}


def _temperature(matrix: Any, truth: npt.NDArray[np.bool_], cases: Sequence[Case]) -> float:
    """The temperature under which held-out letters were least surprising (Guo et al. 2017): one number, no overfitting."""
    groups = [case.group for case in cases]
    held = set(sorted(set(groups))[::CALIBRATION_SHARE])
    test = np.array([group in held for group in groups])
    if test.all() or not test.any() or len(set(truth[~test])) < 2:
        return 1.0
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    weights = balance(cases)
    model = LogisticRegression(C=STRENGTH, max_iter=3000, tol=1e-5).fit(matrix[~test], truth[~test], weights[~test])
    odds = np.asarray(model.decision_function(matrix[test]))
    signed = np.where(truth[test], odds, -odds)
    candidates = np.exp(np.linspace(math.log(0.2), math.log(5.0), 81))
    return float(min(candidates, key=lambda t: float((weights[test] * np.logaddexp(0.0, -signed / t)).sum())))
