"""What a room's rules find in a letter, as signs for the judge: which facts stand there and of what sort, never their values.

A mail that only speaks of an issuer rarely gives a case number, a sum that is asked, a date and a page all at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from inboxbot.issuers.facts import find_facts_and_stage
from inboxbot.issuers.room import Room
from inboxbot.records import Brief, Facts, Letter

_TOLD = (
    "case_number", "amount", "deadline", "page_urls", "image_urls", "portal_url", "rights_holder", "author", "facts_at",
    "ip_address", "isp", "software", "first_warning_on",
)  # fmt: skip


def signs_of(letter: Letter, room: Room) -> tuple[str, ...]:
    """The signs, sorted."""
    facts, stage = find_facts_and_stage(letter, room, Brief())
    return tuple(sorted({f"stage {stage}", *_facts(facts)}))


def _facts(facts: Facts) -> Iterator[str]:
    told = [name for name in _TOLD if getattr(facts, name) not in (None, ())]
    yield from (f"fact {name}" for name in told)
    yield from (f"facts: {count} or more" for count in range(1, len(told) + 1))
    yield from {f"sum {amount.kind}" for amount in facts.amounts}
    for name in ("case_number", "rights_holder"):
        if passage := facts.evidence.get(name):
            yield f"{name} in the {passage.source.partition(':')[0]}"
            yield f"{name} by {passage.rule}"
