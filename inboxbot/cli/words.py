"""A reading in plain words, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from inboxbot.records import Reading


def summary(path: str, reading: Reading) -> str:
    """What was understood of one mail, a fact a line, each with the passage it was read from."""
    return "\n".join([path, *(f"  {line}" for line in _lines(reading))])


def _lines(reading: Reading) -> Iterator[str]:
    verdict, facts = reading.verdict, reading.facts
    stage = f", {reading.stage}" if reading.stage else ""
    yield f"{verdict.label}{stage} · {verdict.confidence:.1%} sure (threshold {verdict.threshold:.0%}) · {reading.language or '?'}"
    yield f"sender: {reading.trust.verdict.value}"
    yield from (f"  – {reason}" for reason in reading.trust.reasons)
    for name in (
        "case_number",
        "amount",
        "deadline",
        "portal_url",
        "rights_holder",
        "author",
        "facts_at",
        "ip_address",
        "isp",
        "software",
        "first_warning_on",
    ):
        value = getattr(facts, name)
        if value is None:
            continue
        shown = f"{value} {facts.currency}" if name == "amount" else str(value)
        passage = facts.evidence.get(name)
        quote = f"   « {_short(passage.quote)} » ({passage.source})" if passage else ""
        yield f"{name.replace('_', ' ')}: {shown}{quote}"
    for amount in facts.amounts:
        yield f"  sum: {amount.value} {amount.currency} ({amount.kind})"
    yield from (f"page: {url}" for url in facts.page_urls)
    yield from (f"image: {url}" for url in facts.image_urls)
    if reading.reply:
        yield f"draft: {reading.reply.scenario}, in {reading.reply.language}, to {reading.reply.to or 'nobody: you choose'}"
    else:
        yield f"no draft: {reading.silence}"
    yield from (f"note: {defect}" for defect in reading.defects)


def _short(quote: str, limit: int = 90) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= limit else words[: limit - 1] + "…"
