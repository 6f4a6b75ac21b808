"""The public JSON of one mail, exactly as docs/contract.md says; nothing else may print a Reading as JSON."""

from __future__ import annotations

from typing import Any

from inboxbot import wire
from inboxbot.records import Facts, Reading

FACTS = (
    "case_number", "amount", "currency", "amounts", "deadline", "deadline_rolled", "image_urls", "page_urls", "portal_url",
    "rights_holder", "author", "facts_at", "ip_address", "isp", "software", "first_warning_on",
)  # fmt: skip


def shape(path: str, reading: Reading) -> dict[str, Any]:
    """One mail's object."""
    verdict, trust, reply = reading.verdict, reading.trust, reading.reply
    return {
        "path": path,
        "message_id": reading.head.message_id,
        "digest": reading.head.digest,
        "label": verdict.label,
        "confidence": round(verdict.confidence, 6),
        "probabilities": {label: round(p, 6) for label, p in verdict.probabilities.items()},
        "threshold": verdict.threshold,
        "model": verdict.model,
        "stage": reading.stage,
        "language": reading.language,
        "trust": {"verdict": trust.verdict.value, "reasons": list(trust.reasons)},
        "facts": _facts(reading.facts),
        "evidence": {fact: wire.to_plain(passage) for fact, passage in reading.facts.evidence.items()},
        "draft": reply and {"language": reply.language, "scenario": reply.scenario, "to": reply.to},
        "silence": reading.silence,
        "defects": list(reading.defects),
    }


def _facts(facts: Facts) -> dict[str, Any]:
    return {name: wire.to_plain(getattr(facts, name)) for name in FACTS}
