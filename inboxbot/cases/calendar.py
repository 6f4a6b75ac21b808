"""The deadline of a letter as a calendar entry (RFC 5545): a whole day, with an alarm three days before."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from inboxbot.cases.words import SENTENCES
from inboxbot.letter.text import one_line
from inboxbot.records import Reading

ALARM_DAYS = 3


def deadline_event(key: str, reading: Reading, language: str, now: datetime) -> bytes | None:
    """The entry, or None where the letter sets no deadline. Its UID comes from the letter's key: another sheet replaces it."""
    if reading.facts.deadline is None:
        return None
    say = SENTENCES[language]
    number = f" · {reading.facts.case_number}" if reading.facts.case_number else ""
    event = Event()
    event.add("uid", f"{key[:40]}@localhost.invalid")
    event.add("dtstamp", now)
    event.add("dtstart", reading.facts.deadline)
    event.add("dtend", reading.facts.deadline + timedelta(days=1))
    event.add(
        "summary", one_line(say["event"].format(title=reading.issuer or reading.verdict.label, number=number), 200)
    )
    event.add("description", say["own_clock"])
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", say["alarm"])
    alarm.add("trigger", -timedelta(days=ALARM_DAYS))
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//inboxbot//deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
