"""Days that count: working days and nationwide public holidays, whole months, the next working day."""

from __future__ import annotations

import calendar
from collections.abc import Container
from datetime import date, timedelta
from functools import lru_cache

SATURDAY, SUNDAY = 5, 6
_PARTS = {"GB": "ENG"}  # bank holidays are a matter of its parts; letters come from England nearly always


def rolled(day: date, country: str) -> date:
    """The day itself, or the next one that is neither Saturday, Sunday nor a public holiday of the country."""
    while day.weekday() >= SATURDAY or day in _holidays(country, day.year):
        day += timedelta(days=1)
    return day


def after_days(day: date, count: int) -> date:
    """The last of `count` days, the first day not counted."""
    return day + timedelta(days=count)


def after_working_days(day: date, count: int, country: str, *, saturdays: bool) -> date:
    """The last of `count` working days, the first day not counted; Saturdays are among them where `saturdays` says so."""
    while count > 0:
        day += timedelta(days=1)
        free = day.weekday() == SUNDAY or (day.weekday() == SATURDAY and not saturdays)
        count -= not (free or day in _holidays(country, day.year))
    return day


def after_months(day: date, count: int) -> date:
    """The same day `count` months on, or the last of that month (CPC art. 641, BGB § 188)."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def end_of_month(day: date) -> date:
    """The last day of the day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> Container[date]:
    """The nationwide public holidays of a country (ISO 3166) in a year; none for a country that is not known."""
    import holidays  # noqa: PLC0415 - 0.4 s; most mails need no working days

    try:
        return frozenset(holidays.country_holidays(country, _PARTS.get(country), years=year))
    except NotImplementedError:
        return frozenset()
