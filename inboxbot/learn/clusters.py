"""Near-duplicates: a campaign that was filed a hundred times teaches as much as one letter, and is one hand."""

from __future__ import annotations

from collections.abc import Sequence

from inboxbot.learn.pile import Kept

SAME, ALIKE = 0.8, 0.35  # shared runs of words: the same letter; letters of one hand
RUN = 3  # words


def collapse(letters: Sequence[Kept]) -> list[tuple[Kept, str]]:
    """One letter of each cluster of near-duplicates (the newest), with the group of letters that it resembles.

    Letters of different labels are never one: what contradicts itself must be seen.
    """
    newest_first = sorted(letters, key=lambda kept: (kept.at, kept.key), reverse=True)
    kept_ones: list[tuple[Kept, frozenset[str], str]] = []
    for letter in newest_first:
        runs, group = _runs(letter), ""
        for other, theirs, their_group in kept_ones:
            if other.label != letter.label:
                continue
            shared = _shared(runs, theirs)
            if shared >= SAME:
                break
            if shared >= ALIKE and not group:
                group = their_group
        else:
            kept_ones.append((letter, runs, group or f"pile/{letter.key[:16]}"))
    return [(letter, group) for letter, _, group in reversed(kept_ones)]


def _runs(letter: Kept) -> frozenset[str]:
    words = " ".join(sight.words for sight in letter.sights.values()).split()
    return frozenset(" ".join(words[n : n + RUN]) for n in range(max(1, len(words) - RUN + 1)))


def _shared(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """Jaccard's index."""
    union = len(ours | theirs)
    return len(ours & theirs) / union if union else 1.0
