from __future__ import annotations

from datetime import date, datetime

import pytest

from inboxbot.issuers.kinds.moment import read_date, read_moment

MOMENTS = {
    "4 mars 2025 à 21 h 14": "2025-03-04 21:14:00",
    "04/03/2025 21:14:03": "2025-03-04 21:14:03",
    "mardi 4 mars 2025, 21h14min03s": "2025-03-04 21:14:03",
    "2025-03-04T21:14:03Z": "2025-03-04 21:14:03",
    "21:14, le 04.03.2025": "2025-03-04 21:14:00",
    "4 March 2025 at 9.14 pm": "2025-03-04 21:14:00",
    "4 March 2025 at 12:05 am": "2025-03-04 00:05:00",
    "4. März 2025, 21.14 Uhr": "2025-03-04 21:14:00",
    "4 mars 2025 à 21 heures": "2025-03-04 21:00:00",
    "4 mars 2025 à vingt et une heures quatorze": "2025-03-04 21:14:00",
    "4 mars 2025 à six heures du soir passées de douze minutes": "2025-03-04 18:12:00",
    "vingt-quatre juillet 2015 à 19 heures 05": "2015-07-24 19:05:00",
    "premier juillet 2015 à 7 h": "2015-07-01 07:00:00",
    "4 mars 2025": None,
    "à 21 h 14": None,
    "31/02/2025 21:14": None,
    "": None,
}
DATES = {
    "4 mars 2025": date(2025, 3, 4),
    "le 1er juillet 2015": date(2015, 7, 1),
    "18 juin et 21 novembre 2019": date(2019, 6, 18),  # of two days the first
    "18 et 21 juin 2019": date(2019, 6, 18),
    "4 mars": None,
    "2025": None,
}


@pytest.mark.parametrize("span", MOMENTS)
def test_a_day_and_its_hour(span: str) -> None:
    found = read_moment(span)
    assert (str(found) if found else None) == MOMENTS[span]


@pytest.mark.parametrize("span", DATES)
def test_a_day(span: str) -> None:
    assert read_date(span) == DATES[span]


def test_a_moment_has_no_zone_because_letters_tell_none() -> None:
    found = read_moment("4 mars 2025 à 21 h 14")
    assert isinstance(found, datetime)
    assert found.tzinfo is None
