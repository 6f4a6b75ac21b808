"""A letter as the rules see it: the places where words stand, each made plain so that a rule need not know about accents.

Plain means: no accents, straight quotes and dashes, and a line that a mail program or a page broke goes on with a blank.
Every character keeps its place, so that what a rule finds can be quoted as it was printed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import re2

from inboxbot.issuers.kinds.sentences import Piece, read_piece
from inboxbot.letter.links import joined
from inboxbot.records import Letter

OWN = ("subject", "body", "attachments")  # the letter's own words
# What is asked in turn, each only where those before it say nothing.
TIERS = (OWN, ("links",), ("names",), ("note",), ("history",))
PLACES = ("sender", *(place for tier in TIERS for place in tier))

LONGEST = 100_000  # characters of one place; a letter says what it wants well before that
_QUOTE = 240  # characters of a passage
_WRAPPED = 45  # a shorter line was ended by its writer
_LABEL = re2.compile(r"^\s*[A-Z](?:[^:.,;!?\n]|\b(?:ref|no|nr|art|tel|aff|az)\.){0,40} ?:(?:\s|$)")

_ODD = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‹": '"', "›": '"'}
    | {
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "−": "-",
        "œ": "e",
        "Œ": "E",
        "æ": "e",
        "Æ": "E",
        "ß": "s",
        "ø": "o",
        "Ø": "O",
    }
    | {"°": "o", "º": "o", "ª": "a", "№": "n", "：": ":", "×": "x", "µ": "u", "μ": "u"}
)


@dataclass(frozen=True, slots=True)
class View:
    """The words of one place: as printed, made plain character by character, and where its sentences stand."""

    piece: Piece
    plain: str

    @property
    def source(self) -> str:
        return self.piece.source

    @property
    def text(self) -> str:
        return self.piece.printed

    def sentence(self, start: int) -> tuple[int, int]:
        """Where the sentence, row or line stands that holds this character."""
        left, right = 0, len(self.text)
        if self.piece.sentences:
            found = self.piece.sentences[self.piece.sentence_at(start)]
            left, right = found.start, found.end
        end = self.plain.find("\n", start, right)
        return max(left, self.plain.rfind("\n", left, start) + 1), right if end < 0 else end

    def quote(self, start: int, end: int) -> str:
        """The printed words around a span, on one line and short."""
        left, right = self.sentence(start)
        left, right = max(left, start - _QUOTE // 2), max(min(right, end + _QUOTE // 2), end)
        return " ".join(self.text[left:right].split())[:_QUOTE]


def view(source: str, text: str) -> View:
    """The text of a place, made plain."""
    piece = read_piece(source, text[:LONGEST])
    return View(piece, _joined(plain(piece.printed), piece))


def _joined(flat: str, piece: Piece) -> str:
    """The text with a blank for every line end that only a narrow page made; a line with a label stands for itself."""
    parts: list[str] = []
    last = 0
    for each in piece.sentences:
        parts.append(flat[last : each.start])
        last = each.start
        while (end := flat.find("\n", last, each.end)) >= 0:
            following = flat[end + 1 : end + 100]
            goes_on = end - flat.rfind("\n", 0, end) > _WRAPPED and not _LABEL.match(following)
            parts += (flat[last:end], " " if goes_on else "\n")
            last = end + 1
        parts.append(flat[last : each.end])
        last = each.end
    return "".join((*parts, flat[last:]))


def plain(text: str) -> str:
    """The text without accents and with straight quotes and dashes; every character keeps its place."""
    return text if text.isascii() else "".join(c if c.isascii() else _plain(c) for c in text)


def views_of(letter: Letter, ours: frozenset[str] = frozenset()) -> Mapping[str, tuple[View, ...]]:
    """The letter's places; `ours` are the user's own addresses, whose quoted messages are not history of the issuer."""
    sender = (letter.forwarded or letter.head).sender
    answered = {address.addr.lower() for address in letter.head.recipients} | ours
    papers = [each for each in letter.attachments if each.text]
    theirs = [q for q in letter.quoted if q.sender is None or q.sender.addr.lower() not in answered]
    mine = [q for q in letter.quoted if q not in theirs]
    return {
        "sender": (view("sender", f"{sender.name} <{sender.addr}>"),) if sender else (),
        "subject": (view("subject", letter.subject),),
        "body": (view(letter.source, letter.body),),
        "attachments": tuple(view(f"attachment:{paper.name}", joined(paper.text)) for paper in papers),
        "links": tuple(view(link.source, link.href) for link in letter.links),
        "names": tuple(view(f"attachment:{each.name}", each.name) for each in letter.attachments),
        "note": (view("subject", letter.head.subject), view("note", letter.covering_note)),
        "history": tuple(view("history", quoted.text) for quoted in (*theirs, *mine)),
    }


@cache
def _plain(character: str) -> str:
    odd = character.translate(_ODD)
    return odd if odd.isascii() else unicodedata.normalize("NFD", character)[0]
