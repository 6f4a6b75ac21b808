"""Look-alikes of the issuers' hosts, and hosts that only seem near."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from inboxbot.trust.lookalikes import looks_like
from tests.trust.profiles import PROFILES

HERE = Path(__file__).parent
KEYBOARD = ("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm")
BRANDS = ("copytrack", "pixtrakk", "pixpalace", "pixways", "hadopi")


def hosts(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def is_flagged(host: str) -> bool:
    return any(looks_like(host, (*p.domains, *p.neutral), p.lookalikes) for p in PROFILES.values())


def slips(brand: str) -> set[str]:
    """Every slip of one finger: a letter left out, doubled, exchanged with the next, or a neighbour's key."""
    near = {}
    for row in KEYBOARD:
        for left, right in pairwise(row):
            near.setdefault(left, set()).add(right)
            near.setdefault(right, set()).add(left)
    made = set()
    for n, letter in enumerate(brand):
        before, after = brand[:n], brand[n + 1 :]
        made |= {before + after, before + letter + letter + after}
        made |= {before + other + after for other in near[letter]} | {
            before + other + letter + after for other in near[letter]
        }
        if after:
            made.add(before + after[0] + letter + after[1:])
    return made - {brand}


def test_the_list_of_imitations_is_long_and_without_repetition() -> None:
    listed = hosts("lookalikes.txt")
    assert len(set(listed)) == len(listed) >= 200


def test_of_a_hundred_imitations_at_least_ninety_eight_are_caught() -> None:
    listed = hosts("lookalikes.txt")
    missed = [host for host in listed if not is_flagged(host)]
    assert len(missed) <= 0.02 * len(listed), missed


def test_no_innocent_host_is_taken_for_an_imitation() -> None:
    listed = hosts("innocents.txt")
    assert len(set(listed)) == len(listed) >= 200
    assert [host for host in listed if is_flagged(host)] == []


@pytest.mark.parametrize("brand", BRANDS)
def test_every_slip_of_a_finger_is_caught(brand: str) -> None:
    made = slips(brand)
    assert len(made) > 4 * len(brand)
    assert [slip for slip in sorted(made) if not is_flagged(f"{slip}.com")] == []


def test_an_issuers_own_sub_domains_and_its_unclear_ones_imitate_nobody() -> None:
    assert not is_flagged("portal.copytrack.com")
    assert not is_flagged("blog.copytrack.xyz")


def test_a_host_that_could_not_exist_is_passed_over() -> None:
    assert not is_flagged("")
    assert not is_flagged("copytrack." * 40 + "example")
