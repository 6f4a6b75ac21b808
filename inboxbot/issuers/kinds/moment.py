"""Dates, and dates with the hour, as letters print them: naive, because no letter says more than its own clock."""

from __future__ import annotations

from datetime import date, datetime

import re2

from inboxbot.letter.dates import find_date

_DATE = re2.compile(r"\b\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}\b|\b\d{4}-\d{2}-\d{2}T?")
_CLOCK = re2.compile(
    r"(?i)\b([01]?\d|2[0-4])\s?(?:h(?:eures?|rs?|\.)?|:)\s?([0-5]\d)?(?:\s?(?:m(?:in(?:utes?)?|n)?\.?(?:\s?(?:et|and|,))?|:)\s?([0-5]\d)(?:\s?s)?)?(?:\s?([ap])\.?m\b)?"
    r"|\b([01]?\d|2[0-3])[.]([0-5]\d)\s?uhr"
)


def read_date(span: str) -> date | None:
    """The date of a short span; a date without its year is none."""
    return find_date(span)


def read_moment(span: str) -> datetime | None:
    """The date and the hour of a short span, without a zone; None where either is missing."""
    day = find_date(span)
    clock = _CLOCK.search(_DATE.sub(lambda found: " " * len(found.group()), span[:300]))
    if day is None or clock is None:
        return None
    hour, minute, second, half, german, after = clock.groups()
    hours, minutes = int(hour or german), int(minute or after or 0)
    if half:
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    if hours > 23:
        return None
    return datetime(day.year, day.month, day.day, hours, minutes, int(second or 0))  # noqa: DTZ001 - as printed
