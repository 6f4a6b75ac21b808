"""Masks: what would tell one letter, or one person, from another is replaced before anything is learned from it.

Case numbers, names, addresses, dates and sums become words that begin with x. So a model holds no personal data, and no
letter is recognised by its number.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import re2

from inboxbot.records import Address, Letter


def quiet(pattern: str) -> Any:
    """The pattern compiled; RE2 keeps silent, since what it writes to standard error would be nobody's message."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


_MONTHS = (
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|"
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "januar|februar|märz|juni|juli|oktober|dezember|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|"
    "gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|"
    "januari|februari|maart|mei|augustus"
)
# In this order: what contains digits of several kinds goes first.
_MASKS = tuple(
    (quiet(pattern), f" {mask} ")
    for pattern, mask in (
        (r"(?i)\bhttps?://[^\s<>\"]+|\bwww\.[^\s<>\"]+", "xurl"),
        (r"[^\s@<>\"(),;:\[\]]+@[^\s@<>\"(),;:\[\]]+", "xmail"),
        (r"\b[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){3,7}(?: ?[0-9A-Z]{1,3})?\b", "xiban"),
        (r"\b\d{1,3}(?:\.[\dxX*]{1,3}){3}\b|(?i:\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){3,7})", "xip"),
        (r"(?i)(?:€|£|\$|\bEUR|\bCHF|\bUSD|\bGBP) ?\d[\d .,'’]*", "xsum"),
        (r"(?i)\d[\d .,'’]*(?:,-|,–)? ?(?:€|£|\$|\bEUR\b|\beuros?\b|\bCHF\b|\bUSD\b|\bGBP\b|\bDKK\b)", "xsum"),
        (r"\b\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b", "xdate"),
        (rf"(?i)\b\d{{1,2}}(?:er|st|nd|rd|th|\.)? (?:de |of )?(?:{_MONTHS})(?: (?:de )?\d{{4}})?", "xdate"),
        (rf"(?i)\b(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?(?:, \d{{4}})?\b", "xdate"),
        (r"(?i)\b\d{1,2} ?(?:h|heures?|uhr|:) ?(?:\d{2}(?: ?(?:m|min|minutes?|:\d\d|uhr))?)?\b", "xhour"),
        (r"\+?\d[\d .()/\-]{7,18}\d", "xnumber"),
        (r"\b(?:[A-Z]+\d|\d+[A-Z])[A-Z0-9]+\b", "xcode"),
        (r"\d+", "xn"),
    )
)


def masked(text: str, people: Iterable[str] = ()) -> str:
    """The text with everything personal masked; `people` are names to mask wherever they stand, the longest first."""
    for name in people:
        text = text.replace(name, " xname ")
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text


def people_of(letter: Letter) -> tuple[str, ...]:
    """Personal names in the letter's heads, longest first: of two words or more, never a firm's single word."""
    known: list[Address] = [*letter.head.recipients, *letter.senders]
    if letter.forwarded is not None:
        known += [*letter.forwarded.recipients, *filter(None, [letter.forwarded.sender])]
    names = {person.name for person in known if 4 < len(person.name) <= 80 and " " in person.name.strip()}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))
