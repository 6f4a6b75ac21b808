"""The letters that the model learns from: enough, of many hands, and no two alike."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from inboxbot.letter.parse import read_letter
from inboxbot.model.masks import masked

ROOT = Path(__file__).parents[2]
LETTERS = sorted((ROOT / "training_data").glob("*/*.eml"))
HELD_OUT = sorted((ROOT / "tests" / "evaluation").glob("*/*.eml"))
GRAM = 5
_NAME = re.compile(r"[a-z]+-[a-z]+-\d{2}\.(?:fr|en|de|es|it|nl)\.eml")
_WORD = re.compile(r"\w+")


def grams(path: Path) -> frozenset[tuple[str, ...]]:
    """The runs of five words of a mail's own text, masked."""
    letter = read_letter(path.read_bytes())
    text = "\n".join([letter.body, *(attached.text for attached in letter.attachments)])
    said = _WORD.findall(masked(text).lower())
    return frozenset(zip(*(said[start:] for start in range(GRAM)), strict=False))


@pytest.fixture(scope="module")
def known() -> dict[Path, frozenset[tuple[str, ...]]]:
    return {path: grams(path) for path in (*LETTERS, *HELD_OUT)}


def test_every_class_has_letters_enough() -> None:
    counts = Counter(path.parent.name for path in LETTERS)
    assert min(counts[room] for room in ("copytrack", "pixtrakk", "hadopi")) >= 150
    assert counts["other"] >= 800


def test_the_held_out_set_is_large_enough_and_another_hand() -> None:
    counts = Counter(path.parent.name for path in HELD_OUT)
    assert sum(counts.values()) - counts["other"] >= 150
    assert counts["other"] >= 150


def test_names_tell_hand_family_number_and_language() -> None:
    assert [path.name for path in LETTERS if not _NAME.fullmatch(path.name)] == []


def test_no_two_letters_are_near_duplicates(known: dict[Path, frozenset[tuple[str, ...]]]) -> None:
    alike = [(a.name, b.name) for a, b, share in _overlaps(known, LETTERS, LETTERS) if share > 0.5]
    assert alike == []


def test_no_long_passage_stands_on_both_sides_of_the_split(known: dict[Path, frozenset[tuple[str, ...]]]) -> None:
    alike = [(a.name, b.name) for a, b, share in _overlaps(known, LETTERS, HELD_OUT) if share > 0.3]
    assert alike == []


def _overlaps(
    known: dict[Path, frozenset[tuple[str, ...]]], left: list[Path], right: list[Path]
) -> list[tuple[Path, Path, float]]:
    """Pairs that share runs of five words, with the share of the shorter one; short mails say nothing."""
    where: dict[tuple[str, ...], list[Path]] = defaultdict(list)
    for path in right:
        for gram in known[path]:
            where[gram].append(path)
    shared: Counter[tuple[Path, Path]] = Counter()
    for path in left:
        for gram in known[path]:
            if len(where.get(gram, ())) <= 60:  # a phrase that everybody uses tells of nobody's copy
                shared.update((path, other) for other in where.get(gram, ()) if other != path)
    return [
        (a, b, count / min(len(known[a]), len(known[b])))
        for (a, b), count in shared.items()
        if min(len(known[a]), len(known[b])) >= 25
    ]
