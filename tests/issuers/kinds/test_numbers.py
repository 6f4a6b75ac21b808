from __future__ import annotations

from decimal import Decimal

import pytest

from inboxbot.issuers.kinds.numbers import number, spelled, spelled_at_end

DIGITS = {
    "1 250,00": "1250.00",
    "1.250,00": "1250.00",
    "1,250.00": "1250.00",
    "1'250": "1250",
    "1.250": "1250",
    "1,250": "1250",
    "389,59": "389.59",
    "250.5": "250.5",
    "300.000,00": "300000.00",
}

WORDS = [
    ("fr", "deux mille", 2000),
    ("fr", "mille deux cent cinquante", 1250),
    ("fr", "trois cent quatre-vingt-neuf", 389),
    ("fr", "HUIT", 8),
    ("fr", "quinze", 15),
    ("fr", "vingt et un", 21),
    ("de", "zweitausend", 2000),
    ("de", "eintausendzweihundertfünfzig", 1250),
    ("de", "vierzehn", 14),
    ("de", "einem", 1),
    ("en", "three hundred and fifty", 350),
    ("en", "fourteen", 14),
    ("es", "mil doscientos", 1200),
    ("it", "duemilacinquecento", 2500),
    ("nl", "driehonderdvijftig", 350),
]


@pytest.mark.parametrize("digits", DIGITS)
def test_digits_are_read_as_their_country_writes_them(digits: str) -> None:
    assert number(digits) == Decimal(DIGITS[digits])


@pytest.mark.parametrize(("language", "words", "value"), WORDS)
def test_words_are_read_in_their_language_and_in_none(language: str, words: str, value: int) -> None:
    assert spelled(words, language) == value
    assert spelled(words) == value


@pytest.mark.parametrize("words", ["", "sous", "payer deux", "x" * 5000, "quelques"])
def test_other_words_are_no_number(words: str) -> None:
    assert spelled(words) is None


def test_the_number_at_the_end_of_a_text_is_found_where_it_begins() -> None:
    text = "vous devez la somme de mille deux cents"
    found = spelled_at_end(text, "fr")
    assert found is not None
    assert (text[found[0] :], found[1]) == ("mille deux cents", 1200)
    assert spelled_at_end("vous devez la somme", "fr") is None
