"""A few hundred inputs of each kind in the suite: bytes, letters' words strung together, and what template languages know."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import facts, reading, rendering
from tests.letter.mutations import TOKENS

WORDS = (
    "350,00 €", "EUR 1.234,56", "12/03/2025", "le 1er avril", "sous quinzaine", "within 14 days", "binnen 10 Werktagen",
    "case number", "Dossier n°", "K7Q2XB", "316 96 204 3 118 6", "203.0.113.7", "https://www.client.example/a.jpg", "TTC", "total",
    "licence", "indemnité", "avant le", "before", "bis zum", "au nom de", "on behalf of", "Linden Agency", "eMule", "Orange", "\n", "\n\n", "\t|", ".", ":",
    "{{ 7*7 }}", "{% for x in y %}", "{#", "${7}", "%s", "\r\nBcc: x@evil.example", "=?utf-8?q?=0ABcc:?=", "\u202e", "\u2028", "\x00", "\ud800", "ﬁ", "١٢",
)  # fmt: skip
LETTERS = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)), max_size=40).map(" ".join)
HEADS = st.lists(st.one_of(st.sampled_from(TOKENS), st.binary(max_size=20)), max_size=30).map(b"".join)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(HEADS)
def test_any_bytes_are_read(raw: bytes) -> None:
    reading(raw)


@QUICK
@given(LETTERS)
def test_any_words_are_searched_for_facts(text: str) -> None:
    facts(text)


@settings(QUICK, max_examples=40)
@given(LETTERS)
def test_any_words_in_the_place_of_a_fact_make_one_clean_message(text: str) -> None:
    rendering(text)
