"""Cues: what demand letters, and the mails that only speak of them, say in six languages; the list is `cues.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import re2

_LIST = Path(__file__).with_name("cues.toml")
_MEMORY = 64 << 20  # bytes that RE2 may use for the automaton; what it grows to is some five


def heard(sentence: str) -> frozenset[str]:
    """The cues of one folded sentence."""
    names, patterns = _automaton()
    return frozenset(names[index] for index in patterns.Match(sentence) or ())


def spoken(sentences: Iterable[str]) -> list[frozenset[str]]:
    """The cues of each sentence, in order."""
    return [heard(sentence) for sentence in sentences]


@cache
def cues() -> dict[str, tuple[str, ...]]:
    """Each cue with its patterns, of all languages."""
    listed = tomllib.loads(_LIST.read_text(encoding="utf-8"))
    return {
        name: tuple(p for patterns in by_language.values() for p in patterns) for name, by_language in listed.items()
    }


@cache
def _automaton() -> tuple[tuple[str, ...], re2.Set]:
    """All cues as one automaton: a sentence is read once, however many cues there are."""
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    patterns = re2.Set.SearchSet(options)
    for several in cues().values():
        patterns.Add("|".join(f"(?:{pattern})" for pattern in several))
    patterns.Compile()
    return tuple(cues()), patterns
