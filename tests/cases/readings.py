"""Readings as the reader would give them, for tests of what is made of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from inboxbot.records import Address, Amount, Facts, Head, Passage, Reading, Reply, Standing, Trust, Verdict

NOW = datetime(2025, 10, 15, 9, 0, tzinfo=UTC)

HEAD = Head(
    digest="0" * 64,
    message_id="<first@copytrack.com>",
    references=("<older@copytrack.com>",),
    in_reply_to=(),
    sent_at=NOW,
    sender=Address("COPYTRACK", "case@copytrack.com"),
    recipients=(Address("", "contact@client.example"),),
    subject="Case K7Q2XB",
)

FACTS = Facts(
    case_number="K7Q2XB",
    amount=Decimal("350.00"),
    currency="EUR",
    amounts=(Amount(Decimal("389.59"), "EUR", "licence"), Amount(Decimal("350.00"), "EUR", "compensation")),
    deadline=date(2025, 10, 25),
    deadline_rolled=date(2025, 10, 27),
    page_urls=("https://www.client.example/blog?utm_source=x",),
    portal_url="https://portal.copytrack.com/en/start",
    rights_holder="Linden Picture Agency",
    evidence={"case_number": Passage("case number K7Q2XB", "body", "case_number.1")},
)


def verdict(label: str = "copytrack", confidence: float = 0.98) -> Verdict:
    probabilities = {"copytrack": 0.0, "pixtrakk": 0.0, "hadopi": 0.0, "other": 1 - confidence}
    probabilities[label if label in probabilities else "copytrack"] = confidence
    return Verdict(label, confidence, probabilities, 0.9, 0.3, "test-model", likely="copytrack")


def reading(**changes: object) -> Reading:
    """A first notice of Copytrack with its draft; `changes` are the reading's own fields."""
    first = Reading(
        head=HEAD,
        verdict=verdict(),
        language="en",
        trust=Trust(
            Standing.GENUINE, ("Your mail server has verified that this mail really comes from copytrack.com.",)
        ),
        stage="notice",
        facts=FACTS,
        reply=Reply(
            "evidence", "en", "case@copytrack.com", "Re: Case K7Q2XB", "Dear Sir or Madam\n", ("date of receipt",)
        ),
        issuer="COPYTRACK GmbH",
        offers=("evidence", "licence", "settle"),
        advice=("Keep the page, the image, and every licence.",),
    )
    return replace(first, **changes)  # type: ignore[arg-type]
