"""The estimator: what is fitted, and how it is folded into plain arrays for service.

One logistic regression answers one question for every room: is this a letter of the room that it names? It sees masked
words and legible signs, each a TF-IDF vector of length one. A sign counts three ways: as all rooms share it, as this
room has it (Daumé, "Frustratingly easy domain adaptation", 2007: so a new room starts with what the others taught), and
together with each other sign, since a lawyer who asks for money is not a lawyer who advises. The choice and the rivals
that it was measured against are in docs/decisions/0003-the-classifier.md.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from inboxbot.model.features import Sight, words

Array = npt.NDArray[np.float64]

MIN_DOCUMENTS = 3  # a word of one or two letters is noise, or somebody's name
MIN_GROUPS = 2  # and so is one that a single hand uses
STRENGTH = 1.5  # inverse regularisation C; this and the lengths by grouped cross-validation
WORDS_LENGTH = 11.0  # of the vector of words
SIGNS_LENGTH = 16.0  # of the vector of signs
PROBING = 0.5  # what a letter counts that was written against the model
CALIBRATION_SHARE = 4  # one group in four is held out to find the temperature
ENOUGH_HANDS = 40  # that were checked, so that ten of them can tell it
TOGETHER = " & "


@dataclass(frozen=True, slots=True)
class Case:
    """One letter and one room that it names: the question; `mine` is the answer that a person gave."""

    room: str
    sight: Sight
    mine: bool
    group: str
    probing: bool = False  # written against the model: it says nothing of how sure to be
    own: bool = False  # labelled by the user, and by nobody checked: nor does this


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Terms, how rare each is, and how much each speaks for a letter, in log-odds."""

    terms: dict[str, int]
    idf: Array  # (terms,)
    weights: Array  # (terms,)

    def spoken(self, found: Iterable[str]) -> float:
        """What all that was found says together."""
        _, indices, values = self._vector(found)
        return float(self.weights[indices] @ values)

    def spoken_each(self, found: Iterable[str]) -> Iterator[tuple[str, float]]:
        """What each known term that was found says."""
        terms, indices, values = self._vector(found)
        return zip(terms, (self.weights[indices] * values).tolist(), strict=True)

    def _vector(self, found: Iterable[str]) -> tuple[list[str], npt.NDArray[np.int64], Array]:
        """TF-IDF of the known terms: 1 + ln(count), weighted by rarity, of length one."""
        known = self.terms
        counts = Counter([term for term in found if term in known])
        indices = np.array([known[term] for term in counts], dtype=np.int64)
        values = (1.0 + np.log(np.array(list(counts.values()), dtype=np.float64))) * self.idf[indices]
        length = math.sqrt(float(values @ values))
        return list(counts), indices, values / length if length else values


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """A fitted pipeline folded into arrays: no estimator is needed to ask it, and nothing runs when it is loaded."""

    rooms: tuple[str, ...]
    words: Vocabulary
    signs: Vocabulary
    intercept: float
    temperature: float

    def log_odds(self, room: str, sight: Sight) -> float:
        """How much rather the letter is one of this room than not, calibrated."""
        said = self.words.spoken(words(sight.words)) + self.signs.spoken(spelled(room, sight.signs))
        return (self.intercept + said) / self.temperature

    def contributions(self, room: str, sight: Sight) -> list[tuple[str, float]]:
        """How much each word and each sign spoke for this room, in log-odds; a pair's share goes to its two signs alike."""
        spoke: dict[str, float] = defaultdict(float)
        for word, said in self.words.spoken_each(words(sight.words)):
            spoke[f"“{word}”"] += said
        for term, said in self.signs.spoken_each(spelled(room, sight.signs)):
            signs = term.removesuffix(f" @{room}").split(TOGETHER)
            for sign in signs:
                spoke[sign] += said / len(signs)
        return [(what, said / self.temperature) for what, said in spoke.items()]


def spelled(room: str, signs: Sequence[str]) -> Iterator[str]:
    """The signs as terms: as all rooms share them, as this room has them, two by two, and the room itself."""
    yield f"@{room}"
    for sign in signs:
        yield sign
        yield f"{sign} @{room}"
    yield from (f"{one}{TOGETHER}{other}" for one, other in combinations(sorted(signs), 2))


# --- fitting: the only place that knows scikit-learn ------------------------------------------------------------------


def pipeline(cases: Sequence[Case]) -> Any:
    """The scikit-learn pipeline over cases, with the vocabulary that these cases teach; unfitted."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - half a second that only training
    from sklearn.pipeline import FeatureUnion, Pipeline  # noqa: PLC0415 - should cost

    def vectoriser(analyse: Callable[[Case], Iterable[str]]) -> Any:
        return TfidfVectorizer(
            analyzer=analyse, lowercase=False, sublinear_tf=True, vocabulary=_taught(cases, analyse), dtype=np.float64
        )

    features = FeatureUnion(
        [("words", vectoriser(_words_of)), ("signs", vectoriser(_signs_of))],
        transformer_weights={"words": WORDS_LENGTH, "signs": SIGNS_LENGTH},
    )
    return Pipeline([("features", features), ("model", _regression())])


def fit(cases: Sequence[Case]) -> Weights:
    """Fit on everything, calibrated on groups held out of a first fit: together at most 1.8 fits."""
    whole = pipeline(cases)
    matrix = whole.named_steps["features"].fit_transform(cases)
    truth = np.array([case.mine for case in cases])
    temperature = _temperature(matrix, truth, cases)
    whole.named_steps["model"].fit(matrix, truth, sample_weight=balance(cases))
    return fold(whole, tuple(sorted({case.room for case in cases})), temperature)


def fold(whole: Any, rooms: tuple[str, ...], temperature: float) -> Weights:
    """The fitted pipeline as plain arrays."""
    union = dict(whole.named_steps["features"].transformer_list)
    model = whole.named_steps["model"]
    coefficients = np.asarray(model.coef_, dtype=np.float64)[0]
    border = len(union["words"].vocabulary_)

    def vocabulary(vectoriser: Any, weights: Array) -> Vocabulary:
        terms = {str(term): int(index) for term, index in vectoriser.vocabulary_.items()}
        return Vocabulary(terms, np.asarray(vectoriser.idf_, dtype=np.float64), weights)

    return Weights(
        rooms=rooms,
        words=vocabulary(union["words"], coefficients[:border] * WORDS_LENGTH),
        signs=vocabulary(union["signs"], coefficients[border:] * SIGNS_LENGTH),
        intercept=float(model.intercept_[0]),
        temperature=temperature,
    )


def balance(cases: Sequence[Case]) -> Array:
    """Weights under which every room has as much evidence for as against it: how often a room was labelled says nothing.

    What was written against the model counts half.
    """
    counts = Counter((case.room, case.mine) for case in cases)
    each = [len(cases) / len(counts) / counts[case.room, case.mine] for case in cases]
    return np.array([weight * (PROBING if case.probing else 1.0) for weight, case in zip(each, cases, strict=True)])


def _words_of(case: Case) -> list[str]:
    return words(case.sight.words)


def _signs_of(case: Case) -> list[str]:
    return list(spelled(case.room, case.sight.signs))


def _regression() -> Any:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    return LogisticRegression(C=STRENGTH, max_iter=3000, tol=1e-4)


def _taught(cases: Sequence[Case], analyse: Callable[[Case], Iterable[str]]) -> dict[str, int]:
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
    told = _told_apart(cases)
    held = set(sorted({case.group for case, says in zip(cases, told, strict=True) if says})[::CALIBRATION_SHARE])
    away = np.array([case.group in held for case in cases])
    test = away & told
    if away.all() or not test.any() or len(set(truth[~away])) < 2:
        return 1.0
    weights = balance(cases)
    model = _regression().fit(matrix[~away], truth[~away], weights[~away])
    odds = np.asarray(model.decision_function(matrix[test]))
    signed = np.where(truth[test], odds, -odds)
    candidates = np.exp(np.linspace(math.log(0.2), math.log(5.0), 81))
    return float(min(candidates, key=lambda t: float((weights[test] * np.logaddexp(0.0, -signed / t)).sum())))


def _told_apart(cases: Sequence[Case]) -> npt.NDArray[np.bool_]:
    """Which cases say how sure to be: those of checked letters, about rooms that have such letters.

    So what a user labels teaches, and moves no letter of the others between the two sides of the measurement. Where too
    few hands were checked to tell, all labelled letters say it.
    """
    checked = [not (case.probing or case.own) for case in cases]
    if len({case.group for case, fine in zip(cases, checked, strict=True) if fine}) < ENOUGH_HANDS:
        return np.array([not case.probing for case in cases])
    rooms = {case.room for case, fine in zip(cases, checked, strict=True) if fine and case.mine}
    return np.array([fine and case.room in rooms for case, fine in zip(cases, checked, strict=True)])
