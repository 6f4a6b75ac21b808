"""Deadlines as calendar entries (RFC 5545): whole days, with an alarm three days before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from inboxbot.cases.case import by_urgency, due, is_waiting
from inboxbot.cases.words import SENTENCES, clock
from inboxbot.letter.text import one_line
from inboxbot.records import Case, Reading, Standing

ALARM_DAYS = 3


def deadline_event(key: str, reading: Reading, language: str, now: datetime) -> bytes | None:
    """The entry of a letter, or None where it sets no deadline, and for an imitation's, which nobody is to keep.

    Its UID comes from the letter's key: another replaces it.
    """
    facts = reading.facts
    if facts.deadline is None or reading.trust.verdict is Standing.SUSPECT:
        return None
    title = reading.issuer or reading.verdict.label
    return _calendar([_event(key, facts.deadline, reading.stage, title, facts.case_number, language, now)])


def open_deadlines(cases: Iterable[Case], language: str, now: datetime) -> bytes:
    """A calendar of the deadlines that nothing was sent for yet; the entries are those of the sheets."""
    asked = ((case, due(case)) for case in by_urgency(cases) if is_waiting(case))
    return _calendar(
        [
            _event(letter.key, letter.deadline, letter.stage, case.title, case.number, language, now)
            for case, letter in asked
            if letter is not None and letter.deadline is not None
        ]
    )


def _event(
    key: str, deadline: date, stage: str | None, title: str, number: str | None, language: str, now: datetime
) -> Event:
    say = SENTENCES[language]
    event = Event()
    event.add("uid", f"{key[:40]}@localhost.invalid")
    event.add("dtstamp", now)
    event.add("dtstart", deadline)
    event.add("dtend", deadline + timedelta(days=1))
    event.add("summary", one_line(say["event"].format(title=title, number=f" · {number}" if number else ""), 200))
    event.add("description", clock(stage, language))
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", say["alarm"])
    alarm.add("trigger", -timedelta(days=ALARM_DAYS))
    event.add_component(alarm)
    return event


def _calendar(events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//inboxbot//deadlines//EN")
    calendar.add("version", "2.0")
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())
