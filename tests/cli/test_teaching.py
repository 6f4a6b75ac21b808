"""What a person asks of the shelf and of a lesson on the command line, and what they are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inboxbot.cli import main
from inboxbot.learn.pile import Pile
from inboxbot.model import shelf
from inboxbot.records import Gesture
from inboxbot.store.engine import open_store
from inboxbot.store.gestures import SqlGestures
from tests.learn.letters import kept
from tests.learn.post import letter
from tests.model.test_keeping import put

AGAINST = "The candidate learned from 3 hadopi and is not used: it would miss 1 instead of 0 of held-out letters."
DAYS_AGO = datetime.now(UTC) - timedelta(days=3)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config = tmp_path / "inboxbot.toml"
    config.write_text(f'[[account]]\nname = "local"\nmaildir = "{tmp_path / "mail"}"\n', encoding="utf-8")
    monkeypatch.setenv("INBOXBOT_CONFIG", str(config))
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    return tmp_path / "state"


def says(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command prints that is done."""
    assert main.run(words) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def test_the_shelf_tells_of_each_version_why_it_is_used_or_not(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = {"cost": 1.5}
    used = put(home / "models", 1, report=report, counts={"other": 7}, learning={"why": "It is nowhere worse."})
    shelf.promote(home / "models", used)
    refused = put(home / "models", 2, report=report, counts={"other": 7}, learning={"better": False, "why": AGAINST})
    told = says(capsys, "models", "list").splitlines()
    assert told[:4] == [
        f"* {used}  yours, 7 letters, cost 1.5",
        "    It is nowhere worse.",
        f"  {refused}  yours, 7 letters, cost 1.5",
        f"    {AGAINST}",
    ]
    assert "packaged" in told[4]


def test_one_can_go_back_and_forth(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (put(home / "models", number) for number in (1, 2))
    for version in (first, second):
        assert says(capsys, "models", "promote", version) == f"promoted: {version}\n"
    assert says(capsys, "models", "rollback") == f"current again: {first}\n"
    assert main.run(["models", "promote", "v9"]) == 78
    assert "no model v9" in capsys.readouterr().err
    assert shelf.current(home / "models") == first


def test_a_lesson_lists_what_contradicts_itself_and_what_is_too_fresh(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir()
    book, pile = SqlGestures(open_store("sqlite:///state.db", home)), Pile(home / "pile")
    torn, fresh = (letter("demand", "hadopi", hand, 1) for hand in ("anna", "bert"))

    def says_a_person(raw: bytes, uid: int, at: datetime, *labels: str) -> str:
        for label in labels:
            each = kept(raw, label, at)
            pile.keep(each, raw)
            place = f"Inboxbot/Label/{label.title()}"
            book.note(Gesture("office", place, place, 1, uid, each.key, "label", label, at))
        return each.key[:8]

    key = says_a_person(torn, 1, DAYS_AGO, "hadopi", "copytrack")
    says_a_person(fresh, 2, datetime.now(UTC), "hadopi")
    told = says(capsys, "learn")
    assert "0 labelled letters; 1 more were labelled less than a day ago" in told
    assert f"{key} lies in several label folders: keep one, or inboxbot label {key} --as LABEL" in told
    assert "There is nothing to learn from yet." in told
