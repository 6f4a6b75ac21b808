"""An issuer is data: a fourth room from outside the package reads, weighs and answers its letters without a line of code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inboxbot.errors import SetupError
from inboxbot.issuers.facts import find_facts, find_stage
from inboxbot.issuers.reply import write_reply
from inboxbot.issuers.room import check_room, open_rooms
from inboxbot.letter.parse import read_letter
from inboxbot.records import Brief, Standing
from inboxbot.trust.weigh import weigh
from tests.issuers.letters import COMPANY, mail

PROFILE = r"""
title = "Rightsline"
family = "image-claim"
names = ['\brightsline\b']

[trust]
domains = ["rightsline-claims.example"]
desks = ["resolve@rightsline-claims.example"]
lookalikes = ["rightsline"]

[[trust.never]]
pattern = '\bgift cards?\b'
hard = true
[trust.never.reason]
en = "You are asked to pay with gift cards: Rightsline never does that."

[facts.case_number]
kind = "reference"
shape = '[0-9]{4}-[0-9]{4}-[0-9]{4}'
patterns = ['\breference(?: number)?[ :]{1,3}{value}', '(?:^|[\s(])({digits}-{digits}-{digits})(?:$|[\s).,])']

[facts.rights_holder]
kind = "choice"
patterns = ['\bour client,? ([^\n.]{3,60})']
choices.Reuters = '\breuters\b'
choices."Agence France-Presse" = '\b(?:afp|agence france-presse)\b'

[facts.deadline]
kind = "deadline"
country = "IE"

[words]
digits = '[0-9]{4}'

[[replies]]
scenario = "evidence"
default_at = ["notice", "reminder", "final"]

[[replies]]
scenario = "licence"
"""

NOTICE = """Dear Sir or Madam,

Rightsline writes on behalf of our client AFP about an image on
https://bakery-lane.example/blog/market-day for which no licence was found.

Reference number: 4471-2093-8816

Please send us your licence, or settle this matter by paying EUR 480.00 by 14 April 2025.

Rightsline
"""
REMINDER = NOTICE.replace(
    "Dear Sir or Madam,", "Dear Sir or Madam,\n\nWe have not received any answer to our letter of 3 March 2025."
)
FAKE = NOTICE.replace("paying EUR 480.00", "paying EUR 480.00 in gift cards")
DESK = "Rightsline <resolve@rightsline-claims.example>"
FACTS = {
    "case_number": "4471-2093-8816",
    "rights_holder": "Agence France-Presse",
    "amount": "480.00",
    "deadline": "2025-04-14",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A complete room."""
    made = tmp_path / "rightsline"
    (made / "examples").mkdir(parents=True)
    (made / "issuer.toml").write_text(PROFILE, "utf-8")
    for name, body, sender, expected in (
        ("notice", NOTICE, DESK, {"stage": "notice", "scenario": "evidence", "facts": FACTS}),
        ("reminder", REMINDER, DESK, {"stage": "reminder", "scenario": "evidence", "facts": FACTS}),
        ("fake", FAKE, "Rightsline <pay@rightsline-pay.example>", {"stage": "notice", "trust": "suspect"}),
    ):
        (made / f"examples/{name}.eml").write_bytes(mail(body, "Unlicensed use 4471-2093-8816", sender))
        (made / f"examples/{name}.json").write_text(json.dumps(expected), "utf-8")
    return made


def test_a_complete_room_has_no_problems(folder: Path) -> None:
    assert check_room(folder, weigh) == []


def test_its_letters_are_read_weighed_and_answered(folder: Path) -> None:
    room = open_rooms([folder])["rightsline"]
    raw = mail(REMINDER, "Unlicensed use", DESK)
    letter, brief = read_letter(raw), Brief(identity=COMPANY, ours=frozenset({COMPANY.address}))

    facts, stage = find_facts(letter, room, brief), find_stage(letter, room)
    trust = weigh(letter, raw, room.trust, facts, stage, brief)
    reply = write_reply(letter, room, facts, stage, trust, brief)

    assert stage == "reminder"
    assert (facts.case_number, str(facts.amount), facts.currency) == ("4471-2093-8816", "480.00", "EUR")
    assert facts.page_urls == ("https://bakery-lane.example/blog/market-day",)
    assert facts.evidence["case_number"].quote == "Reference number: 4471-2093-8816"
    assert trust.verdict is not Standing.SUSPECT
    assert reply.scenario == "evidence"
    assert "4471-2093-8816" in reply.body


def test_what_it_says_of_imitations_makes_one_suspect(folder: Path) -> None:
    room = open_rooms([folder])["rightsline"]
    raw = mail(FAKE, "Unlicensed use", DESK)
    letter, brief = read_letter(raw), Brief()
    facts, stage = find_facts(letter, room, brief), find_stage(letter, room)
    trust = weigh(letter, raw, room.trust, facts, stage, brief)
    assert trust.verdict is Standing.SUSPECT
    assert any("gift cards" in reason for reason in trust.reasons)


def test_its_stages_and_replies_are_its_familys_unless_it_says_otherwise(folder: Path) -> None:
    room = open_rooms([folder])["rightsline"]
    assert {"notice", "reminder", "final", "lawyer", "closing"} == set(room.stages)
    assert room.scenarios(None) == ("evidence", "licence")
    assert room.default_scenario("lawyer") is None


def test_it_does_not_change_what_the_other_rooms_read(folder: Path) -> None:
    letter = read_letter(mail("Case number: K7Q2XB\n\nPlease pay EUR 350.00 by 14 April 2025."))
    for rooms in (open_rooms(), open_rooms([folder])):
        assert find_facts(letter, rooms["copytrack"], Brief()).case_number == "K7Q2XB"


WRONG: dict[str, tuple[Callable[[str], str], str]] = {
    "a key that is misspelt": (
        lambda text: text.replace("title =", "titel ="),
        "issuer.toml: title: is missing; it must be a text",
    ),
    "and its neighbour": (lambda text: text.replace("title =", "titel ="), "titel: unknown key (did you mean title?)"),
    "a fact that there is not": (
        lambda text: text.replace("[facts.deadline]", "[facts.deadlin]"),
        "facts.deadlin: “deadlin” is not known here (did you mean deadline?)",
    ),
    "a kind that there is not": (
        lambda text: text.replace('kind = "reference"', 'kind = "referense"'),
        "facts.case_number.kind: “referense” is not known here (did you mean reference?)",
    ),
    "a kind that the fact cannot be": (
        lambda text: text.replace('kind = "reference"', 'kind = "money"'),
        "facts.case_number.kind: case_number is of kind reference, not money",
    ),
    "a pattern of another language": (
        lambda text: text.replace("{value}'", "(?<=x){value}'", 1),
        "” is no pattern of RE2: invalid perl operator: (?<=",
    ),
    "a pattern without its value": (
        lambda text: text.replace("{value}'", "[0-9]+'", 1),
        "must have exactly one group, the value",
    ),
    "a pattern with accents": (
        lambda text: text.replace(r"\breference(", r"\bréférence("),
        "has “é”: rules meet text without accents and with straight quotes",
    ),
    "a fragment that there is not": (
        lambda text: text.replace("{digits}-{digits}", "{digit}-{digits}"),
        "“digit” is not known here (did you mean digits?)",
    ),
    "a place that there is not": (
        lambda text: text.replace("shape =", 'look_in = ["bodi"]\nshape ='),
        "look_in: “bodi” is not known here (did you mean body?)",
    ),
    "a family that there is not": (
        lambda text: text.replace('"image-claim"', '"image-claims"'),
        "family: “image-claims” is not known here (did you mean image-claim?)",
    ),
    "a stage that nothing leads to": (
        lambda text: text.replace('"final"]', '"finale"]'),
        "replies.evidence: “finale” is not known here (did you mean final?)",
    ),
    "an addition that the words do not know": (
        lambda text: text.replace('scenario = "licence"', 'scenario = "licence"\nwith = ["hosting"]'),
        "replies.licence.with: its words say nothing of “hosting”",
    ),
    "two replies for one stage": (
        lambda text: text.replace('scenario = "licence"', 'scenario = "licence"\ndefault_at = ["notice"]'),
        "replies.licence: “notice” has “evidence” as its reply already",
    ),
    "a domain that is none": (
        lambda text: text.replace('domains = ["rightsline-claims.example"]', 'domains = ["https://rightsline"]'),
        "trust.domains: “https://rightsline” is no domain",
    ),
    "a reason in no language": (
        lambda text: text.replace('en = "You are asked', 'eng = "You are asked'),
        "trust.never[1].reason.eng: “eng” is not known here",
    ),
    "nothing that names it": (
        lambda text: text.replace(r"names = ['\brightsline\b']", "names = []"),
        "names: is empty",
    ),
    "no TOML": (lambda text: text + "\n= 3", "not valid TOML"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_told_with_its_file_and_key(what: str, folder: Path) -> None:
    spoil, told = WRONG[what]
    profile = folder / "issuer.toml"
    profile.write_text(spoil(PROFILE), "utf-8")
    problems = check_room(folder)
    assert any(told in problem for problem in problems), problems
    assert all(str(profile) in problem or "examples" in problem for problem in problems)


def test_everything_that_is_wrong_is_told_at_once(folder: Path) -> None:
    text = PROFILE
    for what in ("and its neighbour", "a fact that there is not", "a place that there is not", "a domain that is none"):
        text = WRONG[what][0](text)
    (folder / "issuer.toml").write_text(text, "utf-8")
    other = folder.parent / "Other Room"
    other.mkdir()

    with pytest.raises(SetupError) as caught:
        open_rooms([folder, other])

    told = str(caught.value)
    assert all(words in told for words in ("titel", "deadlin", "bodi", "https://rightsline", "Other Room"))
    assert "the folder's name is the room's label" in told
    assert "no such file: it describes the issuer" in told


def test_a_room_with_too_few_examples_is_not_complete(folder: Path) -> None:
    (folder / "examples/fake.eml").unlink()
    assert [problem.partition(": ")[2] for problem in check_room(folder)] == [
        "2 examples: a room has at least 3, each an .eml beside a .json"
    ]


def test_a_reply_without_words_is_told(folder: Path) -> None:
    (folder / "issuer.toml").write_text(PROFILE.replace('"licence"', '"mediation"'), "utf-8")
    assert any("mediation" in problem for problem in check_room(folder))


def test_two_rooms_of_one_name_are_told(folder: Path) -> None:
    copy = folder.parent / "again" / "rightsline"
    copy.mkdir(parents=True)
    (copy / "issuer.toml").write_text(PROFILE, "utf-8")
    with pytest.raises(SetupError, match="there is a room called “rightsline” already"):
        open_rooms([folder, copy])


def test_the_room_that_the_manual_writes_down_is_a_room(folder: Path) -> None:
    manual = (Path(__file__).parents[2] / "docs/issuers.md").read_text("utf-8")
    blocks = [part.partition("```")[0] for part in manual.split("```toml\n")[1:]]
    profile = "\n".join(block for block in blocks if not block.startswith("[issuers]"))
    (folder / "issuer.toml").write_text(profile, "utf-8")
    assert [problem for problem in check_room(folder) if "examples/" not in problem] == []
