"""A case sheet: what a worried person needs to see of a letter in twenty seconds, as sections of short rows.

Pure: a reading, the user's language and today's date in; rows out. How they look is `page`'s business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from inboxbot.cases.words import FACTS, KINDS, LABELS, SCENARIOS, SENTENCES, STAGES, STANDING
from inboxbot.issuers.quote import defang
from inboxbot.issuers.wording import day, moment, money
from inboxbot.records import OTHER, UNSURE, Facts, Passage, Reading, Standing

LABEL_FOLDER, REPLY_FOLDER = "Inboxbot/Label/{}", "Inboxbot/Reply/{}"
_ALWAYS_TOLD = ("case_number", "amount", "deadline", "rights_holder")
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is, what it says, and the passage it was read from."""

    text: str
    label: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading; `table` asks for columns."""

    title: str
    rows: tuple[Row, ...]
    table: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet ready to be shown; `alert` where it warns of a forgery."""

    subject: str
    title: str
    sections: tuple[Section, ...]
    alert: bool = False


def wants_sheet(reading: Reading) -> bool:
    """Whether a letter deserves a sheet: every letter of a room, and every question; never ordinary mail."""
    return reading.verdict.label != OTHER


def sheet_of(reading: Reading, language: str, today: date, drafts_folder: str) -> Sheet:
    """The sheet of a letter, or the question that an unsure one asks."""
    if reading.verdict.label == UNSURE:
        return _question(reading, language)
    writer = _Writer(reading, language, today, drafts_folder)
    return Sheet(writer.subject(), writer.title(), tuple(s for s in writer.sections() if s.rows), writer.suspect)


def _question(reading: Reading, language: str) -> Sheet:
    say, verdict = SENTENCES[language], reading.verdict
    rooms = [label for label in verdict.probabilities if label not in (OTHER, UNSURE)]
    rooms.sort(key=lambda label: (-verdict.probabilities[label], label))
    likely = rooms[0] if rooms else ""
    why = say["asked_why"].format(likely=likely.title(), percent=f"{verdict.probabilities.get(likely, 0.0):.0%}")
    answers = [Row(say["answer_yes"].format(folder=LABEL_FOLDER.format(room.title()))) for room in rooms[:2]]
    answers.append(Row(say["answer_no"].format(folder=LABEL_FOLDER.format(OTHER.title()))))
    sections = (
        Section(LABELS[language]["trust"], tuple(Row(reason) for reason in reading.trust.reasons)),
        Section(LABELS[language]["teach"], tuple(answers)),
    )
    return Sheet(say["subject_question"], f"{say['question']} {why}", tuple(s for s in sections if s.rows))


@dataclass(frozen=True, slots=True)
class _Writer:
    reading: Reading
    language: str
    today: date
    drafts_folder: str

    @property
    def suspect(self) -> bool:
        return self.reading.trust.verdict is Standing.SUSPECT

    def subject(self) -> str:
        say, facts = SENTENCES[self.language], self.reading.facts
        if self.suspect:
            return say["subject_suspect"].format(title=self._issuer())
        by = say["subject_by"].format(day=day(facts.deadline, self.language)) if facts.deadline else ""
        return say["subject"].format(title=self._issuer(), number=self._number(), by=by)

    def title(self) -> str:
        stage = STAGES[self.language].get(self.reading.stage or "")
        return LABELS[self.language]["of"].format(title=self._issuer(), stage=stage) if stage else self._issuer()

    def sections(self) -> Iterator[Section]:
        words = LABELS[self.language]
        yield Section("", tuple(self._summary()))
        yield Section(words["trust"], (Row(self._standing()), *(Row(reason) for reason in self.reading.trust.reasons)))
        yield Section(words["advice"], tuple(Row(sentence) for sentence in self.reading.advice))
        if not self.suspect:
            yield Section(words["draft"], tuple(self._draft()))
            blanks = self.reading.reply.blanks if self.reading.reply else ()
            yield Section(words["blanks"], tuple(Row(blank) for blank in blanks))
        yield Section(words["sums"], tuple(self._sums()), table=True)
        yield Section(words["facts"], tuple(self._facts()), table=True)
        yield Section(words["missing"], tuple(Row(FACTS[self.language][name]) for name in self._missing()))
        yield Section(words["doubts"], tuple(self._doubts()))
        if not self.suspect:
            yield Section(words["offers"], tuple(self._offers()))
        yield Section(
            words["teach"], (Row(SENTENCES[self.language]["teach"].format(other=LABEL_FOLDER.format("Other"))),)
        )

    def _issuer(self) -> str:
        return self.reading.issuer or self.reading.verdict.label.title()

    def _number(self) -> str:
        number = self.reading.facts.case_number
        return f" · {self._safe(number)}" if number else ""

    def _standing(self) -> str:
        return STANDING[self.language][self.reading.trust.verdict]

    def _summary(self) -> Iterator[Row]:
        words, say, facts = LABELS[self.language], SENTENCES[self.language], self.reading.facts
        holder = f", {words['for']} {self._safe(facts.rights_holder)}" if facts.rights_holder else ""
        yield Row(f"{self._issuer()}{holder}", words["who"])
        if not self.suspect and self.reading.stage != "closing":
            asks = facts.amount is not None and facts.currency
            if asks or facts.amounts:
                yield Row(self._sum(facts.amount, facts.currency) if asks else say["none_asked"], words["asked"])
            yield Row(self._deadline(facts), words["by"])

    def _deadline(self, facts: Facts) -> str:
        say = SENTENCES[self.language]
        if facts.deadline is None:
            return say["no_deadline"]
        days = (facts.deadline - self.today).days
        left = {0: say["today"], 1: say["tomorrow"]}.get(days) or say["left" if days > 0 else "passed"].format(
            days=abs(days)
        )
        told = [f"{day(facts.deadline, self.language)} ({left})"]
        if facts.deadline_rolled and facts.deadline_rolled != facts.deadline:
            told.append(say["rolled"].format(rolled=day(facts.deadline_rolled, self.language)))
        return "; ".join(told) + f". {say['own_clock']}"

    def _draft(self) -> Iterator[Row]:
        say, reply = SENTENCES[self.language], self.reading.reply
        if reply is None:
            yield Row(say["silent"].format(why=self.reading.silence or "?"))
            return
        yield Row(say["draft"].format(folder=self.drafts_folder, scenario=self._scenario(reply.scenario)))
        if reply.to is None:
            yield Row(say["nobody"])

    def _scenario(self, name: str) -> str:
        return SCENARIOS[self.language].get(name.partition("+")[0], name)

    def _offers(self) -> Iterator[Row]:
        chosen = self.reading.reply.scenario.partition("+")[0] if self.reading.reply else None
        for name in self.reading.offers:
            if name != chosen:
                folder = REPLY_FOLDER.format(name.title())
                yield Row(SENTENCES[self.language]["offer"].format(folder=folder, scenario=self._scenario(name)))

    def _sums(self) -> Iterator[Row]:
        for amount in self.reading.facts.amounts:
            yield Row(self._sum(amount.value, amount.currency), KINDS[self.language].get(amount.kind, amount.kind))

    def _facts(self) -> Iterator[Row]:
        facts = self.reading.facts
        for name, label in FACTS[self.language].items():
            value = getattr(facts, name)
            if value in (None, ()):
                continue
            passage = facts.evidence.get(name)
            for said in self._said(value):
                yield Row(self._safe(said), label, self._quote(passage) if passage else "")

    def _said(self, value: object) -> Iterator[str]:
        if isinstance(value, tuple):
            yield from (str(each) for each in value[:10])
        elif isinstance(value, datetime):
            yield moment(value, self.language)
        elif isinstance(value, date):
            yield day(value, self.language)
        elif isinstance(value, Decimal):
            yield self._sum(value, self.reading.facts.currency)
        else:
            yield str(value)

    def _missing(self) -> Iterator[str]:
        facts = self.reading.facts
        if self.reading.stage != "closing":
            yield from (name for name in _ALWAYS_TOLD if getattr(facts, name) is None and not self._is_foreign(name))

    def _is_foreign(self, name: str) -> bool:
        """A warning about a line has neither a price nor a rights holder to look for."""
        return name != "case_number" and (self.reading.stage or "").startswith(
            ("recommendation", "reminder_", "notification")
        )

    def _doubts(self) -> Iterator[Row]:
        yield from (
            Row(SENTENCES[self.language]["unread"].format(what=self._safe(what))) for what in self.reading.unread
        )
        yield from (Row(self._safe(doubt)) for doubt in self.reading.facts.doubts)

    def _quote(self, passage: Passage) -> str:
        quoted = LABELS[self.language]["quote"].format(self._safe(passage.quote))
        return f"{quoted} ({passage.source})"

    def _sum(self, value: Decimal | None, currency: str | None) -> str:
        return money(value, currency, self.language) if value is not None and currency else ""

    def _safe(self, words: str) -> str:
        """The letter's words on one line, no address in them clickable."""
        line = " ".join(defang(words).split())
        return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
