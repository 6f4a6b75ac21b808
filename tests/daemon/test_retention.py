from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from inboxbot.daemon.retention import Retention
from inboxbot.learn.pile import Kept, Pile

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
YEAR = timedelta(days=365)


@pytest.fixture
def pile(tmp_path: Path) -> Pile:
    pile = Pile(tmp_path / "pile")
    for key, at in (("a" * 64, NOON - YEAR), ("b" * 64, NOON)):
        pile.keep(Kept(key, "copytrack", "office", "Inboxbot/Label/Copytrack", at, "en", {}), b"")
    return pile


def test_what_is_too_old_is_forgotten_in_the_store_and_in_the_pile(pile: Pile) -> None:
    asked: list[datetime] = []
    with capture_logs() as logs:
        Retention(lambda before: asked.append(before) or ["one"], pile, timedelta(days=30))(NOON)
    assert asked == [NOON - timedelta(days=30)]
    assert [kept.key[0] for kept in pile.letters()] == ["b"]
    assert [(each["letters"], each["learned_from"]) for each in logs] == [(1, 1)]


def test_it_is_done_once_a_day(pile: Pile) -> None:
    asked: list[datetime] = []
    retention = Retention(lambda before: asked.append(before) or [], pile, YEAR)
    for hours in range(0, 73, 6):
        retention(NOON + timedelta(hours=hours))
    assert [before + YEAR for before in asked] == [NOON + timedelta(days=day) for day in range(4)]


def test_a_pile_that_cannot_be_tidied_is_told_of_and_stops_nothing(pile: Pile, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Pile, __: datetime) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Pile, "prune", fail)
    with capture_logs() as logs:
        Retention(lambda _: ["one"], pile, YEAR)(NOON)
    assert [each["event"] for each in logs] == ["the pile cannot be tidied", "forgotten after its time"]
