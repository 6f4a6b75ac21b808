"""What speaks against a letter: a reason in plain words and its weight. Hard ones decide, soft ones add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inboxbot.records import Facts, Letter, TrustProfile
from inboxbot.trust.authentication import Authentication

DECISIVE = 4  # a hard sign's weight, and the sum from which soft ones mean the same


@dataclass(frozen=True, slots=True)
class Finding:
    """One sign against a letter, told to the user; a soft one weighs 1 or 2 of the 4 that decide."""

    reason: str
    weight: int

    @property
    def hard(self) -> bool:
        return self.weight >= DECISIVE


@dataclass(frozen=True, slots=True)
class Matter:
    """One letter of a room and what is known of it: its sentences, how it came, the user's language."""

    letter: Letter
    said: tuple[str, ...]
    profile: TrustProfile
    facts: Facts
    stage: str | None
    told: Authentication
    carried: bool
    language: str


def decides(findings: Iterable[Finding]) -> bool:
    """Whether these make the letter suspect."""
    return sum(finding.weight for finding in findings) >= DECISIVE
