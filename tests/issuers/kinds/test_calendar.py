from __future__ import annotations

from datetime import date

import pytest

from inboxbot.issuers.kinds.calendar import after_days, after_months, after_working_days, end_of_month, rolled

ROLLED = [
    ("2025-03-17", "FR", "2025-03-17"),  # a Monday
    ("2025-03-15", "FR", "2025-03-17"),  # a Saturday
    ("2025-05-08", "FR", "2025-05-09"),
    ("2025-05-08", "DE", "2025-05-08"),
    ("2025-08-15", "FR", "2025-08-18"),  # a holiday before a weekend
    ("2025-12-25", "FR", "2025-12-26"),
    ("2025-12-25", "DE", "2025-12-29"),  # two holidays and a weekend
    ("2026-01-01", "FR", "2026-01-02"),
    ("2025-12-25", "XX", "2025-12-25"),  # no holidays are known
]

WORKING = [
    ("2025-04-14", 10, "FR", False, "2025-04-29"),  # Easter Monday
    ("2025-04-14", 10, "DE", False, "2025-04-30"),  # and Good Friday
    ("2025-04-14", 10, "GB", False, "2025-04-30"),
    ("2025-04-14", 10, "FR", True, "2025-04-26"),  # Saturdays count
    ("2024-12-20", 3, "DE", True, "2024-12-24"),
]


@pytest.mark.parametrize(("day", "country", "working"), ROLLED)
def test_a_day_off_rolls_to_the_next_working_day(day: str, country: str, working: str) -> None:
    assert rolled(date.fromisoformat(day), country) == date.fromisoformat(working)


@pytest.mark.parametrize(("day", "count", "country", "saturdays", "last"), WORKING)
def test_working_days_leave_out_weekends_and_holidays(
    day: str, count: int, country: str, saturdays: bool, last: str
) -> None:
    assert after_working_days(date.fromisoformat(day), count, country, saturdays=saturdays) == date.fromisoformat(last)


def test_the_first_day_is_not_counted() -> None:
    assert after_days(date(2025, 3, 3), 14) == date(2025, 3, 17)


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [("2025-01-31", 1, "2025-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2025-12-04", 2, "2026-02-04")],
)
def test_months_end_on_the_same_number_or_the_last_day(day: str, months: int, last: str) -> None:
    assert after_months(date.fromisoformat(day), months) == date.fromisoformat(last)


def test_a_month_has_a_last_day() -> None:
    assert end_of_month(date(2024, 2, 3)) == date(2024, 2, 29)
