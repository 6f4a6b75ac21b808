"""The estimator: what is fitted, and how it is folded into plain arrays for service.

Word unigrams and bigrams with sublinear TF-IDF under a multinomial logistic regression; the choice and the rivals it
was measured against are in docs/decisions/0003-the-classifier.md.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inboxbot.model.features import words

Array = npt.NDArray[np.float64]

MIN_DOCUMENTS = 3  # a word of one or two letters is noise, or somebody's name
STRENGTH = 30.0  # inverse regularisation C, by grouped cross-validation
CALIBRATION_SHARE = 4  # one letter group in four is held out to find the temperature


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """A fitted pipeline folded into arrays: no estimator is needed to ask it, and nothing runs when it is loaded."""

    labels: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Array  # (features,)
    coefficients: Array  # (labels, features)
    intercepts: Array  # (labels,)
    temperature: float

    def probabilities(self, text: str) -> Array:
        """Calibrated probability of each label, in the order of `labels`."""
        return softmax(self._logits(*self._vector(text)) / self.temperature)

    def contributions(self, text: str, label: str) -> list[tuple[str, float]]:
        """How much each word of the text spoke for `label` against the mean of the others, in log-odds."""
        indices, values = self._vector(text)
        mine = self.labels.index(label)
        others = [i for i in range(len(self.labels)) if i != mine]
        spread = self.coefficients[mine, indices] - self.coefficients[np.ix_(others, indices)].mean(axis=0)
        names = {index: word for word, index in self.vocabulary.items()} if len(indices) else {}
        return [(names[i], float(w)) for i, w in zip(indices.tolist(), spread * values / self.temperature, strict=True)]

    def _vector(self, text: str) -> tuple[npt.NDArray[np.int64], Array]:
        vocabulary = self.vocabulary
        counts = Counter(vocabulary[w] for w in words(text) if w in vocabulary)
        indices = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        values = np.array([1.0 + math.log(n) for n in counts.values()]) * self.idf[indices]
        norm = math.sqrt(float(values @ values))
        return indices, values / norm if norm else values

    def _logits(self, indices: npt.NDArray[np.int64], values: Array) -> Array:
        return self.coefficients[:, indices] @ values + self.intercepts


def softmax(logits: Array) -> Array:
    """Probabilities from logits, along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Array = raised / raised.sum(axis=-1, keepdims=True)
    return result


def vectoriser() -> Any:
    """The TF-IDF vectoriser over our own words; unfitted."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - half a second only training should cost

    return TfidfVectorizer(analyzer=words, sublinear_tf=True, min_df=MIN_DOCUMENTS, dtype=np.float64)


def estimator() -> Any:
    """The linear model; unfitted, deterministic."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000, tol=1e-5)


def fit(texts: Sequence[str], labels: Sequence[str], groups: Sequence[str]) -> Weights:
    """Fit on everything, calibrated on groups held out of a first fit: together at most 1.8 fits."""
    matrix_of = vectoriser().fit(texts)
    matrix = matrix_of.transform(texts)
    temperature = _temperature(matrix, labels, groups)
    model = estimator().fit(matrix, labels)
    coefficients, intercepts = np.asarray(model.coef_), np.asarray(model.intercept_)
    if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
        coefficients, intercepts = np.vstack([-coefficients, coefficients]) / 2, np.concatenate([-intercepts, intercepts]) / 2
    return Weights(
        labels=tuple(str(label) for label in model.classes_),
        vocabulary={str(word): int(index) for word, index in matrix_of.vocabulary_.items()},
        idf=np.asarray(matrix_of.idf_),
        coefficients=coefficients,
        intercepts=intercepts,
        temperature=temperature,
    )


def _temperature(matrix: Any, labels: Sequence[str], groups: Sequence[str]) -> float:
    """The temperature under which held-out letters were least surprising (Guo et al. 2017): one number, no overfitting."""
    ordered = sorted(set(groups))
    held = {group for position, group in enumerate(ordered) if position % CALIBRATION_SHARE == 0}
    train = [i for i, group in enumerate(groups) if group not in held]
    test = [i for i, group in enumerate(groups) if group in held]
    known = {labels[i] for i in train}
    test = [i for i in test if labels[i] in known]
    if not test or known != set(labels):
        return 1.0
    model = estimator().fit(matrix[train], [labels[i] for i in train])
    logits = np.asarray(model.decision_function(matrix[test]))
    if logits.ndim == 1:
        logits = np.column_stack([-logits / 2, logits / 2])
    truth = np.array([list(model.classes_).index(labels[i]) for i in test])
    candidates = np.exp(np.linspace(math.log(0.2), math.log(5.0), 81))

    def surprise(temperature: float) -> float:
        p = softmax(logits / temperature)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(p, 1e-12)).mean())

    return float(min(candidates, key=surprise))
