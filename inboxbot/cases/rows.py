"""What a letter says, as short rows for a person: each fact with the passage it was read from, sums side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from inboxbot.cases.words import FACTS, KINDS, LABELS, SOURCES
from inboxbot.issuers.quote import defang
from inboxbot.issuers.wording import day, moment, money
from inboxbot.records import Facts, Passage

_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is, what it says, the passage it was read from, and what to bear in mind about it."""

    text: str
    label: str = ""
    quote: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading: columns where they have labels, a list where they have none."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of a letter, told in a language."""

    facts: Facts
    language: str

    def rows(self, but: Collection[str] = ()) -> Iterator[Row]:
        """Every fact that there is, but for some."""
        for name, label in FACTS[self.language].items():
            value = getattr(self.facts, name)
            if value in (None, ()) or name in but:
                continue
            for said in self._said(value):
                yield Row(safe(said), label, self.quote(name))

    def sums(self) -> Iterator[Row]:
        """Every sum with what it is for; they are never added."""
        for amount in self.facts.amounts:
            kind = KINDS[self.language].get(amount.kind, amount.kind)
            yield Row(money(amount.value, amount.currency, self.language), kind)

    def asked(self) -> str:
        """The sum that is asked, or "" where it could not be read."""
        return self._sum(self.facts.amount)

    def quote(self, name: str) -> str:
        """The passage that a fact was read from, and where it stands if not in the letter's own text."""
        passage = self.facts.evidence.get(name)
        if passage is None:
            return ""
        quoted = LABELS[self.language]["quote"].format(safe(passage.quote))
        return f"{quoted} ({source})" if (source := self._source(passage)) else quoted

    def _source(self, passage: Passage) -> str:
        kind, _, name = passage.source.partition(":")
        return SOURCES[self.language].get(kind, kind).format(safe(name))

    def _said(self, value: object) -> Iterator[str]:
        if isinstance(value, tuple):
            yield from (str(each) for each in value[:10])
        elif isinstance(value, datetime):
            yield moment(value, self.language)
        elif isinstance(value, date):
            yield day(value, self.language)
        elif isinstance(value, Decimal):
            yield self._sum(value)
        else:
            yield str(value)

    def _sum(self, value: Decimal | None) -> str:
        currency = self.facts.currency
        return money(value, currency, self.language) if value is not None and currency else ""


def safe(words: str) -> str:
    """The letter's words on one line, no address in them clickable."""
    line = " ".join(defang(words).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
