"""A room's examples: letters with what must come out of them, read by the very rules of the room.

`examples/NAME.eml` is the letter and `examples/NAME.json` what is expected of it: "stage", "language", "scenario" (null
for no reply), "trust", and under "facts" any of the facts of `classify --json`. What is not named is not compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from inboxbot import wire
from inboxbot.errors import LetterError
from inboxbot.issuers.facts import find_facts_and_stage
from inboxbot.issuers.form import Form
from inboxbot.issuers.reply import write_reply
from inboxbot.issuers.room import Room
from inboxbot.letter.parse import read_letter
from inboxbot.records import Brief, Facts, Letter, Standing, Trust, TrustProfile

FEWEST = 3
_FACTS = tuple(each.name for each in fields(Facts) if each.name not in ("evidence", "doubts"))

Weigh = Callable[[Letter, bytes, TrustProfile | None, Facts, str | None, Brief], Trust]


def problems_of_examples(folder: Path, room: Room, weigh: Weigh | None = None) -> list[str]:
    """Every example that is missing, cannot be read, or does not come out as it says; trust only where it can be weighed."""
    letters = sorted((folder / "examples").glob("*.eml"))
    problems: list[str] = []
    if len(letters) < FEWEST:
        problems.append(
            f"{folder / 'examples'}: {len(letters)} examples: a room has at least {FEWEST}, each an .eml beside a .json"
        )
    for path in letters:
        expected = _expected(path.with_suffix(".json"), problems)
        if expected is not None:
            problems += [f"{path}: {what}" for what in _differences(path.read_bytes(), expected, room, weigh)]
    return problems


def _expected(path: Path, problems: list[str]) -> Mapping[str, Any] | None:
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(f"{path}: no such file: it says what is expected of the letter beside it")
        return None
    except (OSError, ValueError) as error:
        problems.append(f"{path}: cannot be read as JSON: {error}")
        return None
    form = Form(table if isinstance(table, dict) else {}, f"{path}: ", problems)
    for key in ("stage", "language", "scenario"):
        form.has(key)
    form.choice("trust", [standing.value for standing in Standing], "")
    facts = form.table("facts")
    for name in facts.names():
        facts.known(name, name, _FACTS)
    form.close()
    return table if isinstance(table, dict) else None


def _differences(raw: bytes, expected: Mapping[str, Any], room: Room, weigh: Weigh | None) -> Iterator[str]:
    letter, brief = read_letter(raw), Brief()
    facts, stage = find_facts_and_stage(letter, room, brief)
    scenario = room.default_scenario(stage)
    read = {"stage": stage, "language": letter.language, "scenario": scenario}
    trust = Trust(Standing.UNVERIFIED, ())
    if weigh is not None:
        trust = weigh(letter, raw, room.trust, facts, stage, brief)
        read["trust"] = trust.verdict.value
    for key, value in read.items():
        if key in expected and expected[key] != value:
            yield f"{key} is read as {_said(value)}, expected is {_said(expected[key])}"
    for name, wanted in expected.get("facts", {}).items():
        value = wire.to_plain(getattr(facts, name, None))
        if _ordered(value) != _ordered(wanted):
            yield f"{name} is read as {_said(value)}, expected is {_said(wanted)}"
    if scenario is not None:
        try:
            write_reply(letter, room, facts, stage, trust, brief)
        except LetterError as error:
            yield str(error)


def _ordered(value: Any) -> Any:
    """Lists of sums and addresses without regard to their order."""
    return sorted(map(_said, value)) if isinstance(value, list) else value


def _said(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
