from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from inboxbot.learn.collect import FROM_FILE, collect, tidy
from inboxbot.learn.labels import Said
from inboxbot.learn.pile import Pile
from tests.learn.letters import NOON, noted

LATER = NOON + timedelta(days=2)


def test_only_labels_that_stand_are_learned_from(tmp_path: Path) -> None:
    pile = Pile(tmp_path)
    for key in "abcd":
        pile.keep(noted(key, "copytrack", key), b"")
    pile.keep(replace(noted("e", "other", "e"), account=FROM_FILE), b"")
    heard = {
        "a" * 64: Said("copytrack", counts=True),
        "b" * 64: Said("copytrack", counts=False),
        "c" * 64: Said(rivals=("copytrack", "other")),
    }
    harvest = collect(pile, heard, LATER)
    assert [(kept.key[0], kept.label) for kept in harvest.letters] == [("a", "copytrack"), ("e", "other")]
    assert (harvest.fresh, harvest.contradicted, harvest.taken_back) == (1, ("c" * 64,), ("d" * 64,))
    assert harvest.confirmed == {"e" * 64}
    assert len(pile.letters()) == 5  # to look changes nothing
    assert tidy(pile, harvest, NOON - timedelta(days=1)) == 1
    assert [kept.key[0] for kept in pile.letters()] == ["a", "b", "c", "e"]


def test_what_people_say_now_beats_what_was_laid_aside(tmp_path: Path) -> None:
    pile = Pile(tmp_path)
    pile.keep(noted("a", "copytrack", "a"), b"")
    (kept,) = collect(pile, {"a" * 64: Said("hadopi", counts=True)}, LATER).letters
    assert kept.label == "hadopi"
