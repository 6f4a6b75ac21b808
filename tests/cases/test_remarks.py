"""Remarks on a letter, as a French or German user reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
import re2

import inboxbot
from inboxbot.cases.remarks import REMARKS, told
from tests.issuers.letters import FILES, read

ENGLISH = re2.compile(r"\b(?:the|is|are|it|and|does|were|not)\b")


def test_every_remark_that_is_translated_is_one_that_the_readers_make() -> None:
    rooms = [Path(inboxbot.__file__).parent / room for room in ("letter", "issuers", "reader", "learn")]
    sources = "".join(path.read_text() for room in rooms for path in room.rglob("*.py"))
    made = re2.sub(r"\{[^{}]*\}", "{}", sources)
    assert [english for english in REMARKS if english.removesuffix("{}") not in made] == []


@pytest.mark.parametrize("language", ["fr", "de"])
def test_no_english_word_is_left_in_the_remarks_on_a_letter(language: str) -> None:
    remarks = {remark for path in FILES[::15] for remark in (*read(path)[2].doubts, *read(path)[1].unread)}
    assert remarks
    said = {told(remark, language) for remark in remarks}
    assert [each for each in said if ENGLISH.search(each)] == []


def test_what_stands_in_a_remark_stays() -> None:
    assert told("a.pdf: only 20 of 31 pages were read; page 3 is a scan and OCR is not installed", "fr") == (
        "a.pdf: seules 20 pages sur 31 ont été lues; la page 3 est numérisée et aucune reconnaissance (OCR) n'est installée"
    )
    assert told("the letter sets several deadlines: 2025-03-20, 2025-03-31", "de") == (
        "das Schreiben setzt mehrere Fristen: 2025-03-20, 2025-03-31"
    )
    assert told("case_number is ambiguous: 4KD82P, {0}", "fr") == (
        "numéro de dossier : plusieurs valeurs, aucune n'est retenue (4KD82P, {0})"
    )


def test_an_unknown_remark_stays_as_it_is() -> None:
    assert told("something new {} happened", "fr") == "something new {} happened"


def test_every_remark_is_told_in_both_languages_with_the_same_gaps() -> None:
    for english, said in REMARKS.items():
        assert set(said) == {"fr", "de"}, english
        assert {words.count("{}") for words in said.values()} == {english.count("{}")}, english
