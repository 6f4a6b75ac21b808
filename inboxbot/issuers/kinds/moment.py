"""Dates, and dates with the hour, as letters print them: naive, because no letter says more than its own clock."""

from __future__ import annotations

from datetime import date, datetime

import re2

from inboxbot.issuers.kinds.numbers import spelled
from inboxbot.letter.dates import find_date

_DATE = re2.compile(r"\b\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}\b|\b\d{4}-\d{2}-\d{2}T?")
_PAIR = re2.compile(r"(?i)^\D{0,12}(\d{1,2})(?:er)?(?: (\pL+))? (?:et|and|und) \D{0,6}\d{1,2}(?:er)? (\pL+)\.? (\d{4})")
_CLOCK = re2.compile(
    r"(?i)\b([01]?\d|2[0-3])\s?(?:h(?:eures?|rs?|\.)?|:)\s?([0-5]\d)?(?:\s?(?:m(?:in(?:utes?)?|n)?\.?(?:\s?(?:et|and))?|:)\s?([0-5]\d))?(?:[^\pL]{0,4}([ap])\.?m\b)?"
    r"|\b([01]?\d|2[0-3])[.]([0-5]\d)\s?(?:uhr|([ap])\.?m\b)"
)
_SPELLED = re2.compile(
    r"(?i)\b(\pL+(?:-\pL+)*(?: et \pL+)?) heures?(?: (du soir|de l.après-midi|du matin))?"
    r"(?: (?:et |passées? de )?(\pL+(?:-\pL+)*(?: et \pL+)?))?"
)
_SPELLED_DAY = re2.compile(r"(?i)\b(premier|\pL+(?:-\pL+)*(?:-et-\pL+)?) (\pL{3,9} \d{4})\b")


def read_date(span: str) -> date | None:
    """The first date of a short span; "18 juin et 21 novembre 2019" share their year, any other without one is none."""
    if pair := _PAIR.search(span):
        day, month, later, year = pair.groups()
        return find_date(f"{day} {month or later} {year}")
    return find_date(_in_digits(span))


def read_moment(span: str) -> datetime | None:
    """The date and the hour of a short span, without a zone; None where either is missing."""
    span = _in_digits(span)
    day = find_date(span)
    clock = _clock(_DATE.sub(lambda found: " " * len(found.group()), span[:300]))
    return datetime(day.year, day.month, day.day, *clock) if day and clock else None  # noqa: DTZ001 - as printed


def _clock(span: str) -> tuple[int, int, int] | None:
    """Hour, minute and second, in digits or spelled out."""
    if match := _CLOCK.search(span):
        hour, minute, second, half, dotted, after, other = match.groups()
        hours, half = int(hour or dotted), half or other
        if half:
            hours = hours % 12 + (12 if half.lower() == "p" else 0)
        return hours, int(minute or after or 0), int(second or 0)
    if match := _SPELLED.search(span):
        hour, minute = spelled(match.group(1), "fr"), spelled(match.group(3) or "", "fr") or 0
        if hour is not None and hour < 12 and (match.group(2) or "du matin") != "du matin":
            hour += 12
        if hour is not None and hour < 24 and minute < 60:
            return hour, minute, 0
    return None


def _in_digits(span: str) -> str:
    """The span with a day that is spelled out as a number."""
    match = _SPELLED_DAY.search(span)
    day = match and (1 if match.group(1).lower() == "premier" else spelled(match.group(1), "fr"))
    return f"{day} {match.group(2)}{span[match.end() :]}" if match and day else span
