"""PicRights, as a user adds it: a folder from outside the package, twelve letters moved in a mail client, one lesson."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inboxbot.issuers.room import check_room
from inboxbot.learn.lesson import learn
from inboxbot.store.engine import open_store
from inboxbot.store.gestures import SqlGestures
from inboxbot.trust.weigh import weigh
from tests.learn.letters import ROOT
from tests.learn.school import LATER, labelled, opened
from tests.main_job.service import configured, inboxbot, mails
from tests.servers.imapservers import Server

pytestmark = [pytest.mark.timeout(600), pytest.mark.filterwarnings("ignore::UserWarning")]

ROOM = ROOT / "docs" / "examples" / "picrights"
LETTERS, ORDINARY = (
    [path.read_bytes() for path in sorted((ROOM / kind).glob("*.eml"))] for kind in ("letters", "ordinary")
)
NOW = datetime.now(UTC)
TOMORROW = {path.stem: path.read_bytes() for path in sorted((ROOM / "examples").glob("*.eml"))}


def test_the_worked_example_is_a_complete_room_with_enough_to_learn_from() -> None:
    assert check_room(ROOM, weigh) == []
    assert len(LETTERS) >= 12


def test_a_room_that_is_begun_wants_its_examples_and_nothing_else(tmp_path: Path) -> None:
    made = inboxbot(tmp_path, "issuers", "new", "rights-line", "--title", "Rights Line")
    assert made.returncode == 0, made.stderr
    assert "Inboxbot/Label/Rights-Line" in made.stdout
    folder = tmp_path / "issuers" / "rights-line"
    assert [problem.partition("examples: ")[2] for problem in check_room(folder)] == [
        "0 examples: a room has at least 3, each an .eml beside a .json"
    ]
    again = inboxbot(tmp_path, "issuers", "new", "rights-line")
    assert (again.returncode, "already" in again.stderr) == (78, True)


@pytest.mark.parametrize("name", ["Other", "other", "x", "two words", "../up"])
def test_a_room_cannot_be_called_just_anything(tmp_path: Path, name: str) -> None:
    refused = inboxbot(tmp_path, "issuers", "new", "--", name)
    assert (refused.returncode, refused.stdout) == (78, "")
    assert "a room's name is its label" in refused.stderr
    assert list(tmp_path.rglob("issuer.toml")) == []


def test_a_user_moves_twelve_letters_and_the_next_ones_are_answered(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user, f'[issuers]\nextra_dirs = ["{ROOM}"]\n')
    with dovecot.client(user) as person:
        for folder, letters in (("Inboxbot.Label.PicRights", LETTERS), ("Inboxbot.Label.Other", ORDINARY)):
            person.create_folder(folder)
            for raw in letters:
                person.append(folder, raw, ("\\Answered",))
    sweep(tmp_path, config)
    assert mails(dovecot, user, "Drafts") == []  # they were answered long ago

    school = opened(tmp_path / "school", state=tmp_path / "state", extra=[ROOM])
    said = SqlGestures(open_store("sqlite:///state.db", tmp_path / "state")).every()
    assert {gesture.value for gesture in said} == {"picrights", "other"}
    assert learn(school, said, NOW).harvest.letters == ()  # not before a day has passed
    taught = learn(school, said, NOW + timedelta(days=2))
    assert taught.promoted, taught.finding

    for raw in TOMORROW.values():
        dovecot.deliver(user, raw)
    sweep(tmp_path, config)
    drafts = mails(dovecot, user, "Drafts")
    assert {draft["Subject"][-14:] for draft, _ in drafts} == {"6627-1904-3385", "7302-5518-4409", "6034-1172-8891"}
    assert {draft["To"] for draft, _ in drafts} == {"resolveuk@picrights.com", "resolvefr@picrights.com", None}


def sweep(home: Path, config: Path) -> None:
    done = inboxbot(home, "run", "--once", "--config", str(config))
    assert done.returncode == 0, done.stderr


def test_a_few_letters_are_said_to_be_too_few(tmp_path: Path) -> None:
    school = opened(tmp_path, extra=[ROOM])
    few = learn(school, labelled(school, [("picrights", raw) for raw in LETTERS[:11]], extra=[ROOM]), LATER)
    assert not few.promoted
    assert few.finding.notes == (
        "picrights: too thin to be learned: 11 of the 12 labelled letters that a new room needs",
    )


def test_letters_that_do_not_look_alike_are_too_few_together(tmp_path: Path) -> None:
    school = opened(tmp_path, extra=[ROOM])
    mixed = [("picrights", raw) for raw in (*LETTERS[:10], *ORDINARY)]
    told = learn(school, labelled(school, mixed, extra=[ROOM]), LATER)
    assert not told.promoted
    assert any("picrights: too thin to be learned: of its letters only" in note for note in told.finding.notes)
