"""docs/replies.md is what the program writes, and each sentence has its reason."""

from __future__ import annotations

import pytest

from tests.issuers.printed import BASIS, FORMS, PAGE, REPLIES, Printed, basis_of, page, sentences, words_of


def test_the_page_is_true() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.issuers.printed"


@pytest.mark.parametrize("printed", REPLIES, ids=lambda printed: f"{printed.scenario}.{printed.language}")
def test_every_sentence_has_a_reason(printed: Printed) -> None:
    lines = words_of(printed.reply(), printed.identity)
    bare = [
        each
        for line in lines
        for each in sentences(line)
        if each and not each.startswith(FORMS) and basis_of(each) is None
    ]
    assert bare == []


def test_every_reason_is_used() -> None:
    used = {
        basis_of(each)
        for printed in REPLIES
        for line in words_of(printed.reply(), printed.identity)
        for each in sentences(line)
    }
    assert used >= set(range(1, len(BASIS) + 1))


def test_all_replies_and_languages_are_printed() -> None:
    assert {printed.scenario.partition("+")[0] for printed in REPLIES} == {
        "evidence", "licence", "supplier", "not-ours", "settle", "lawyer", "observations", "notification",
    }  # fmt: skip
    assert {printed.language for printed in REPLIES} == {"fr", "en", "de"}
