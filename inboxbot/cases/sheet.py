"""A case sheet: what a worried person needs to see of a letter in twenty seconds, as sections of short rows.

Pure: a reading, the user's language and today's date in; rows out. How they look is `page`'s business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from inboxbot.cases.case import History, by_urgency, due, is_waiting, status_of
from inboxbot.cases.remarks import told
from inboxbot.cases.rows import Row, Section, Told, safe
from inboxbot.cases.words import FACTS, LABELS, SENTENCES, STAGES, STANDING, STATUS, clock, counted, scenario_in_words
from inboxbot.issuers.wording import day
from inboxbot.records import OTHER, UNSURE, Case, Facts, Fate, Reading, Standing

LABEL_FOLDER, REPLY_FOLDER = "Inboxbot/Label/{}", "Inboxbot/Reply/{}"
_ALWAYS_TOLD = ("case_number", "amount", "deadline", "rights_holder")
_WAITING = (Fate.WAITING, Fate.EDITED)
_SUMMED_UP = ("amount", "deadline")  # they stand with their passages at the head of the sheet


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet ready to be shown in a language; `alert` where it warns of a forgery."""

    language: str
    subject: str
    title: str
    sections: tuple[Section, ...]
    alert: bool = False


def wants_sheet(reading: Reading) -> bool:
    """Whether a letter deserves a sheet: every letter of a room, and every question; never ordinary mail."""
    return reading.verdict.label != OTHER


def sheet_of(
    reading: Reading,
    language: str,
    today: date,
    drafts_folder: str,
    past: History | None = None,
    *,
    reminder: bool = False,
) -> Sheet:
    """The sheet of a letter, or the question that an unsure one asks; as a reminder it says first that nothing was sent."""
    if reading.verdict.label == UNSURE:
        return _question(reading, language)
    writer = _Writer(reading, language, today, drafts_folder, past, reminder)
    sections = tuple(section for section in writer.sections() if section.rows)
    return Sheet(language, writer.subject(), writer.title(), sections, writer.suspect)


def digest_of(cases: Sequence[Case], language: str, today: date) -> Sheet | None:
    """The open deadlines of an account on one sheet; None where there are none."""
    say = SENTENCES[language]
    rows = []
    for case in by_urgency(case for case in cases if is_waiting(case)):
        letter = due(case)
        if letter is not None and letter.deadline is not None:
            told = [case.title, *([safe(case.number)] if case.number else []), STATUS[language][status_of(case)]]
            rows.append(
                Row(
                    " · ".join(told),
                    f"{day(letter.deadline, language)} ({days_left(letter.deadline, today, language)})",
                )
            )
    if not rows:
        return None
    return Sheet(language, say["subject_digest"].format(count=len(rows)), say["digest"], (Section("", tuple(rows)),))


def days_left(deadline: date, today: date, language: str) -> str:
    """How far away a day is, in words."""
    say, days = SENTENCES[language], (deadline - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    return say[near] if near else say["left" if days > 0 else "passed"].format(days=abs(days))


def _question(reading: Reading, language: str) -> Sheet:
    say, words, verdict = SENTENCES[language], LABELS[language], reading.verdict
    rooms = [label for label in verdict.probabilities if label not in (OTHER, UNSURE)]
    rooms.sort(key=lambda label: (-verdict.probabilities[label], label))
    likely = rooms[0] if rooms else ""
    why = say["asked_why"].format(
        likely=likely.title(), percent=_percent(verdict.probabilities.get(likely, 0.0), language)
    )
    answers = [
        Row(say["answer_yes"].format(title=room.title(), folder=LABEL_FOLDER.format(room.title())))
        for room in rooms[:2]
    ]
    answers.append(Row(say["answer_no"].format(folder=LABEL_FOLDER.format(OTHER.title()))))
    sections = (
        Section("", tuple(_which(reading, words))),
        Section(words["answer"], tuple(answers)),
        Section(words["why"], tuple(Row(reason) for reason in reading.trust.reasons)),
    )
    shown = tuple(section for section in sections if section.rows)
    suspect = reading.trust.verdict is Standing.SUSPECT
    return Sheet(language, say["subject_question"], f"{say['question']} {why}", shown, suspect)


def _which(reading: Reading, words: Mapping[str, str]) -> Iterator[Row]:
    """Which mail is asked about: who wrote it, and its subject."""
    head = reading.forwarded or reading.head
    if head.sender is not None:
        named = f"{head.sender.name} <{head.sender.addr}>" if head.sender.name else head.sender.addr
        yield Row(safe(named), words["who"])
    if subject := head.subject or reading.head.subject:
        yield Row(safe(subject), words["subject"])


def _percent(share: float, language: str) -> str:
    return f"{share:.0%}" if language == "en" else f"{share * 100:.0f}\xa0%"


@dataclass(frozen=True, slots=True)
class _Writer:
    reading: Reading
    language: str
    today: date
    drafts_folder: str
    past: History | None
    reminder: bool

    @property
    def _told(self) -> Told:
        return Told(self.reading.facts, self.language)

    @property
    def suspect(self) -> bool:
        return self.reading.trust.verdict is Standing.SUSPECT

    def subject(self) -> str:
        say, facts = SENTENCES[self.language], self.reading.facts
        if self.suspect:
            return say["subject_suspect"].format(title=self._issuer())
        by = say["subject_by"].format(day=day(facts.deadline, self.language)) if facts.deadline else ""
        return say["subject_reminder" if self.reminder else "subject"].format(
            title=self._issuer(), number=self._number(), by=by
        )

    def title(self) -> str:
        if self.suspect:
            return SENTENCES[self.language]["suspect"].format(title=self._issuer())
        if self.reminder:
            return f"{SENTENCES[self.language]['reminder']} · {self._issuer()}{self._number()}"
        stage = STAGES[self.language].get(self.reading.stage or "")
        return LABELS[self.language]["of"].format(title=self._issuer(), stage=stage) if stage else self._issuer()

    def sections(self) -> Iterator[Section]:
        words = LABELS[self.language]
        yield Section("", tuple(self._summary()))
        yield Section(words["why"], tuple(Row(reason) for reason in self.reading.trust.reasons))
        yield Section(words["case"], tuple(self._history()))
        if not self.suspect:
            yield Section(words["draft"], tuple(self._draft()))
            blanks = self.reading.reply.blanks if self.reading.reply else ()
            yield Section(words["blanks"].format(count=len(blanks)), tuple(self._blanks(blanks)))
        yield Section(words["advice"], tuple(Row(sentence) for sentence in self.reading.advice))
        yield Section(words["sums"], tuple(self._told.sums()))
        yield Section(words["facts"], tuple(self._told.rows(() if self.suspect else _SUMMED_UP)))
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
        return f" · {safe(number)}" if number else ""

    def _summary(self) -> Iterator[Row]:
        words, say, facts = LABELS[self.language], SENTENCES[self.language], self.reading.facts
        holder = f", {words['for']} {safe(facts.rights_holder)}" if facts.rights_holder else ""
        yield Row(f"{self._issuer()}{holder}", words["claims" if self.suspect else "who"])
        yield Row(STANDING[self.language][self.reading.trust.verdict], words["trust"])
        if self.suspect:
            return
        asks = self._told.asked()
        if asks or (facts.amounts and not self._is_about_a_line()):
            yield Row(asks or say["none_asked"], words["asked"], self._told.quote("amount"))
        if facts.deadline or not (self._is_about_a_line() or self.reading.stage == "closing"):
            yield self._deadline(facts, words["by"])

    def _history(self) -> Iterator[Row]:
        """What the case book knows of the claim beside this letter."""
        if self.past is None or self.suspect:
            return
        say, case, letter = SENTENCES[self.language], self.past.case, self.past.letter
        before = [other for other in case.letters if other.sent_at < letter.sent_at]
        if before:
            opened = day(case.letters[0].sent_at.date(), self.language)
            yield Row(say["nth"].format(n=len(before) + 1, day=opened))
        if case.answers:
            yield Row(say["replied"].format(day=day(case.answers[-1].sent_at.date(), self.language)))
        elif before:
            yield Row(say["unreplied"])
        older = [draft for draft in case.drafts if draft.letter != letter.key and draft.fate in _WAITING]
        if older and self.reading.reply:
            yield Row(say["older_draft"].format(folder=older[-1].folder))
        if first := self.past.first_warning_on:
            days = (letter.sent_at.date() - first).days
            yield Row(say["first_warning"].format(day=day(first, self.language), days=days))

    def _deadline(self, facts: Facts, label: str) -> Row:
        say = SENTENCES[self.language]
        if facts.deadline is None:
            return Row(say["no_deadline"], label)
        told = f"{day(facts.deadline, self.language)} ({days_left(facts.deadline, self.today, self.language)})"
        passage = facts.evidence.get("deadline")
        notes = [counted(passage.rule, self.language) if passage else "", clock(self.reading.stage, self.language)]
        if facts.deadline_rolled and facts.deadline_rolled != facts.deadline:
            notes.insert(0, say["rolled"].format(rolled=day(facts.deadline_rolled, self.language)))
        return Row(told, label, self._told.quote("deadline"), " ".join(filter(None, notes)))

    def _draft(self) -> Iterator[Row]:
        say, reply = SENTENCES[self.language], self.reading.reply
        if reply is None:
            yield Row(say["silent"].format(why=self.reading.silence or "?"))
            return
        yield Row(say["draft"].format(folder=self.drafts_folder, scenario=self._scenario(reply.scenario)))
        if reply.to is None:
            yield Row(say["nobody"])

    def _blanks(self, blanks: Sequence[str]) -> Iterator[Row]:
        """What is left to fill in, as often as it stands in the draft."""
        for blank, count in Counter(blanks).items():
            yield Row(blank if count == 1 else f"{blank} ({count}×)")

    def _scenario(self, name: str) -> str:
        return scenario_in_words(name, self.language)

    def _offers(self) -> Iterator[Row]:
        chosen = self.reading.reply.scenario if self.reading.reply else None
        for name in self.reading.offers:
            if name != chosen:
                yield Row(self._scenario(name), REPLY_FOLDER.format(name.title()))

    def _missing(self) -> Iterator[str]:
        facts = self.reading.facts
        if self.reading.stage != "closing":
            looked_for = ("case_number",) if self._is_about_a_line() else _ALWAYS_TOLD
            yield from (name for name in looked_for if getattr(facts, name) is None)

    def _is_about_a_line(self) -> bool:
        """A warning about a line has neither a price nor a rights holder to look for."""
        return (self.reading.stage or "").startswith(("recommendation", "reminder_", "notification"))

    def _doubts(self) -> Iterator[Row]:
        unread = SENTENCES[self.language]["unread"]
        yield from (Row(unread.format(what=safe(told(what, self.language)))) for what in self.reading.unread)
        yield from (Row(safe(told(doubt, self.language))) for doubt in self.reading.facts.doubts)
