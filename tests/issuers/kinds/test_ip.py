from __future__ import annotations

import pytest

from inboxbot.issuers.kinds.ip import read_ip


@pytest.mark.parametrize(
    "span", ["192.0.2.14", "2001:db8::1", "2001:0db8:0000:00a1:0000:0000:0000:0c0d", "(192.0.2.14)."]
)
def test_an_address_is_read_as_printed(span: str) -> None:
    assert read_ip(span) == span.strip("().")


@pytest.mark.parametrize("span", ["192.0.2.256", "192.0.2.XX", "192.0.2", "21:14:03", "2001:db8:::1", ""])
def test_what_is_no_address_is_nothing(span: str) -> None:
    assert read_ip(span) is None
