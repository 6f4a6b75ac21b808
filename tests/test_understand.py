"""Whose word a reading carries: the judge's, unless a person has spoken."""

from __future__ import annotations

from datetime import date

from inboxbot.cases.case import is_of_a_case
from inboxbot.cases.sheet import sheet_of, wants_sheet
from inboxbot.flow import understand
from inboxbot.records import Brief, Clue, Letter, Reading, Standing, Verdict
from tests.issuers.letters import mail, rooms

LETTER = mail("Please provide proof of a licence; your case number is K7Q2XB.\n\nCOPYTRACK GmbH\n")


class Judging:
    """A judge that always says the same."""

    def __init__(self, label: str) -> None:
        self._label = label

    def __call__(self, letter: Letter) -> Verdict:
        probabilities = {"copytrack": 0.3, "pixtrakk": 0.1, "hadopi": 0.1, "other": 0.5}
        return Verdict(self._label, 0.5, probabilities, 0.9, 0.3, "test", likely="copytrack")

    def clues(self, letter: Letter, label: str, count: int = 12) -> tuple[Clue, ...]:
        return ()


def read(judged: str, raw: bytes = LETTER, **brief: object) -> Reading:
    return understand(raw, Brief(**brief), Judging(judged), rooms())  # type: ignore[arg-type]


def test_the_judges_word_stands_by_itself() -> None:
    reading = read("other")
    assert (reading.verdict.label, reading.verdict.by_hand, reading.reply) == ("other", False, None)
    assert not wants_sheet(reading)


def test_a_label_by_hand_is_the_readings_and_brings_a_sheet_and_a_case() -> None:
    reading = read("unsure", label="copytrack")
    assert (reading.verdict.label, reading.verdict.by_hand) == ("copytrack", True)
    assert reading.reply is not None
    assert wants_sheet(reading)
    assert is_of_a_case(reading)


def test_an_imitation_of_which_the_judge_is_unsure_is_told_as_one() -> None:
    paying = mail("Copytrack, case number K7Q2XB: pay 350 EUR in bitcoin to the wallet below.\n")
    reading = read("unsure", paying)
    assert reading.trust.verdict is Standing.SUSPECT
    assert sheet_of(reading, "en", date(2026, 3, 2), "Drafts").alert
    assert read("other", paying).trust.verdict is Standing.UNVERIFIED


def test_soft_signs_alone_do_not_make_a_doubtful_mail_suspect() -> None:
    assert read("unsure").trust.verdict is Standing.UNVERIFIED


def test_what_a_person_calls_ordinary_is_in_no_case() -> None:
    reading = read("copytrack", label="other")
    assert (reading.verdict.label, reading.reply, reading.facts.case_number) == ("other", None, None)
    assert not is_of_a_case(reading)


def test_who_asks_for_a_reply_means_the_likeliest_room() -> None:
    reading = read("other", scenario="licence")
    assert (reading.verdict.label, reading.verdict.by_hand) == ("copytrack", True)
    assert is_of_a_case(reading)


def test_nobody_is_asked_about_a_sheet_that_was_moved_into_the_inbox() -> None:
    sheet = LETTER.replace(b"Subject:", b"X-Inboxbot-Key: 0\nSubject:", 1)
    assert wants_sheet(read("unsure"))
    assert not wants_sheet(read("unsure", sheet))


def test_nobody_is_asked_about_an_answer_of_his_own() -> None:
    assert not wants_sheet(read("unsure", ours=frozenset({"case@copytrack.com"})))
    assert wants_sheet(read("unsure", ours=frozenset({"case@copytrack.com"}), label="copytrack"))
