"""What a report tells of the letters in the store: which to label next, and how the judge's scores drift."""

from __future__ import annotations

from inboxbot.cli import build
from inboxbot.config import Config
from inboxbot.learn.outlook import margin, weeks, worth_asking
from inboxbot.model.page import Section

LETTERS = 5000  # the latest; the rest is history


def outlook(config: Config) -> tuple[Section, ...]:
    """Two tables; none without an account, since there is no store then. Keys and figures, nothing of a letter's words."""
    if not config.account:
        return ()
    judged = build.ledger(config).judged(LETTERS)
    asking = worth_asking(judged, {kept.key for kept in build.pile(config).letters()})
    useful = Section(
        "The most useful letters to label next",
        "The judge hesitated over these: move one into its folder under Inboxbot/Label, or inboxbot label KEY --as LABEL.",
        ("letter", "account", "seen", "decided", "likeliest", "lead over the next"),
        tuple(
            (
                each.letter[:8],
                each.account,
                f"{each.at:%Y-%m-%d}",
                each.verdict.label,
                each.verdict.likely or each.verdict.label,
                f"{margin(each):.2f}",
            )
            for each in asking
        ),
    )
    drift = Section(
        "Drift over the weeks",
        "Letters that name an issuer. Where the judge grows less sure from week to week, letters come that it does not know.",
        ("week of", "letters", "questions", "how sure"),
        tuple(
            (f"{week.monday:%Y-%m-%d}", str(week.count), f"{week.unsure / week.count:.1%}", f"{week.confidence:.3f}")
            for week in weeks(judged)
        ),
    )
    return useful, drift
