"""A mail of an archive as a row: for a spreadsheet, and as JSON."""

from __future__ import annotations

from typing import Any

from inboxbot.cli.shape import shape
from inboxbot.scan.place import Outcome

COLUMNS = (
    "path", "number", "label", "confidence", "stage", "trust", "sent_at", "sender", "subject", "case_number", "amount",
    "currency", "deadline", "deadline_rolled", "rights_holder", "author", "page_urls", "image_urls", "portal_url",
    "facts_at", "ip_address", "isp", "software", "first_warning_on", "language", "scenario", "silence", "reasons",
    "defects", "error", "message_id", "digest", "model", "offset", "size", "id",
)  # fmt: skip
_LISTS = ("page_urls", "image_urls")


def plain(outcome: Outcome) -> dict[str, Any]:
    """The object of `classify --json` and where the mail lay; of a mail that could not be read, where it lay and why."""
    place = outcome.place
    lay = {"number": place.number, "offset": place.offset, "size": place.size, "id": place.id}
    if outcome.reading is None:
        return {"path": place.path, "error": outcome.error, **lay}
    return {**shape(place.path, outcome.reading), **lay}


def flat(outcome: Outcome) -> dict[str, Any]:
    """The same for a spreadsheet, with what a person knows a mail by: when, from whom, about what."""
    row = plain(outcome)
    if (reading := outcome.reading) is None:
        return row
    facts, trust, head = row.pop("facts"), row.pop("trust"), reading.forwarded or reading.head
    return {
        **row,
        **facts,
        **{name: " ".join(facts[name]) for name in _LISTS},
        "trust": trust["verdict"],
        "reasons": " ".join(trust["reasons"]),
        "defects": "; ".join(row["defects"]),
        "scenario": reading.reply and reading.reply.scenario,
        "sent_at": head.sent_at and head.sent_at.isoformat(),
        "sender": head.sender and f"{head.sender.name} <{head.sender.addr}>".strip(),
        "subject": head.subject,
    }
