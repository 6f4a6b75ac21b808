from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from icalendar import Calendar

from inboxbot.cases.filings import Writer
from inboxbot.records import Facts, Filing, Identity, Standing, Trust
from tests.cases.readings import FACTS, NOW, reading, verdict

ME = Identity(name="Atelier Durand", address="contact@client.example", signature="Claire Durand", language="en")
KEY = "a" * 64


def write(sheets: str | None = "Inboxbot/Cases", **changes: object) -> dict[str, Filing]:
    writer = Writer(ME, "Brouillons", sheets, lambda: NOW)
    return {filing.kind: filing for filing in writer(KEY, reading(**changes))}


def test_a_letter_brings_a_draft_and_a_sheet_into_their_folders() -> None:
    filed = write()
    assert {kind: f.folder for kind, f in filed.items()} == {
        "draft:evidence": "Brouillons",
        "sheet:1": "Inboxbot/Cases",
    }
    assert filed["draft:evidence"].flags == ("\\Draft", "\\Seen")
    assert filed["sheet:1"].flags == ()


def test_without_a_folder_for_sheets_the_draft_is_filed_all_the_same() -> None:
    assert list(write(sheets=None)) == ["draft:evidence"]


def test_ordinary_mail_brings_nothing() -> None:
    assert write(verdict=replace(verdict(), label="other"), reply=None, silence="other", facts=Facts()) == {}


def test_another_run_writes_the_same_message_ids() -> None:
    assert [f.message_id for f in write().values()] == [f.message_id for f in write().values()]
    assert len({f.message_id for f in write().values()}) == 2


def test_the_same_sheet_is_the_same_bytes() -> None:
    assert write()["sheet:1"].raw == write()["sheet:1"].raw


def test_a_sheet_lies_in_the_letters_thread_and_says_that_it_is_the_bots() -> None:
    sheet = message_from_bytes(write()["sheet:1"].raw, policy=policy.default)
    assert sheet["In-Reply-To"] == "<first@copytrack.com>"
    assert sheet["References"] == "<older@copytrack.com> <first@copytrack.com>"
    assert sheet["X-Inboxbot-Key"] == KEY
    assert sheet["To"] == "Atelier Durand <contact@client.example>"


def test_a_draft_lies_in_the_letters_thread_and_tells_of_no_program() -> None:
    draft = message_from_bytes(write()["draft:evidence"].raw, policy=policy.default)
    assert draft["In-Reply-To"] == "<first@copytrack.com>"
    assert draft["To"] == "case@copytrack.com"
    assert draft["Subject"] == "Re: Case K7Q2XB"
    assert b"inboxbot" not in write()["draft:evidence"].raw.lower()


def test_the_deadline_comes_as_a_calendar_entry_of_the_strict_day_with_an_alarm() -> None:
    sheet = message_from_bytes(write()["sheet:1"].raw, policy=policy.default)
    (attached,) = [part for part in sheet.walk() if part.get_content_type() == "text/calendar"]
    (event,) = Calendar.from_ical(attached.get_content()).walk("VEVENT")
    assert event["dtstart"].dt == FACTS.deadline
    assert "K7Q2XB" in event["summary"]
    (alarm,) = event.walk("VALARM")
    assert alarm["trigger"].dt.days == -3


def test_a_letter_without_a_deadline_has_no_calendar_entry() -> None:
    raw = write(facts=replace(FACTS, deadline=None, deadline_rolled=None))["sheet:1"].raw
    assert b"text/calendar" not in raw


def test_the_deadline_of_an_imitation_comes_into_no_calendar() -> None:
    raw = write(trust=Trust(Standing.SUSPECT, ("A reason.",)), reply=None)["sheet:1"].raw
    assert b"text/calendar" not in raw


@pytest.mark.parametrize("subject", ["Case\r\nBcc: victim@example.org", "Case\u2028\x00 7"])
def test_a_subject_cannot_smuggle_a_header_into_what_is_filed(subject: str) -> None:
    head = replace(reading().head, subject=subject)
    reply = replace(reading().reply, subject=f"Re: {subject}")  # type: ignore[type-var]
    for filing in write(head=head, reply=reply).values():
        assert message_from_bytes(filing.raw, policy=policy.default)["Bcc"] is None
