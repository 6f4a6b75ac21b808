"""The wordings of money.toml and deadline.toml, folded and compiled: one pattern for each meaning and place."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import re2

from inboxbot.issuers.kinds.sentences import fold

Extra = tuple[tuple[str, tuple[str, ...]], ...]  # (meaning, further phrases) of a room

_MEMORY = 32 << 20  # bytes that one pattern may use for its states; they are made as texts need them
_ESCAPED = re2.compile(r"\\.|[^\\]+")


@dataclass(frozen=True, slots=True)
class Cue:
    """A wording with a meaning in a folded sentence; `place` tells on which side it speaks (money.toml)."""

    start: int
    end: int
    meaning: str
    place: str
    words: str


def cues_in(text: str, name: str, extra: Extra = ()) -> tuple[Cue, ...]:
    """The cues of one folded sentence, left to right; the longest of overlapping wordings counts, with all its meanings."""
    found = [
        Cue(match.start(), match.end(), meaning, place, match.group())
        for meaning, place, pattern in _compiled(name, extra)
        for match in pattern.finditer(text)
    ]
    found.sort(key=lambda cue: (cue.start - cue.end, cue.start))
    kept: list[Cue] = []
    owner = [-1] * len(text)
    for cue in found:
        over = {each for each in owner[cue.start : cue.end] if each >= 0}
        if not over or all((kept[each].start, kept[each].end) == (cue.start, cue.end) for each in over):
            owner[cue.start : cue.end] = [len(kept)] * (cue.end - cue.start)
            kept.append(cue)
    return tuple(sorted(kept, key=lambda cue: cue.start))


def phrase(wordings: Sequence[str]) -> str:
    """The wordings as one folded RE2 alternative; escapes such as `\\w` are left alone."""
    whole = "|".join(f"(?:{each})" for each in wordings)
    return str(_ESCAPED.sub(lambda part: part.group() if part.group()[0] == "\\" else fold(part.group()), whole))


def _spelled_out(wording: str, place: str) -> str:
    """A wording of a vocabulary as RE2: "…" is up to five words, "‥" up to two, "*" the rest of a word."""
    words = {"after": r"(?: [\w.'-]+){0,6}", "anywhere": "[^;!?]*"}.get(place, r"(?: [a-z'-]+){0,5}")
    whole = wording.replace("*", r"\w*").replace("…", words).replace("‥", r"(?: [a-z'-]+){0,2}")
    return (
        whole.replace(" ?", " *").replace("(?: ", "(?: +").replace(" ", " +").replace(" ++", " +").replace(" +*", " *")
    )


def _bounded(phrases: Sequence[str]) -> str:
    """The wordings as one pattern of whole words; a wording may begin with a sign, as in "+ VAT"."""
    signed = [each for each in phrases if each.startswith(("\\+", "^"))]
    worded = [each for each in phrases if each not in signed]
    patterns = ([rf"\b(?:{phrase(worded)})\b"] if worded else []) + (
        [rf"(?:{phrase(signed)})(?:\b|$)"] if signed else []
    )
    return "|".join(patterns)


@lru_cache(maxsize=16)
def _compiled(name: str, extra: Extra) -> tuple[tuple[str, str, re2._Regexp], ...]:
    """(meaning, place, pattern) of a vocabulary with a room's further phrases, which speak on either side."""
    written = tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
    wordings = {
        (meaning, place): [_spelled_out(each, place) for phrases in languages.values() for each in phrases]
        for meaning, places in written.items()
        for place, languages in places.items()
    }
    for meaning, phrases in extra:
        wordings.setdefault((meaning, "beside"), []).extend(phrases)
    options = re2.Options()
    options.longest_match = True
    options.max_mem = _MEMORY
    return tuple(
        (meaning, place, re2.compile(_bounded(phrases), options)) for (meaning, place), phrases in wordings.items()
    )
