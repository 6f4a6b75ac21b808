"""A user's own templates: which come first, and what is told about a wrong one before any letter is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from inboxbot.errors import SetupError
from inboxbot.issuers.facts import find_facts
from inboxbot.issuers.reply import write_reply
from inboxbot.issuers.room import open_rooms
from inboxbot.letter.parse import read_letter
from inboxbot.records import Brief, Standing, Trust
from tests.issuers.letters import COMPANY
from tests.issuers.test_reply import NOTICE


def reply_with(folder: Path, room: str = "copytrack") -> str:
    house = open_rooms(user_templates=folder)[room]
    letter, brief = read_letter(NOTICE), Brief(identity=COMPANY, language="en", scenario="evidence", quote=False)
    facts = find_facts(letter, house, brief)
    return write_reply(letter, house, facts, "notice", Trust(Standing.UNVERIFIED, ()), brief).body


def told(folder: Path) -> list[str]:
    with pytest.raises(SetupError) as caught:
        open_rooms(user_templates=folder)
    return list(caught.value.problems)


def test_a_template_of_the_user_comes_before_ours(tmp_path: Path) -> None:
    (tmp_path / "reply.evidence.en.j2").write_text("Our own words on {{ case_number }}.\n")
    assert reply_with(tmp_path).startswith("Our own words on K7Q2XB.")


def test_one_for_a_room_comes_before_one_for_all(tmp_path: Path) -> None:
    (tmp_path / "copytrack").mkdir()
    (tmp_path / "reply.evidence.en.j2").write_text("For all.\n")
    (tmp_path / "copytrack" / "reply.evidence.en.j2").write_text("For Copytrack.\n")
    assert reply_with(tmp_path).startswith("For Copytrack.")
    assert reply_with(tmp_path, "pixtrakk").startswith("For all.")


def test_a_list_of_requests_alone_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "requests.en.j2").write_text("1. your mandate.\n")
    body = reply_with(tmp_path)
    assert "1. your mandate." in body
    assert "Nothing in this message admits liability" in body


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("Dear Counsel,\n\n{% if removed %}\nIt is gone.\n", "reply.evidence.en.j2:4: Unexpected end of template"),
        ("Dear Counsel,\n\nCase {{ case_nummer }}.\n", "reply.evidence.en.j2:3: unknown value “case_nummer”; did you mean “case_number”?"),
        ("Dear Counsel,\n\n{% include 'missing.j2' %}\n", "reply.evidence.en.j2:3: there is no template “missing.j2”"),
        ("Dear Counsel,\n\n{{ amount | upperr }}\n", "reply.evidence.en.j2:3: No filter named 'upperr'"),
        ("Dear Counsel,\n\n{{ amount / 2 }}\n", "reply.evidence.en.j2:3: unsupported operand"),
        ("Dear Counsel,\n\n{{ name.street }}\n", "reply.evidence.en.j2:3: 'str object' has no attribute 'street'"),
        ("Dear Counsel,\n\n{% if removed %}\n{{ none }}\n{% endif %}\n", "reply.evidence.en.j2:4: a value is None"),
        ("Dear Counsel,\n\nWe are sorry.\n", "reply.evidence.en.j2:3: reads as an admission or an apology (“sorry”)"),
        ("Dear Counsel,\n\nWe will pay {{ amount }}.\n", "reply.evidence.en.j2:3: promises or offers to pay"),
    ],
)  # fmt: skip
def test_a_wrong_template_is_told_at_the_start_with_file_and_line(tmp_path: Path, words: str, problem: str) -> None:
    (tmp_path / "reply.evidence.en.j2").write_text(words)
    problems = told(tmp_path)
    assert any(problem in each for each in problems), problems
    assert all(str(tmp_path) in each for each in problems)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("reply.evidance.fr.j2", "no reply is called “evidance” (did you mean evidence?)"),
        ("reply.evidence.it.j2", "“it” is no language of replies; there are: fr, en, de"),
        ("copytrack/reply.observations.fr.j2", "no reply is called “observations”; there are: evidence, lawyer"),
    ],
)
def test_a_template_that_would_never_be_used_is_told(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "copytrack").mkdir()
    (tmp_path / name).write_text("Case {{ case_number }}.\n")
    (only,) = told(tmp_path)
    assert only.startswith(f"{tmp_path / name}: {problem}")


def test_a_folder_or_a_template_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert told(tmp_path / "none") == [f"{tmp_path / 'none'}: there is no such folder of templates"]
    (tmp_path / "reply.evidence.fr.j2").write_bytes("Madame,\n\nréponse\n".encode("latin-1"))
    assert told(tmp_path) == [f"{tmp_path / 'reply.evidence.fr.j2'}:3: is not UTF-8: save it as that"]


def test_all_wrong_templates_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "reply.evidence.en.j2").write_text("We are sorry.\n")
    (tmp_path / "reply.licence.fr.j2").write_text("Dossier {{ dosier }}\n")
    assert len({each.partition(":")[0] for each in told(tmp_path)}) == 2


@pytest.mark.parametrize("words", ["{{ ''.__class__.__mro__ }}", "{{ [].append(1) }}", "{{ name.__init__ }}"])
def test_a_template_cannot_leave_its_sandbox(tmp_path: Path, words: str) -> None:
    from inboxbot.errors import LetterError

    (tmp_path / "reply.evidence.en.j2").write_text(f"Case {words}\n")
    try:
        body = reply_with(tmp_path)
    except (LetterError, SetupError):
        return
    assert "class" not in body


def test_a_line_that_begins_with_a_german_date_begins_no_item(tmp_path: Path) -> None:
    (tmp_path / "reply.evidence.en.j2").write_text(
        "Seen on\n3. März:\n1. the mandate,\nin writing;\n2. the title.\n\n- a\n- b\n"
    )
    assert reply_with(tmp_path).startswith("Seen on 3. März:\n1. the mandate, in writing;\n2. the title.\n\n- a\n- b\n")
