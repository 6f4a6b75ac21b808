"""What the letters that came tell of the judge: which to label next, and how its scores drift over the weeks. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from inboxbot.records import UNSURE, Judgement


@dataclass(frozen=True, slots=True)
class Week:
    """The letters of one week that named an issuer: how many, how many of these became a question, how sure the judge was."""

    monday: date
    count: int
    unsure: int
    confidence: float  # mean; a fall over the weeks says that letters come which the model does not know


def worth_asking(judged: Sequence[Judgement], labelled: Collection[str], count: int = 10) -> list[Judgement]:
    """The letters whose label would teach most: those between whose two likeliest labels there is least, first.

    Sampling by the smallest margin (Settles, "Active Learning Literature Survey", 2009, §3.1). What somebody has labelled
    already teaches nothing new, and what names no issuer is no question.
    """
    open_ones = [each for each in judged if _named(each) and each.letter not in labelled]
    return sorted(open_ones, key=margin)[:count]


def margin(judgement: Judgement) -> float:
    """By how much the likeliest label is likelier than the next."""
    first, second, *_ = [*sorted(judgement.verdict.probabilities.values(), reverse=True), 0.0, 0.0]
    return first - second


def weeks(judged: Sequence[Judgement]) -> list[Week]:
    """By week, oldest first; what a person decided says nothing of the judge."""
    by_monday: dict[date, list[Judgement]] = defaultdict(list)
    for each in judged:
        if _named(each):
            by_monday[each.at.date() - timedelta(days=each.at.weekday())].append(each)
    return [
        Week(
            monday,
            len(several),
            sum(each.verdict.label == UNSURE for each in several),
            sum(each.verdict.confidence for each in several) / len(several),
        )
        for monday, several in sorted(by_monday.items())
    ]


def _named(judgement: Judgement) -> bool:
    """Whether the judge had anything to decide: mail that names no issuer is other mail, without doubt."""
    return not judgement.verdict.by_hand and judgement.verdict.confidence < 1.0
