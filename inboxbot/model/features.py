"""A letter as the judge sees it: its own words, masked; the same function serves training and service.

Subject, body and attachments count; headers that leak where a mail came from do not, nor does the history it quotes.
Case numbers, names, addresses, dates and sums become masks, so that a model holds no personal data and no letter is
recognised by its number.
"""

from __future__ import annotations

import re2

from inboxbot.records import Letter

LONGEST = 20_000  # characters; what a letter is, it says well before that

# In this order: what contains digits of several kinds goes first.
_MASKS = tuple(
    (re2.compile(pattern), f" {mask} ")
    for pattern, mask in (
        (r"(?i)\bhttps?://[^\s<>\"]{1,500}|\bwww\.[^\s<>\"]{1,500}", "xurl"),
        (r"[\pL\pN._%+\-]{1,64}@[\pL\pN.\-]{1,200}", "xmail"),
        (r"\b[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){3,7}(?: ?[0-9A-Z]{1,3})?\b", "xiban"),
        (r"\b\d{1,3}(?:\.[\dxX*]{1,3}){3}\b|(?i:\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){4,7})", "xip"),
        (r"(?i)(?:€|£|\$|\bEUR|\bCHF|\bUSD|\bGBP) ?\d[\d .,'’]{0,14}", "xsum"),
        (r"(?i)\d[\d .,'’]{0,14}(?:,-|,–)? ?(?:€|£|\$|\bEUR\b|\beuros?\b|\bCHF\b|\bUSD\b|\bGBP\b|\bDKK\b)", "xsum"),
        (r"\b\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b", "xdate"),
        (
            r"(?i)\b\d{1,2}(?:er|st|nd|rd|th|\.)? (?:de |of )?(?:janvier|février|mars|avril|mai|juin|juillet|août|"
            r"septembre|octobre|novembre|décembre|january|february|march|april|may|june|july|august|september|october|"
            r"november|december|januar|februar|märz|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|"
            r"julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|"
            r"settembre|ottobre|dicembre|januari|februari|maart|mei|augustus)(?: (?:de )?\d{4})?",
            "xdate",
        ),
        (r"\+?\d[\d .()/\-]{7,18}\d", "xnumber"),
        (r"\b(?:[A-Z]+\d|\d+[A-Z])[A-Z0-9]{1,12}\b", "xcode"),
        (r"\d+", "xn"),
    )
)
_WORD = re2.compile(r"[\pL\pM][\pL\pM\pN]*")


def text_of(letter: Letter) -> str:
    """The letter's own words, masked and capped: what the estimator is trained on and asked about."""
    own = "\n".join(text for _, text in letter.pieces())[: 2 * LONGEST]
    for name in _names(letter):
        own = own.replace(name, " xname ")
    for pattern, mask in _MASKS:
        own = pattern.sub(mask, own)
    return own[:LONGEST].lower()


def words(text: str) -> list[str]:
    """Words and pairs of words, in order: the analyzer of the vectoriser and of the folded scorer alike."""
    single = [word for word in _WORD.findall(text) if len(word) <= 40]
    return single + [f"{first} {second}" for first, second in zip(single, single[1:], strict=False)]


def _names(letter: Letter) -> list[str]:
    """Personal names from the heads, longest first: display names of two words or more, never a firm's single word."""
    people = [*letter.head.recipients, *letter.senders]
    if letter.forwarded is not None:
        people += [*letter.forwarded.recipients, *filter(None, [letter.forwarded.sender])]
    return sorted({p.name for p in people if 4 < len(p.name) <= 80 and " " in p.name.strip()}, key=len, reverse=True)
