"""Dates as letters print them, in six languages, and the one that a letter carries as its own.

Day first for European slash and dot dates; month first only where AM or PM tells an American clock. Spans are short lines:
no library is given the whole text (dateparser: 6 s for 95 kB, libraries study §3).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import re2

_MONTHS = (
    "janvier jan janv january januar jänner enero ene gennaio gen januari",
    "février fév févr february feb februar febrero febbraio februari",
    "mars march mar märz mrz marzo maart mrt",
    "avril avr april apr abril abr aprile",
    "mai may mayo maggio mag mei",
    "juin june jun juni junio giugno giu",
    "juillet juil july jul juli julio luglio lug",
    "août aou august aug agosto ago augustus",
    "septembre sept sep september septiembre settembre set",
    "octobre oct october oktober okt octubre ottobre ott",
    "novembre nov november noviembre",
    "décembre déc december dec dezember dez diciembre dic dicembre",
)


def _folded(word: str) -> str:
    """The word in lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))


_MONTH = {_folded(name): number for number, names in enumerate(_MONTHS, 1) for name in names.split()}

_DAY_FIRST = re2.compile(
    r"(?i)\b(\d{1,2})(?:er|ère|st|nd|rd|th|º|°|e)?\.?\s{1,3}(?:de\s|of\s|d')?\s{0,2}([a-zà-ÿ]{3,10})\.?,?\s{1,3}(?:de\s|del\s)?\s{0,2}(\d{4})\b"
)
_MONTH_FIRST = re2.compile(r"(?i)\b([a-z]{3,9})\.?\s{1,3}(\d{1,2})(?:st|nd|rd|th)?,?\s{1,3}(\d{4})\b")
_NUMERIC = re2.compile(r"\b(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})\b")
_ISO = re2.compile(r"\b(\d{4})[-/](\d{2})[-/](\d{2})(?:\b|T)")
_CLOCK = re2.compile(r"(?i)\b(\d{1,2})(?::|\s?h\s?|\.)(\d{2})(?::(\d{2}))?\s?(am|pm|a\.m\.|p\.m\.)?(?:\b|\s|$)")
_OFFSET = re2.compile(r"(?:UTC|GMT)?\s?([+-])(\d{1,2}):?(\d{2})?\b")
_AMERICAN = re2.compile(r"(?i)\d\s?[ap]\.?m\b")


def find_date(span: str) -> date | None:
    """The first date printed in a short span, or None."""
    placed = _place(span[:300])
    return placed[0] if placed else None


def find_moment(span: str, zone: tzinfo = UTC) -> datetime | None:
    """The date and time of an attribution or a printed header; without an offset it is taken in `zone`."""
    span = span[:300]
    placed = _place(span)
    if placed is None:
        return None
    day, end = placed
    clock = _CLOCK.search(span, end) or _CLOCK.search(span[: max(end - 11, 0)])
    if clock is None:
        return datetime(day.year, day.month, day.day, tzinfo=zone)
    hour, minute, second = int(clock.group(1)), int(clock.group(2)), int(clock.group(3) or 0)
    half = (clock.group(4) or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    offset = _OFFSET.search(span, clock.end(2))
    if offset and int(offset.group(2)) <= 14:
        sign = 1 if offset.group(1) == "+" else -1
        zone = timezone(sign * timedelta(hours=int(offset.group(2)), minutes=int(offset.group(3) or 0) % 60))
    try:
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return datetime(day.year, day.month, day.day, tzinfo=zone)


def _place(span: str) -> tuple[date, int] | None:
    """The earliest date of the span and where it ends."""
    found: list[tuple[int, date, int]] = []
    american = bool(_AMERICAN.search(span))
    for match in _ISO.finditer(span):
        _add(found, match, int(match.group(1)), int(match.group(2)), int(match.group(3)))
    for match in _DAY_FIRST.finditer(span):
        _add(found, match, int(match.group(3)), _MONTH.get(_folded(match.group(2)), 0), int(match.group(1)))
    for match in _MONTH_FIRST.finditer(span):
        _add(found, match, int(match.group(3)), _MONTH.get(_folded(match.group(1)), 0), int(match.group(2)))
    for match in _NUMERIC.finditer(span):
        one, two, year = int(match.group(1)), int(match.group(2)), int(match.group(3))
        day, month = (two, one) if (american and "/" in match.group()) or (two > 12 >= one) else (one, two)
        _add(found, match, year + 2000 if year < 100 else year, month, day)
    return min(found, key=lambda each: each[0])[1:] if found else None


def _add(found: list[tuple[int, date, int]], match: re2._Match, year: int, month: int, day: int) -> None:
    if not 1980 <= year <= 2100:
        return
    try:
        found.append((match.start(), date(year, month, day), match.end()))
    except ValueError:
        return


# --- the letter's own date --------------------------------------------------------------------------------------------

_D = r"\d{1,2}(?:er|st|nd|rd|th|º|°)?\.?(?:\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{4}|\s+(?:de\s+|of\s+)?[a-zà-ÿ]{3,10}\.?,?\s+(?:de\s+|del\s+)?\d{4})"
_ANY = rf"(?:{_D}|[a-z]{{3,9}}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})"
_WEEKDAY = (
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag),?\s+)?"
)
_LINKING = r"(?:le|the|den|am|el|a|il|lì|addì|op|d\.)?\s*"
_PLACE = r"[^\d\s:;,.|][^\d:;,|]{1,40}"  # a town: no digit before the comma
_OWN = re2.compile(
    rf"(?i)^[\s*_]*(?:(?:fait|done|gegeben|hecho|fatto)\s+(?:à|at|in|en|a)\s+)?{_PLACE},?\s*,\s*{_LINKING}{_WEEKDAY}{_ANY}[\s.*_]*$"
    rf"|(?i)^[\s*_]*(?:date(?: de la lettre)?|datum|fecha|data|le|the|den|date of letter|letter date|briefdatum)\s*:?\s*{_WEEKDAY}{_ANY}[\s.*_]*$"
    rf"|(?i)^[\s*_]*{_WEEKDAY}{_ANY}[\s.*_]*$"
)
_DONE_AT = re2.compile(
    rf"(?i)^[\s*_]*(?:fait|done|hecho|fatto|gegeben)\s+(?:à|at|in|en|a)\s+{_PLACE},?\s*,?\s*{_LINKING}{_ANY}"
)
_TOP, _BOTTOM = 40, 15


def own_date(texts: Iterable[str]) -> date | None:
    """The date that the first of the texts to carry one prints as its own: "Paris, le 12 mars 2025", "Berlin, 12.03.2025".

    Only a line of its own near the top counts, or "Fait à …, le …" near the end: a date inside a sentence is somebody else's.
    """
    for text in texts:
        lines = [line for line in text[:200_000].split("\n") if line.strip()]
        for line in lines[:_TOP]:
            if len(line) <= 100 and (found := _own(line)):
                return found
        for line in lines[-_BOTTOM:]:
            if len(line) <= 100 and _DONE_AT.match(line) and (found := find_date(line)):
                return found
    return None


def _own(line: str) -> date | None:
    """The line's date; a letterhead may stand on the same line, two blanks apart: then only with the place beside it.

    The last cell of a table row ("Détectée le  27/09/2023") is somebody else's date.
    """
    if _OWN.match(line):
        return find_date(line)
    cell = line.rstrip().rpartition("  ")[2]
    return find_date(cell) if "," in cell and _OWN.match(cell) else None
