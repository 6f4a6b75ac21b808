"""The examples of every packaged room come out as they say: facts, stage, trust and reply."""

from __future__ import annotations

from pathlib import Path

import pytest

from inboxbot.issuers.room import HERE, PACKAGED, check_room
from inboxbot.letter.parse import read_letter
from inboxbot.trust.weigh import weigh


@pytest.mark.parametrize("room", PACKAGED)
def test_every_example_comes_out_as_it_says(room: str) -> None:
    assert check_room(HERE / room, weigh) == []


@pytest.mark.parametrize("room", PACKAGED)
def test_every_room_shows_letters_of_many_makes(room: str) -> None:
    letters = [read_letter(path.read_bytes()) for path in (HERE / room / "examples").glob("*.eml")]
    assert len(letters) >= 6
    assert any(letter.forwarded for letter in letters)
    assert any(paper.text for letter in letters for paper in letter.attachments)


@pytest.mark.parametrize("room", PACKAGED)
def test_every_room_shows_an_imitation(room: str) -> None:
    assert '"trust": "suspect"' in (HERE / room / "examples/fake.json").read_text("utf-8")


def test_an_example_that_comes_out_otherwise_is_told_with_both_readings(tmp_path: Path) -> None:
    folder = tmp_path / "copytrack"
    folder.mkdir()
    for path in (HERE / "copytrack").rglob("*"):
        if path.is_file():
            copy = folder / path.relative_to(HERE / "copytrack")
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(path.read_bytes())
    expected = folder / "examples/closing.json"
    expected.write_text(expected.read_text("utf-8").replace('"closing"', '"reminder"'), "utf-8")
    (folder / "examples/fake.json").write_text('{"stage": "notice", "facts": {"amont": "1.00"}}', "utf-8")
    (folder / "examples/lawyer.json").unlink()

    problems = "\n".join(check_room(folder))

    assert 'closing.eml: stage is read as "closing", expected is "reminder"' in problems
    assert "fake.json: facts.amont: “amont” is not known here (did you mean amount?)" in problems
    assert "lawyer.json: no such file: it says what is expected of the letter beside it" in problems
