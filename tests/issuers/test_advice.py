"""What the sheet advises at each stage, in the user's language and for what the user is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inboxbot.issuers.advice import open_advice
from tests.issuers.letters import COMPANY, PERSON, ROOMS, rooms


@pytest.mark.parametrize("room", ROOMS)
def test_every_language_advises_at_the_same_points(room: str) -> None:
    texts = rooms()[room].advice.texts
    assert set(texts) == {"fr", "en", "de"}
    shapes = [{key: len(said) for key, said in each.items()} for each in texts.values()]
    assert shapes[0] == shapes[1] == shapes[2]
    assert {*rooms()[room].stages, "always", "suspect"} <= set(shapes[0]) | {"none"}


@pytest.mark.parametrize("room", ROOMS)
def test_each_sentence_is_one_that_a_worried_person_reads_at_a_glance(room: str) -> None:
    for texts in rooms()[room].advice.texts.values():
        for said in texts.values():
            assert all(sentence.endswith((".", ")", "!")) and len(sentence) < 190 for sentence in said)


def test_an_organisation_is_told_of_those_who_use_its_line_and_a_person_of_the_wifi() -> None:
    advice = rooms()["hadopi"].advice
    company = advice.for_stage("recommendation_1", replace(COMPANY, language="fr"))
    person = advice.for_stage("recommendation_1", replace(PERSON, language="fr"))
    assert "charte acceptée" in " ".join(company)
    assert "clé Wi-Fi" not in " ".join(company)
    assert "clé Wi-Fi changée" in " ".join(person)
    assert "salariés" not in " ".join(person)
    assert company[0] == person[0]
    assert company[-1] == person[-1]


def test_about_an_imitation_only_the_warning_is_said() -> None:
    said = rooms()["hadopi"].advice.for_stage("recommendation_2", replace(COMPANY, language="en"), suspect=True)
    assert said[0].startswith("Arcom never asks for money")
    assert not any("charter" in sentence or "Secure" in sentence for sentence in said)


def test_a_wrong_file_of_advice_is_told(tmp_path: Path) -> None:
    (tmp_path / "advice.en.toml").write_text('notice = "one sentence"\nalways = ["Keep the page."]\n')
    (tmp_path / "advice.fr.toml").write_text("notice = [\n")
    advice, problems = open_advice(tmp_path)
    assert len(problems) == 2
    assert f"{tmp_path / 'advice.en.toml'}: notice: expected a list of sentences" in problems
    assert advice.texts["en"]["always"] == ("Keep the page.",)
