from __future__ import annotations

from email import message_from_string

import pytest

from inboxbot.issuers.room import open_rooms
from inboxbot.letter.parse import read_letter
from inboxbot.model.judge import NamedJudge, Rule, decide
from inboxbot.model.masks import masked
from inboxbot.model.shelf import Bundle, open_current
from inboxbot.reader.known import known

RULE = Rule(letter=0.9, other=0.8, margin=0.3)


@pytest.mark.parametrize(
    ("probabilities", "label"),
    [
        ({"copytrack": 0.95, "pixtrakk": 0.01, "other": 0.04}, "copytrack"),
        ({"copytrack": 0.9, "other": 0.1}, "copytrack"),
        ({"copytrack": 0.89, "other": 0.11}, "unsure"),
        ({"copytrack": 0.19, "other": 0.81}, "other"),
        ({"copytrack": 0.25, "other": 0.75}, "unsure"),
        ({"copytrack": 0.0, "other": 1.0}, "other"),
    ],
)
def test_the_one_decision_rule(probabilities: dict[str, float], label: str) -> None:
    assert decide(probabilities, RULE) == label


def test_a_margin_keeps_two_likely_rooms_apart() -> None:
    assert decide({"copytrack": 0.6, "pixtrakk": 0.4, "other": 0.0}, Rule(0.5, 0.5, 0.3)) == "unsure"


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    opened = open_current(None)
    assert opened is not None, "no packaged model: make train"
    return opened


@pytest.fixture(scope="module")
def judge(bundle: Bundle) -> NamedJudge:
    return NamedJudge(bundle.weights, bundle.rule, bundle.version, known(open_rooms()))


def mail(body: str, subject: str = "hello") -> bytes:
    return f"From: A <a@client.example>\nTo: b@client.example\nSubject: {subject}\n\n{body}\n".encode()


@pytest.mark.parametrize(
    "body", ["", "At noon?", "Please pay invoice 4711, 350 EUR, within ten days.", "Hadoop and Copper Track Ltd"]
)
def test_mail_that_names_no_room_is_other_and_never_unsure(judge: NamedJudge, body: str) -> None:
    verdict = judge(read_letter(mail(body)))
    assert (verdict.label, verdict.confidence) == ("other", 1.0)


def test_probabilities_cover_every_label_and_add_up(judge: NamedJudge) -> None:
    verdict = judge(read_letter(mail("Copytrack wrote to us again, what shall we do?")))
    assert set(verdict.probabilities) == {"copytrack", "pixtrakk", "hadopi", "other"}
    assert sum(verdict.probabilities.values()) == pytest.approx(1.0)


def test_clues_name_what_counted(judge: NamedJudge) -> None:
    letter = read_letter(
        mail("COPYTRACK GmbH. You are using an image of our client without a licence. Your case number is A1B2C3.")
    )
    clues = judge.clues(letter, "copytrack")
    assert clues
    assert any(clue.weight > 0 for clue in clues)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("write to jean.dupont@client.example now", "dupont"),
        ("IBAN FR76 3000 6000 0112 3456 7890 189", "3000"),
        ("pay 389,59 € soon", "389"),
        ("by 12.03.2025", "2025"),
        ("case AB12CD", "AB12CD"),
        ("see https://client.example/page?x=1", "client"),
        ("from 203.0.113.7", "203"),
        ("call +33 1 23 45 67 89", "45"),
    ],
)
def test_what_identifies_is_masked(text: str, hidden: str) -> None:
    assert hidden not in masked(text)


def test_the_model_holds_nothing_personal(bundle: Bundle) -> None:
    learned = {*bundle.weights.words.terms, *bundle.weights.signs.terms}
    for canary in ("kervadec", "durand", "ramondenc", "k7q2xb", "client.example", "203.0.113", "389"):
        assert not [word for word in learned if canary in word]


def test_the_real_letter_is_recognised(judge: NamedJudge) -> None:
    from pathlib import Path

    raw = (Path(__file__).parents[1] / "main_job" / "copytrack.eml").read_bytes()
    assert judge(read_letter(raw)).label == "copytrack"
    assert message_from_string(raw.decode())["From"] == "COPYTRACK <case@copytrack.com>"
