"""Sums and dates as a reply's text says them, in French, English and German."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

import re2

_CURRENCY = r"(?:€|£|\$|(?:eur|euros?|usd|gbp|chf|dollars?|pounds?|pfund|franken|francs?|livres sterling)\b)"
_NUMBER = r"\d(?:[\d .,']*\d)?"
_SUM = re2.compile(rf"(?i)(?:{_CURRENCY} ?({_NUMBER})|({_NUMBER})(?:,--|,-)? ?{_CURRENCY})")
_SPELLED = re2.compile(
    r"(?i)\b(?:cents?|mille|vingts?|trente|quarante|cinquante|soixante|hundred|thousand|fifty|hundert|tausend|\pL+hundert)[ -](?:\pL+[ -]){0,3}"
    r"(?:euros?|dollars?|pounds?)\b"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier january januar jan janv",
            "fevrier february februar feb fevr",
            "mars march marz maerz mar mrz",
            "avril april avr apr",
            "mai may",
            "juin june juni jun",
            "juillet july juli juil jul",
            "aout august aug",
            "septembre september sept sep",
            "octobre october oktober oct okt",
            "novembre november nov",
            "decembre december dezember dec dez",
        ),
        1,
    )
    for name in names.split()
}
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_MONTH = re2.compile(rf"\b(\d{{1,2}})(?:er|st|nd|rd|th|\.)? (?:of )?({_NAMES})\b\.?,?(?: (\d{{4}})\b)?")
_MONTH_DAY = re2.compile(rf"\b({_NAMES}) (\d{{1,2}})(?:st|nd|rd|th)?\b,?(?: (\d{{4}})\b)?")
_NUMERIC = re2.compile(r"\b(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})\b")
_ISO = re2.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")


def sums_in(text: str) -> Iterator[tuple[int, str, Decimal | None]]:
    """Where a sum stands, its words and its value; the value is None where it is spelled out or unreadable."""
    plain = _spaced(text)
    for match in _SUM.finditer(plain):
        yield match.start(), text[match.start() : match.end()], _value(match.group(1) or match.group(2))
    for match in _SPELLED.finditer(plain):
        yield match.start(), text[match.start() : match.end()], None


def dates_in(text: str) -> Iterator[tuple[int, str, date | tuple[int, int] | None]]:
    """Where a date stands, its words and its value: (day, month) where no year is said, None where it is no date."""
    plain = _spaced(text)
    for match in _DAY_MONTH.finditer(plain):
        yield match.start(), match.group(), _date(match.group(3), _MONTHS[match.group(2)], match.group(1))
    for match in _MONTH_DAY.finditer(plain):
        yield match.start(), match.group(), _date(match.group(3), _MONTHS[match.group(1)], match.group(2))
    for match in _NUMERIC.finditer(plain):
        if not _goes_on(plain, match.start(), match.end()):
            yield match.start(), match.group(), _date(match.group(4), int(match.group(3)), match.group(1))
    for match in _ISO.finditer(plain):
        yield match.start(), match.group(), _date(match.group(1), int(match.group(2)), match.group(3))


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the numbers are part of a longer row: 06.12.34.56.78 is a phone, 192.0.2.88 an address."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (before[-1:] == "." and before[:1].isdigit()) or (after[:1] == "." and after[1:].isdigit())


def _spaced(text: str) -> str:
    """Small letters without accents and plain blanks, each character in its place."""
    return "".join(map(_plain, text))


@cache
def _plain(character: str) -> str:
    if character != "\n" and character.isspace():
        return " "
    return unicodedata.normalize("NFD", character)[0].lower()[0]


def _value(number: str) -> Decimal | None:
    digits = number.replace(" ", "").replace("'", "")
    last = max(digits.rfind(","), digits.rfind("."))
    whole, part = (digits[:last], digits[last + 1 :]) if last >= 0 else (digits, "")
    if len(part) == 3 and not (digits.count(",") and digits.count(".")):
        whole, part = whole + part, ""  # 1.250 and 1,250 are thousands in prices
    try:
        return Decimal(whole.replace(",", "").replace(".", "") + (f".{part}" if part else ""))
    except InvalidOperation:
        return None


def _date(year: str | None, month: int, day: str) -> date | tuple[int, int] | None:
    if year is None:
        return int(day), month
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
    except ValueError:
        return None
