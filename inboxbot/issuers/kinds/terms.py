"""Where a text names a day or a span of time, and the day that it means counted from the letter's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

import re2

from inboxbot.issuers.kinds.calendar import SUNDAY, after_days, after_months, after_working_days, end_of_month
from inboxbot.issuers.kinds.numbers import spelled_at_end
from inboxbot.issuers.kinds.sentences import Piece
from inboxbot.letter.dates import find_date

MAX_TERMS = 300  # of one kind in one text

_WRITTEN = (  # with the name of the month
    re2.compile(
        r"\b(\d{1,2}|premier)(?:er|st|nd|rd|th|e)?\.? {1,2}(?:de |of |d')?([a-z]{3,10})\b\.?(?:,? {1,2}(?:de |del )?(\d{4})\b)?"
    ),
    re2.compile(r"\b([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?\b(?:,? (\d{4})\b)?"),
)
_NUMERIC = re2.compile(r"\b\d{1,2} ?[./-] ?\d{1,2} ?[./-] ?(?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}\b")
_SHORT = re2.compile(r"\b(\d{1,2})([./])(\d{1,2})(?:\.|\b)")
_SLASHED = re2.compile(r"^(\d{1,2})/(\d{1,2})/")
_MONTH_END = re2.compile(
    r"\b(?:la )?(?:fin|dernier jour|the end|last day|end|ende|letzte[nr]? tag|finales|ultimo dia|fine|ultimo giorno|eind|einde|laatste dag)(?: (?:of|de|du|d'|des|di|van|the|this|current|dieses|laufenden|del|deze))* ?"
    r"(mois(?: courant)?|month|monats?|mes|mese|maand|[a-z]{3,10})\b(?: (\d{4})\b)?"
)
_THIS_MONTH = frozenset("mois month monat monats mes mese maand".split())
_WEEKDAYS = (
    "lundi monday montag lunes lunedi maandag",
    "mardi tuesday dienstag martes martedi dinsdag",
    "mercredi wednesday mittwoch miercoles mercoledi woensdag",
    "jeudi thursday donnerstag jueves giovedi donderdag",
    "vendredi friday freitag viernes venerdi vrijdag",
    "samedi saturday samstag sabado sabato zaterdag",
    "dimanche sunday sonntag domingo domenica zondag",
)
_WEEKDAY = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
_NAMED_DAY = re2.compile(rf"\b({'|'.join(_WEEKDAY)})\b(?: prochain)?")
_DATED = re2.compile(r"^,? (?:den |the |le |el |il )?\d")
_NUMBERED_DAY = re2.compile(
    rf"\b({'|'.join(_WEEKDAY)}),? (?:den |the |le |el |il )?(\d{{1,2}})(?:st|nd|rd|th|\.)?(?:[ ,]?[,;)]|\.?$|\.? ?\n|\. [a-z]| (?:at|a|um|alle|om|inclu\w*|por|if|for|and|et|und|y|pour|fur|per|voor)\b)"
)
_NUMBERED = re2.compile(
    r"\b(?:by|until|till|before|avant|jusqu'au|d'ici|au plus tard|bis|entro|hasta|tot) (?:the |le |zum |il |el |de )?(\d{1,2})(?:st|nd|rd|th|er|\.)?(?: (?:of (?:this|the) month|du mois|de ce mois|des monats|dieses monats|del mese|del mes|van deze maand))?(?:\W*\n|[,;)]|\.(?:\s|$)| (?:at|a|um)\b|$)"
)
_GLUED = re2.compile(r"\b(\d{1,3})h(?:rs|eures)?\b")
_TODAY = re2.compile(
    r"\b(?:(today|aujourd'hui|heute|hoy|oggi|vandaag|ce soir|tonight)|(tomorrow|demain|manana|domani|morgen|am morgigen tag))\b"
)
_FEASTS = {
    "toussaint": (1, 11),
    "noel": (25, 12),
    "christmas": (25, 12),
    "weihnachten": (25, 12),
    "nouvel an": (1, 1),
    "new year": (1, 1),
}
_FEAST = re2.compile(rf"\b({'|'.join(_FEASTS)})\b")
_UNIT = re2.compile(
    r"\b(?:(?P<days>jours?|days?|tage?n?|kalendertage?n?|dias?|giorn[oi]|dagen|kalenderdagen)"
    r"|(?P<working>arbeitstage?n?|bankarbeitstage?n?|(?:business|working|week)[ -]?days?|werkdagen)"
    r"|(?P<workable>werktage?n?)"
    r"|(?P<weeks>semaines?|weeks?|wochen?|semanas?|settiman[ae]|weken)"
    r"|(?P<months>mois|months?|monate?n?s?|mes(?:es)?|mes[ei]|maand(?:en)?)"
    r"|(?P<hours>h|hrs?|heures?|hours?|stunden?|horas?|or[ae]|uur)"
    r"|(?P<week>huitaine)|(?P<fortnight>quinzaine|fortnight))\b"
    r"(?P<kind> (?:ouvres|ouvrables|francs|habiles|laborables|lavorativi|feriali)\b)?"
)
_COUNT = re2.compile(r"(?:^|[^\d.,/-])(\d{1,3})(?: ?\([a-z -]{2,20}\))?[ -]?$")
_BRACKETED = re2.compile(r"\((\d{1,3})\) ?$")
_ONE = re2.compile(r"\b(?:le|the|within a|in a|d'une?|l'|sous|la) ?$")
_PARTLY = re2.compile(r"(?:full|whole|complete|clear|volle|ganze|further|autres)\s+$")


@dataclass(frozen=True, slots=True)
class Term:
    """A day or a span of time in a text; `unit` names what is counted, or what the day is known by."""

    start: int
    end: int
    unit: str
    count: int = 0
    day: date | None = None  # of a date with its year
    month: tuple[int, int] | None = None  # (day, month) of a date without a year
    either: bool = False  # day and month could be the other way round

    @property
    def absolute(self) -> bool:
        """Whether the term names a day, whatever the letter's date is."""
        return self.unit in (
            "date",
            "feast",
            "day and month",
            "day of month",
            "weekday",
            "numbered weekday",
            "month-end",
            "today",
            "tomorrow",
        )

    def falls(self, anchor: date | None, country: str) -> date | None:
        """The day that is meant, counted from the anchor; None without one where one is needed."""
        if self.day is not None:
            return self.day
        if anchor is None:
            return None
        match self.unit:
            case "date" | "feast" | "day and month":
                return self.month and _first(*self.month, anchor)
            case "weekday":
                return after_days(anchor, (self.count - anchor.weekday() - 1) % (SUNDAY + 1) + 1)
            case "month-end":
                return _month_end(self.count or anchor.month, anchor)
            case "day of month":
                return _numbered(self.count, None, anchor)
            case "numbered weekday":
                return self.month and _numbered(self.month[0], self.count, anchor)
            case "day" | "today" | "tomorrow":
                return after_days(anchor, self.count)
            case "clear day":
                return after_days(anchor, self.count + 1)
            case "working day" | "weekday but Sunday":
                return after_working_days(anchor, self.count, country, saturdays=self.unit != "working day")
            case "week":
                return after_days(anchor, 7 * self.count)
            case "month":
                return after_months(anchor, self.count)
            case _:
                return after_days(anchor, -(-self.count // 24) if self.count >= 12 else 0)


def find_terms(piece: Piece, language: str | None) -> tuple[Term, ...]:
    """The days and spans of time of a text, left to right; the longer of overlapping ones."""
    found = sorted((*_dates(piece), *_named(piece), *_spans(piece, language)), key=lambda term: (term.start, -term.end))
    kept: list[Term] = []
    for term in found:
        if not kept or term.start >= kept[-1].end:
            kept.append(term)
    return tuple(kept)


def _dates(piece: Piece) -> Iterator[Term]:
    text = piece.folded
    for match in islice(_NUMERIC.finditer(text), MAX_TERMS):
        day = find_date(match.group())
        slashed = _SLASHED.match(match.group())
        if day:
            either = bool(slashed) and int(slashed.group(2)) != int(slashed.group(1)) <= 12
            yield Term(match.start(), match.end(), "date", day=day, either=either)
    for match in (match for pattern in _WRITTEN for match in islice(pattern.finditer(text), MAX_TERMS)):
        words = match.group().replace("premier", "1").replace("\n", " ")
        day = find_date(words if match.group(3) else f"{words.rstrip('. ')} 2000")
        if day and match.group(3):
            yield Term(match.start(), match.end(), "date", day=day)
        elif day and _is_month(piece, match):
            yield Term(match.start(), match.end(), "date", month=(day.day, day.month))
    for match in islice(_SHORT.finditer(text), MAX_TERMS):
        day = find_date(f"{match.group(1)}.{match.group(3)}.2000")
        if day:
            yield Term(match.start(), match.end(), "day and month", month=(day.day, day.month))


def _is_month(piece: Piece, match: re2._Match) -> bool:
    """Whether the word is the month of May and not the verb, for which it would need no number."""
    return "may" not in match.group() or "May" in piece.printed[match.start() : match.end()]


def _named(piece: Piece) -> Iterator[Term]:
    for match in islice(_MONTH_END.finditer(piece.folded), MAX_TERMS):
        name, year = match.group(1).split()[0], match.group(2)
        first = None if name in _THIS_MONTH else find_date(f"1 {name} {year or 2000}")
        if first and year:
            yield Term(match.start(), match.end(), "month-end", day=end_of_month(first))
        elif first or name in _THIS_MONTH:
            yield Term(match.start(), match.end(), "month-end", first.month if first else 0)
    for match in islice(_GLUED.finditer(piece.folded), MAX_TERMS):
        yield Term(match.start(), match.end(), "hour", int(match.group(1)))
    for match in islice(_NUMBERED.finditer(piece.folded), MAX_TERMS):
        yield Term(match.start(1), match.end(1), "day of month", int(match.group(1)))
    for match in islice(_NUMBERED_DAY.finditer(piece.folded), MAX_TERMS):
        yield Term(
            match.start(), match.end(), "numbered weekday", _WEEKDAY[match.group(1)], month=(int(match.group(2)), 0)
        )
    for match in islice(_NAMED_DAY.finditer(piece.folded), MAX_TERMS):
        if _DATED.match(piece.folded[match.end() : match.end() + 10]):  # "lundi 3 mars": the date says more
            continue
        yield Term(match.start(), match.end(), "weekday", _WEEKDAY[match.group(1)])
    for match in islice(_TODAY.finditer(piece.folded), MAX_TERMS):
        yield Term(match.start(), match.end(), "today" if match.group(1) else "tomorrow", 0 if match.group(1) else 1)
    for match in islice(_FEAST.finditer(piece.folded), MAX_TERMS):
        yield Term(match.start(), match.end(), "feast", month=_FEASTS[match.group(1)])


def _spans(piece: Piece, language: str | None) -> Iterator[Term]:
    for match in islice(_UNIT.finditer(piece.folded), MAX_TERMS):
        begin = max(match.start() - 40, 0)
        before = piece.folded[begin : match.start()].replace("\n", " ")
        if match.group("week") or match.group("fortnight"):
            yield Term(match.start(), match.end(), "day", 7 if match.group("week") else 14)
            continue
        skipped = _PARTLY.search(before)
        before = before[: skipped.start()] if skipped else before
        read = _counted(piece, begin, before, language)
        if read and 0 < read[1] <= 366:
            yield Term(read[0], match.end(), _unit(match), read[1])


def _counted(piece: Piece, begin: int, before: str, language: str | None) -> tuple[int, int] | None:
    """(offset, number) of the number that stands before a unit."""
    bracketed = _BRACKETED.search(before)  # "quinze (15) jours" begins with its words
    printed = (
        piece.printed[begin : begin + (bracketed.start() if bracketed else len(before))].replace("-", " ").rstrip()
    )
    words = spelled_at_end(printed, language)
    digits = bracketed or _COUNT.search(before)
    if digits:
        return begin + (words[0] if words else digits.start(1)), int(digits.group(1))
    if words:
        return begin + words[0], words[1]
    return (begin + len(before), 1) if _ONE.search(before) else None


def _unit(match: re2._Match) -> str:
    kind = (match.group("kind") or "").strip()
    if match.group("workable") or kind in ("ouvrables", "feriali"):
        return "weekday but Sunday"
    if kind == "francs":
        return "clear day"
    if match.group("working") or kind:
        return "working day"
    return next(unit[:-1] for unit in ("days", "weeks", "months", "hours") if match.group(unit))


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


def _numbered(day: int, weekday: int | None, anchor: date) -> date | None:
    """The day of this month or the next that bears the number, if it is that day of the week."""
    for months in (0, 1):
        first = after_months(anchor.replace(day=1), months)
        found = after_days(first, day - 1)
        if found >= anchor and found.month == first.month:
            return found if weekday in (None, found.weekday()) else None
    return None


def _month_end(month: int, anchor: date) -> date:
    last = end_of_month(date(anchor.year, month, 1))
    return last if last >= anchor else end_of_month(date(anchor.year + 1, month, 1))
