"""Why no reply is drafted, and what a person may ask for all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inboxbot.issuers.silence import REASONS, reason_for_silence
from inboxbot.letter.parse import read_letter
from inboxbot.records import OTHER, UNSURE, Attachment, Brief, Letter, Standing, Trust, Verdict
from tests.issuers.letters import COMPANY, mail, rooms

LETTER = read_letter(mail("Case number: K7Q2XB\n\nPlease pay EUR 350.00 by 14 April 2025."))
GOOD, BAD = Trust(Standing.UNVERIFIED, ()), Trust(Standing.SUSPECT, ("A reason.",))


def reason(
    judged: str = "copytrack",
    stage: str | None = "notice",
    trust: Trust = GOOD,
    letter: Letter = LETTER,
    **brief: object,
) -> str | None:
    told = Brief(**{"identity": replace(COMPANY, language="en"), **brief})  # type: ignore[arg-type]
    verdict = Verdict(judged, 0.9, {judged: 0.9}, 0.5, 0.1, "test")
    return reason_for_silence(letter, verdict, rooms().get(told.label or judged), stage, trust, told)


@pytest.mark.parametrize("stage", ["notice", "reminder", "final", "lawyer"])
def test_a_demand_is_answered(stage: str) -> None:
    assert reason(stage=stage) is None


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("closing", "This letter closes the matter or records a settlement: no standard reply fits."),
        (None, "This letter asks for nothing; it acknowledges receipt, for example."),
    ],
)
def test_what_asks_for_nothing_is_not_answered(stage: str | None, said: str) -> None:
    assert reason(stage=stage) == said


def test_a_first_recommendation_of_the_arcom_expects_no_reply() -> None:
    assert reason("hadopi", "recommendation_1") == "At this stage Arcom (Hadopi) expects no reply."
    assert reason("hadopi", "recommendation_2") is None


@pytest.mark.parametrize(
    ("label", "said"),
    [
        (OTHER, "This is not a demand letter of an issuer known here."),
        (UNSURE, "It is not certain that this is a demand letter: move the mail into a label folder to decide it."),
    ],
)
def test_what_is_no_demand_is_not_answered(label: str, said: str) -> None:
    assert reason(label) == said


def test_mail_of_the_users_own_is_not_answered() -> None:
    assert reason(ours=frozenset({"case@copytrack.com"})) == "This mail comes from yourself."


ME = frozenset({"contact@client.example"})
FORWARD = """Zum Ablegen.

---------- Forwarded message ---------
Von: Copytrack <case@copytrack.com>
Date: Mo., 3. März 2025 um 09:00
Subject: Fallnummer K7Q2XB
To: <contact@client.example>

Fallnummer: K7Q2XB. Bitte zahlen Sie 350,00 EUR bis zum 14.04.2025.
"""


def from_myself(body: str, to: str = "contact@client.example", more: str = "", mark: str = "Fwd:") -> Letter:
    raw = mail(body, subject=f"{mark} Fallnummer K7Q2XB", sender="Claire Durand <contact@client.example>", more=more)
    return read_letter(raw.replace(b"To: contact@client.example", f"To: {to}".encode()))


def test_a_letter_that_the_user_forwards_to_himself_is_answered() -> None:
    assert reason(ours=ME, letter=from_myself(FORWARD)) is None
    answering = "In-Reply-To: <k7@copytrack.com>\n"  # as Thunderbird marks forwards too
    assert reason(ours=ME, letter=from_myself(FORWARD, more=answering)) is None


def test_a_scan_that_the_user_mails_to_himself_is_answered() -> None:
    scan = Attachment("scan.pdf", "application/pdf", 9, "0", "Pixtrakk, dossier PTK-90417: 720,00 € sous quinze jours")
    assert reason("pixtrakk", ours=ME, letter=replace(from_myself("Courrier reçu."), attachments=(scan,))) is None


@pytest.mark.parametrize("to", ["avocat@cabinet.example", "contact@client.example, avocat@cabinet.example"])
def test_a_letter_that_the_user_hands_on_to_others_is_not_answered_again(to: str) -> None:
    assert reason(ours=ME, letter=from_myself(FORWARD, to)) == "This mail comes from yourself."


def test_an_answer_of_the_users_is_not_answered_whatever_it_quotes() -> None:
    quoted = "\n".join(f"> {line}" for line in FORWARD.splitlines())
    answer = f"Ich bitte um Ihre Vollmacht.\n\nAm 3. März 2025 um 09:00 schrieb Copytrack:\n{quoted}\n"
    letter = from_myself(answer, mark="AW:")
    assert reason(ours=ME, letter=letter) == "This mail comes from yourself."


def test_what_a_machine_sent_is_not_answered() -> None:
    assert "sent by a machine" in str(reason(letter=replace(LETTER, automatic="auto-replied")))


def test_a_suspect_letter_is_not_answered() -> None:
    assert reason(trust=BAD) == "This mail is suspect: a reply might harm you."


@pytest.mark.parametrize(
    "asked", [{"label": "copytrack"}, {"scenario": "settle"}, {"label": "copytrack", "scenario": "settle"}]
)
def test_no_wish_files_a_reply_to_a_suspect_letter(asked: dict[str, Any]) -> None:
    assert reason(trust=BAD, **asked) == "This mail is suspect: a reply might harm you."


def test_a_person_may_look_at_any_reply_that_is_not_filed() -> None:
    assert reason(trust=BAD, scenario="settle", printed=True) is None


def test_a_persons_label_stands_above_the_judge() -> None:
    assert reason(OTHER, label="copytrack") is None
    assert reason("copytrack", label=OTHER) == "This is not a demand letter of an issuer known here."
    assert reason(UNSURE, label=OTHER) == "This is not a demand letter of an issuer known here."


def test_a_persons_label_stands_above_marks_in_the_header() -> None:
    assert reason(letter=replace(LETTER, automatic="bulk"), label="copytrack") is None
    assert reason(ours=frozenset({"case@copytrack.com"}), label="copytrack") is None


def test_a_reply_asked_for_by_name_stands_above_the_stage() -> None:
    assert reason(stage="closing", scenario="evidence") is None
    assert reason(stage=None, scenario="evidence") is None


@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_the_reason_is_told_in_the_users_language(language: str) -> None:
    told = reason(stage="closing", identity=replace(COMPANY, language=language))
    assert told == REASONS["closing"][language]


def test_every_reason_is_one_sentence_in_every_language() -> None:
    for sentences in REASONS.values():
        assert set(sentences) == {"fr", "en", "de"}
        assert all(sentence.endswith(".") and ". " not in sentence for sentence in sentences.values())
