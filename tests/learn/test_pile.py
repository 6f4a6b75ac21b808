from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from inboxbot.learn.pile import Pile
from tests.learn.letters import DATA, NOON, kept, noted

CLAIM = b"""From: Copytrack <case@copytrack.com>
To: Claire Durand <claire.durand@client.example>
Subject: Your use of an image, case ZQX931
Message-ID: <1@copytrack.com>
Date: Mon, 2 Mar 2026 10:00:00 +0100

Dear Claire Durand,
COPYTRACK found an image of our client on https://atelier-zorro.example/fotos. Please pay 431,17 EUR to
DE89 3704 0044 0532 0130 00 by 16.03.2026, or call +49 30 5555 7777. Case ZQX931.
"""
PERSONAL = ("ZQX931", "Durand", "zorro", "431", "3704", "5555", "16.03", "client.example")


@pytest.fixture
def pile(tmp_path: Path) -> Pile:
    return Pile(tmp_path / "pile")


def test_what_is_kept_comes_back_as_it_was(pile: Pile) -> None:
    letter = kept(CLAIM, "copytrack")
    pile.keep(letter, CLAIM)
    assert pile.letters() == [letter]
    assert letter.sights["copytrack"].words


def test_nothing_personal_is_kept_and_no_one_else_may_read_it(pile: Pile) -> None:
    pile.keep(kept(CLAIM, "copytrack"), CLAIM)
    (path,) = pile.root.rglob("*.*")
    assert [word for word in PERSONAL if word.lower() in path.read_text().lower()] == []
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_who_wants_the_whole_mail_kept_has_it_beside(tmp_path: Path) -> None:
    pile = Pile(tmp_path, "raw")
    letter = kept(CLAIM, "copytrack")
    pile.keep(letter, CLAIM)
    assert pile.raw(letter) == CLAIM
    assert {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*.eml")} == {0o600}


@pytest.mark.parametrize("keep", ["masked", "raw"])
def test_a_newer_label_replaces_the_older_and_forgetting_leaves_no_file(tmp_path: Path, keep: str) -> None:
    pile = Pile(tmp_path, keep)  # type: ignore[arg-type]
    for label in ("copytrack", "other"):
        pile.keep(kept(CLAIM, label), CLAIM)
    (letter,) = pile.letters()
    assert letter.label == "other"
    assert pile.forget(letter.key)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert not pile.forget(letter.key)


def test_what_is_old_is_removed(pile: Pile) -> None:
    pile.keep(noted("a", "other", "old"), b"")
    pile.keep(noted("b", "other", "new", NOON + timedelta(days=9)), b"")
    assert pile.prune(NOON + timedelta(days=1)) == 1
    assert [letter.key[0] for letter in pile.letters()] == ["b"]


def test_a_damaged_file_costs_no_other(pile: Pile) -> None:
    pile.keep(noted("a", "other", "one"), b"")
    (pile.root / "other" / "broken.json").write_text("{")
    assert [letter.key[0] for letter in pile.letters()] == ["a"]


def test_real_letters_pass_through_unharmed(pile: Pile) -> None:
    raws = [path.read_bytes() for path in sorted((DATA / "copytrack").glob("*.eml"))[:5]]
    letters = [kept(raw, "copytrack") for raw in raws]
    for letter, raw in zip(letters, raws, strict=True):
        pile.keep(letter, raw)
    assert sorted(pile.letters(), key=lambda each: each.key) == sorted(letters, key=lambda each: each.key)
