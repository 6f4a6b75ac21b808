"""Where a text names a day or a span of time, and the day that it means counted from the letter's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import re2

from inboxbot.issuers.kinds.calendar import after_days, after_months, after_working_days, end_of_month
from inboxbot.issuers.kinds.numbers import spelled_at_end
from inboxbot.issuers.kinds.sentences import Piece
from inboxbot.letter.dates import find_date

MAX_TERMS = 200  # of one text

_DAY = (
    r"(\d{1,2}|premier)(?:er|st|nd|rd|th|e)?\.? {1,2}(?:de |of |d')?([a-z]{3,10})\.?(?:,? {1,2}(?:de |del )?(\d{4})\b)?"
)
_MONTH = r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?:\b|$)(?:,? (\d{4})\b)?"
_DAY_FIRST = re2.compile(rf"\b{_DAY}")
_MONTH_FIRST = re2.compile(rf"\b{_MONTH}")
_NUMERIC = re2.compile(r"\b\d{1,2} ?[./-] ?\d{1,2} ?[./-] ?(?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}\b")
_SHORT = re2.compile(r"\b(\d{1,2})([./])(\d{1,2})(?:\.|\b)")
_UNIT = re2.compile(
    r"\b(?:(jours?|days?|tage?n?|kalendertage?n?|dias?|giorni|giorno|dagen|kalenderdagen)"
    r"|(werktage?n?|arbeitstage?n?|bankarbeitstage?n?|(?:business|working|week)[ -]?days?|werkdagen)"
    r"|(semaines?|weeks?|wochen?|semanas?|settiman[ae]|weken|week)"
    r"|(mois|months?|monate?n?s?|mes|meses|mese|mesi|maanden|maand)"
    r"|(h|hrs?|heures?|hours?|stunden?|horas?|ore|uur)"
    r"|(huitaine)|(quinzaine|fortnight))\b( (?:ouvres|ouvrables|francs|habiles|laborables|lavorativi|feriali)\b)?"
)
_COUNT = re2.compile(r"(?:^|[^\d.,/-])(\d{1,3})(?: ?\([a-z -]{2,20}\))?[ -]?$")
_BRACKETED = re2.compile(r"\((\d{1,3})\) ?$")
_THE = re2.compile(r"\b(?:le|the|of a|within a|in a|d'une?|l'|sous|in|la) ?$")
_MONDAY_TO_SATURDAY = ("werktag", " ouvrables", " feriali")
_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Term:
    """A day or a span of time in a text. `unit` is date, day, working, workable, clear, week, month or hour."""

    start: int
    end: int
    unit: str
    count: int = 0
    day: date | None = None  # of a date with its year
    month: tuple[int, int] | None = None  # (day, month) of a date without a year

    @property
    def absolute(self) -> bool:
        """Whether the term is a date."""
        return self.unit == "date"

    def falls(self, anchor: date | None, country: str) -> date | None:
        """The day that is meant, counted from the anchor; None without one where one is needed."""
        if self.day is not None:
            return self.day
        if anchor is None:
            return None
        if self.month is not None:
            return _first(*self.month, anchor)
        match self.unit:
            case "day":
                return after_days(anchor, self.count)
            case "clear":
                return after_days(anchor, self.count + 1)
            case "working" | "workable":
                return after_working_days(anchor, self.count, country, saturdays=self.unit == "workable")
            case "week":
                return after_days(anchor, 7 * self.count)
            case "month":
                return after_months(anchor, self.count)
            case "hour":
                return after_days(anchor, -(-self.count // 24))
            case _:
                return end_of_month(anchor)


def find_terms(piece: Piece, language: str | None) -> tuple[Term, ...]:
    """The days and spans of time of a text, left to right."""
    found = sorted((*_dates(piece), *_spans(piece, language)), key=lambda term: (term.start, -term.end))
    kept: list[Term] = []
    for term in found:
        if len(kept) < MAX_TERMS and (not kept or term.start >= kept[-1].end):
            kept.append(term)
    return tuple(kept)


def _dates(piece: Piece) -> Iterator[Term]:
    text = piece.folded
    for match in _NUMERIC.finditer(text):
        day = find_date(match.group())
        if day:
            yield Term(match.start(), match.end(), "date", day=day)
    for match in (*_DAY_FIRST.finditer(text), *_MONTH_FIRST.finditer(text)):
        words = match.group().replace("premier", "1")
        if match.group(3):
            day = find_date(words)
            if day:
                yield Term(match.start(), match.end(), "date", day=day)
        else:
            day = find_date(f"{words.rstrip('.')} 2000")
            if day and _named(piece, match):
                yield Term(match.start(), match.end(), "date", month=(day.day, day.month))
    for match in _SHORT.finditer(text):
        day = find_date(f"{match.group(1)}.{match.group(3)}.2000")
        if day:
            yield Term(match.start(), match.end(), "date", month=(day.day, day.month))


def _named(piece: Piece, match: re2._Match) -> bool:
    """Whether the word is the month "May" and not the verb."""
    return "may" not in match.group() or "May" in piece.printed[match.start() : match.end()]


def _spans(piece: Piece, language: str | None) -> Iterator[Term]:
    for match in _UNIT.finditer(piece.folded):
        before = piece.folded[max(match.start() - 40, 0) : match.start()].replace("\n", " ")
        if match.group(6) or match.group(7):
            yield Term(match.start(), match.end(), "day", 7 if match.group(6) else 14)
            continue
        read = _counted(piece, match.start(), before, language)
        if read and 0 < read[1] <= 366:
            yield Term(read[0], match.end(), _unit(match), read[1])


def _counted(piece: Piece, end: int, before: str, language: str | None) -> tuple[int, int] | None:
    """(offset, number) of the number that stands before a unit."""
    digits = _BRACKETED.search(before) or _COUNT.search(before)
    if digits:
        return end - len(before) + digits.start(1), int(digits.group(1))
    printed = piece.printed[end - len(before) : end].replace("-", " ").rstrip()
    words = spelled_at_end(printed, language)
    if words:
        return end - len(before) + words[0], words[1]
    the = _THE.search(before)
    return (end, 1) if the else None


def _unit(match: re2._Match) -> str:
    whole = match.group()
    if match.group(1) and not match.group(8):
        return "day"
    if match.group(1) or match.group(2):
        if "francs" in whole:
            return "clear"
        return "workable" if any(word in whole for word in _MONDAY_TO_SATURDAY) else "working"
    return "week" if match.group(3) else "month" if match.group(4) else "hour"


def _first(day: int, month: int, anchor: date) -> date | None:
    """The first such day at or after the anchor."""
    for year in (anchor.year, anchor.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= anchor:
            return found
    return None
