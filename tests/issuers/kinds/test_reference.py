from __future__ import annotations

import pytest

from inboxbot.issuers.kinds.reference import read_reference, same_reference


@pytest.mark.parametrize(
    ("span", "read"),
    [
        ("K7Q2XB", "K7Q2XB"),
        (" (K7Q2XB). ", "K7Q2XB"),
        ("44 018\n7 301  6", "44 018 7 301 6"),
        ("HM/19.114 -", "HM/19.114"),
        (" .,", None),
    ],
)
def test_a_reference_is_read_as_printed(span: str, read: str | None) -> None:
    assert read_reference(span) == read


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("44 018 7 301 6", "440187301 6", True),
        ("k7q2xb", "K7Q2XB", True),
        ("23-118", "23-118/LB", True),  # one adds the initials
        ("118", "23-118", True),
        ("K7Q2XB", "K7Q2XC", False),
    ],
)
def test_two_writings_of_one_reference(one: str, other: str, *, same: bool) -> None:
    assert same_reference(one, other) is same
