"""The day by which a letter wants its answer or its money (contract, deadline; domain study §F)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import re2

from inboxbot.issuers.kinds.calendar import rolled
from inboxbot.issuers.kinds.matter import is_over
from inboxbot.issuers.kinds.sentences import Piece, read_piece
from inboxbot.issuers.kinds.terms import Term, find_terms
from inboxbot.issuers.kinds.vocabulary import Cue, cues_in
from inboxbot.records import Passage

# What lies further from the letter's day is the end of a licence or of a limitation, not a deadline.
_LONGEST_SPAN = timedelta(days=93)
_LONGEST_DATE = timedelta(days=200)
_LONGEST_GUESS = timedelta(days=183)  # of a date that leaves the year to be guessed
_LONGEST_BARE = timedelta(days=100)  # of a date that nothing marks as a deadline
_LONGEST_BARE_GUESS = timedelta(days=75)

_REACH = {
    ("limit", True): 45,
    ("limit", False): 30,
    ("given", True): 30,
    ("given", False): 12,
    ("from", False): 4,
    ("receipt", False): 12,
    ("past", True): 25,
    ("past", False): 25,
}
_NEAR = 50  # characters beyond which a comma keeps it from doing so
_AROUND = 160  # characters in which a word can say that the term concerns something else
_MARKS = {"day and month": {"by"}, "day of month": {"by"}, "today": {"limit"}}  # 02/16 may be a number
_APART = {
    True: re2.compile(r"[;.:]"),
    False: re2.compile(r"[,;.:]"),
}  # what keeps a word before, or behind, from concerning a term
_FILLING = re2.compile(
    r"^(?:[\s:,(«\"*=|-]|\b(?:le|la|les|l'|the|den|dem|der|am|zum|au|aux|du|de|des|d'un|d'une|d'|el|los|il|lo|dei|di|del|op|het|on|is|est|of|is on|"
    r"un|une|a|an|ein|eine|einer|einem|eines|von|vom|una|uno|een|van|next|coming|following|nachsten|kommenden|folgenden|prochains|proximos|prossimi|komende|"
    r"delai|periode|period|frist|plazo|termine|termijn|spatestens|latest|maximum|maximal|maximo|max|further|another|only|noch|encore|donc|que|plus|tard|"
    r"about|environ|date|nuit|minuit|midnight|noon|midi|close of business|cob|einschlieslich|inclus|e non oltre|bis|tot|the date|at least|soir|matin|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|"
    r"freitag|samstag|sonntag|lunes|martes|miercoles|jueves|viernes|sabado|domingo|lunedi|martedi|mercoledi|giovedi|venerdi|sabato|domenica|maandag|"
    r"dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|\d{1,2} ?(?:h|:|uhr|am|pm)(?: ?\d{2})?)\b)*$"
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The letter's deadline: the strict day, the working day that it rolls to, its passage, and what is doubtful."""

    strict: date | None = None
    rolled: date | None = None
    passage: Passage | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """A day that the letter names for something the reader is to do, with the words that say so."""

    day: date
    term: Term
    marked: bool  # words make it a deadline; else it is only a day to come
    answer: bool  # an answer or money is wanted by then
    remove: bool  # the image is to be gone by then
    quick: bool  # only a sum for who pays by then depends on it
    final: bool
    receipt: bool  # counted from the receipt of the letter
    quote: str
    source: str


def find_deadline(
    pieces: Sequence[tuple[str, str]],
    language: str | None,
    *,
    sent_on: date | None,
    own_date: date | None,
    country: str,
) -> Deadline:
    """Read the deadline of a letter's own words.

    `own_date` is the date that the letter carries, `sent_on` the mail's; holidays are those of `country` (ISO 3166).
    """
    if is_over(pieces):
        return Deadline()
    anchor = own_date if own_date and (sent_on is None or own_date <= sent_on) else sent_on
    wishes = [
        each
        for source, text in pieces
        for each in read_wishes(read_piece(source, text), language, anchor, country, latest=sent_on)
    ]
    for among in (_dated, _spanned, _quick, _bare, _removal):
        found = [each for each in wishes if among(each)]
        if found:
            return _agreed(found, language, country)
    return Deadline()


def _dated(wish: Wish) -> bool:
    return wish.marked and wish.term.absolute and not wish.remove and not wish.quick


def _spanned(wish: Wish) -> bool:
    return wish.marked and not wish.term.absolute and not wish.remove and not wish.quick


def _quick(wish: Wish) -> bool:
    return wish.quick and not wish.remove


def _bare(wish: Wish) -> bool:
    return not wish.marked and not wish.remove


def _removal(wish: Wish) -> bool:
    return wish.remove


def _agreed(wishes: Sequence[Wish], language: str | None, country: str) -> Deadline:
    """The one day that is wished, that of the answer or of the last call, or a doubt."""
    narrowed: tuple[Callable[[Wish], bool], ...] = (
        lambda wish: wish.term.unit != "feast",  # "pour la Toussaint, disons le 31 octobre"
        lambda wish: wish.answer,
        lambda wish: wish.final,
    )
    for fits in narrowed:
        if len({each.day for each in wishes}) > 1:
            wishes = [each for each in wishes if fits(each)] or wishes
    days = sorted({each.day for each in wishes})
    if len(days) > 1:
        return Deadline(doubts=(f"the letter sets several deadlines: {', '.join(map(str, days))}",))
    first = wishes[0]
    count = f"{first.term.count} {first.term.unit}{'s' * (first.term.count > 1)} from the letter's date"
    rule = "deadline: " + ("a date" if first.term.absolute else count)
    passage = Passage(first.quote, first.source, rule)
    return Deadline(first.day, rolled(first.day, country), passage, tuple(_doubts(first, language)))


def _doubts(wish: Wish, language: str | None) -> Iterator[str]:
    if wish.receipt:
        yield "the deadline runs from the receipt of the letter, whose day is not known: it is counted from the letter's date"
    if wish.term.either and language == "en":
        yield f"the deadline is read day first: {wish.day}"


def read_wishes(
    piece: Piece, language: str | None, anchor: date | None, country: str, latest: date | None = None
) -> Iterator[Wish]:
    """The days that one piece names for something to be done, with what is said of each.

    Spans are counted from `anchor`; a date may also lie ahead of the mail that came later, at `latest`.
    """
    terms = find_terms(piece, language)
    told: dict[int, tuple[Cue, ...]] = {}
    for number, term in enumerate(terms):
        index = piece.sentence_at(term.start)
        sentence = piece.sentences[index]
        cues = told.setdefault(index, cues_in(sentence.text, "deadline"))
        low = max(terms[number - 1].end - sentence.start, 0) if number else 0
        high = (
            min(terms[number + 1].start - sentence.start, len(sentence.text))
            if number + 1 < len(terms)
            else len(sentence.text)
        )
        said = _said(sentence.text, cues, term.start - sentence.start, term.end - sentence.start, low, high)
        day = term.falls(anchor, country)
        marked = bool(
            said & _MARKS.get(term.unit, {"by", "limit"} if term.absolute else {"within", "given", "from", "receipt"})
        )
        if (
            said & {"elsewhere", "ours", "discount"}
            or ("past" in said and "by" not in said)
            or day is None
            or not _in_time(day, term, anchor, max(anchor, latest) if anchor and latest else anchor, marked=marked)
        ):
            continue
        bare = term.unit == "date" and not any(cue.meaning in ("elsewhere", "ours") for cue in cues)
        if marked or bare:
            answer = "answer" in said
            yield Wish(
                day,
                term,
                marked,
                answer,
                "remove" in said and not answer,
                marked and "quick" in said,
                "final" in said,
                "receipt" in said,
                piece.quote(sentence),
                piece.source,
            )


def _in_time(day: date, term: Term, anchor: date | None, latest: date | None, *, marked: bool) -> bool:
    """Whether the day is one to come, and near enough to be a deadline."""
    if anchor is None or latest is None:
        return marked and term.day is not None
    if not term.absolute:
        return day <= anchor + _LONGEST_SPAN
    if marked:
        began = day > anchor or term.unit == "today"  # a date that is the letter's own is no deadline
        return began and day <= (latest + _LONGEST_DATE if term.day else anchor + _LONGEST_GUESS)
    return anchor < day <= (latest + _LONGEST_BARE if term.day else anchor + _LONGEST_BARE_GUESS)


def _said(text: str, cues: Sequence[Cue], start: int, end: int, low: int, high: int) -> set[str]:
    """What the cues of its sentence say of a term; those of other terms between `low` and `high` are theirs."""
    said: set[str] = set()
    for cue in cues:
        before = cue.end <= start
        gap = start - cue.end if before else cue.start - end
        if cue.place == "touching":
            heard = before and cue.start >= low and bool(_FILLING.match(text[cue.end : start]))
        elif cue.meaning in ("answer", "remove", "final"):
            heard = True
        elif cue.meaning in ("elsewhere", "ours", "discount"):
            between = text[cue.end : start] if before else text[end : cue.start]
            apart = _APART[before].search(between) or (gap > _NEAR and "," in between)
            heard = gap <= _AROUND and low <= cue.start < high and not apart
        elif cue.meaning == "quick":
            heard = before and cue.start >= low and gap <= _NEAR
        else:
            heard = low <= cue.start < high and gap <= _REACH.get((cue.meaning, before), -1)
        if heard:
            said.add(cue.meaning)
    return said
