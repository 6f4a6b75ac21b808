"""What a letter says: each fact by the rules of its room, with the passage it was read from. Never guessed.

Of a reply only the newest letter counts; case number, parties and pages that it does not repeat may come from the letter
it quotes, sums and deadlines never (docs/contract.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import re2

from inboxbot.issuers.addresses import find_addresses
from inboxbot.issuers.kinds.choice import read_choice
from inboxbot.issuers.kinds.deadline import find_deadline
from inboxbot.issuers.kinds.ip import read_ip
from inboxbot.issuers.kinds.moment import read_date, read_moment
from inboxbot.issuers.kinds.money import find_sums
from inboxbot.issuers.kinds.reference import read_reference, same_reference
from inboxbot.issuers.kinds.text import read_text, same_party
from inboxbot.issuers.kinds.url import belongs
from inboxbot.issuers.parties import in_full, is_spoken_of, is_spoken_to, is_torn
from inboxbot.issuers.places import OWN, TIERS, View, plain, views_of
from inboxbot.issuers.room import Room
from inboxbot.issuers.rules import FACTS, NO_STAGE, Pattern, Rule
from inboxbot.records import Brief, Facts, Letter, Passage

PARTIES = ("rights_holder", "author")
Views = Mapping[str, tuple[View, ...]]

# How the text of a value becomes the value, and when two values are one.
_READ: Mapping[str, Callable[[str], Any]] = {
    "text": read_text,
    "reference": read_reference,
    "date": read_date,
    "datetime": read_moment,
    "ip": read_ip,
}
_SAME: Mapping[str, Callable[[Any, Any], bool]] = {"text": same_party, "reference": same_reference}

_COUNTRIES = frozenset("fr de at ch be nl lu it es uk ie pl".split())  # endings of hosts that tell where a firm sits
_BY_LANGUAGE = {"fr": "FR", "de": "DE", "it": "IT", "es": "ES", "nl": "NL"}
_RE = re2.compile(r"(?i)^\s*(?:re|aw|r|rif|antw|réf|rép|sv|ynt)\s?(?:\[\d+\])?\s?:")


def find_facts(letter: Letter, room: Room | None, brief: Brief) -> Facts:
    """The facts of a letter of this room; nothing where it is no letter of a room."""
    return find_facts_and_stage(letter, room, brief)[0]


def find_facts_and_stage(letter: Letter, room: Room | None, brief: Brief) -> tuple[Facts, str | None]:
    """The facts of a letter, and how far the matter has come: by the first step of the room that holds, None for a letter
    that asks for nothing."""
    if room is None:
        return Facts(), None
    views = views_of(letter, brief.ours)
    found = _Findings(letter)
    _find_sums(letter, room, found)
    found.stage, found.evidence["stage"] = _stage(views, letter, room, asks="amount" in found.values)
    for rule in (room.rules[fact] for fact in FACTS if fact in room.rules):
        if (rule.kind in _READ or rule.kind == "choice") and (not rule.at or (found.stage or NO_STAGE) in rule.at):
            _find_value(rule, rule.patterns, room, views, found)
    _tell_apart(room, views, found)
    for fact, told in find_addresses(letter, room, views, found.values.get("case_number")).items():
        if told:
            urls = tuple(url for url, _ in told)
            found.take(fact, urls[0] if fact == "portal_url" else urls, told[0][1])
    _find_deadline(letter, room, brief, found)
    evidence = {name: passage for name, passage in found.evidence.items() if passage is not None}
    return Facts(**found.values, evidence=evidence, doubts=tuple(found.doubts)), found.stage


def find_stage(letter: Letter, room: Room | None) -> str | None:
    """How far the matter has come; None for a letter that asks for nothing."""
    return find_facts_and_stage(letter, room, Brief())[1]


@dataclass(slots=True)
class _Findings:
    """What has been found so far."""

    letter: Letter
    stage: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, Passage | None] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def take(self, fact: str, value: Any, passage: Passage | None) -> None:
        self.values[fact] = value
        self.evidence[fact] = passage

    def drop(self, fact: str) -> None:
        del self.values[fact], self.evidence[fact]


# --- one value --------------------------------------------------------------------------------------------------------


def _find_value(rule: Rule, patterns: Sequence[Pattern], room: Room, views: Views, found: _Findings) -> None:
    """The value of the first pattern that gives one, the letter's own words before its links and its history."""
    for tier in TIERS:
        for number, pattern in enumerate(patterns):
            if values := _values(pattern, rule, room, views, tier, found):
                if rule.kind == "text":  # what else the letter calls the same party
                    rest = patterns[number + 1 :]
                    values += [
                        each
                        for other in rest
                        for each in _values(other, rule, room, views, tier, found)
                        if same_party(values[0][0], each[0])
                    ]
                _decide(rule, values, found)
                return


def _values(
    pattern: Pattern, rule: Rule, room: Room, views: Views, tier: Sequence[str], found: _Findings
) -> list[tuple[Any, Passage]]:
    values: list[tuple[Any, Passage]] = []
    for view, start, end in pattern.finds(views, tier):
        if rule.fact in PARTIES and is_torn(view, start, end):
            continue
        value = _read(rule, room, view.text[start:end])
        if value is not None and not pattern.refused(plain(str(value))) and _fits(rule, value, found):
            values.append((value, Passage(view.quote(start, end), view.source, pattern.name)))
    return values


def _read(rule: Rule, room: Room, span: str) -> Any:
    if rule.kind == "choice":
        return read_choice(span, rule.choices)
    value = _READ[rule.kind](span)
    return None if rule.fact in PARTIES and value and any(name.search(value) for name in room.brands) else value


def _fits(rule: Rule, value: Any, found: _Findings) -> bool:
    """Whether a day can be the one that is meant: facts are older than the letter that tells them."""
    head = found.letter.forwarded or found.letter.head
    if rule.fact in PARTIES:
        return not is_spoken_to(value, found.letter)
    if rule.fact == "facts_at":
        return value.date() not in (found.letter.own_date, _day(head.sent_at))
    if rule.before:
        later = found.values.get(rule.before)
        days = (later and later.date(), found.letter.own_date, _day(head.sent_at))
        return bool(value < min((day for day in days if day), default=date.max))
    return True


def _decide(rule: Rule, values: list[tuple[Any, Passage]], found: _Findings) -> None:
    same = _SAME.get(rule.kind, lambda one, other: bool(one == other))
    value, passage = values[0]
    others = [other for other, _ in values[1:] if not same(value, other)]
    if others and not rule.first:
        said = ", ".join(dict.fromkeys(str(each) for each in (value, *others)))
        found.doubts.append(f"{rule.fact} is ambiguous: {said}")
        return
    if rule.kind in _SAME:  # the fullest writing of one name or number
        value, passage = max((pair for pair in values if same(value, pair[0])), key=lambda pair: len(pair[0]))
    found.take(rule.fact, value, passage)


def _tell_apart(room: Room, views: Views, found: _Findings) -> None:
    """The author is told where named apart from the party that claims; often they are one."""
    rule = room.rules.get("rights_holder")
    if rule is None:
        return
    author, party = found.values.get("author"), found.values.get("rights_holder")
    is_party = bool(author and not party) and _says(views, rule.is_author)
    if not party and not is_party:
        _find_value(rule, rule.last, room, views, found)
        party = found.values.get("rights_holder")
        is_party = author is not None and not party and is_spoken_of(author, views)
    if author and (is_party or (party and same_party(author, party))):
        if is_party or len(author) > len(party or ""):
            found.take("rights_holder", author, found.evidence["author"])
        found.drop("author")
    for fact in PARTIES:
        if name := found.values.get(fact):
            found.values[fact] = in_full(name, views)


# --- sums, deadlines, stages ------------------------------------------------------------------------------------------


def _find_sums(letter: Letter, room: Room, found: _Findings) -> None:
    rule = room.rules.get("amount")
    if rule is None:
        return
    sums = find_sums(letter.pieces(), letter.language, rule.cues or {})
    found.values["amounts"] = sums.amounts
    found.doubts.extend(sums.doubts)
    if sums.amount is not None:
        found.take("amount", sums.amount, sums.passage)
        found.values["currency"] = sums.currency


def _find_deadline(letter: Letter, room: Room, brief: Brief, found: _Findings) -> None:
    rule = room.rules.get("deadline")
    if rule is None or (rule.at and (found.stage or NO_STAGE) not in rule.at and "amount" not in found.values):
        return
    sent = (letter.forwarded or letter.head).sent_at or letter.head.sent_at or brief.arrived_at
    deadline = find_deadline(
        letter.pieces(),
        letter.language,
        sent_on=_day(sent),
        own_date=letter.own_date,
        country=_country(letter, room, rule),
    )
    found.doubts.extend(deadline.doubts)
    if deadline.strict is not None:
        found.take("deadline", deadline.strict, deadline.passage)
        found.values["deadline_rolled"] = deadline.rolled


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _country(letter: Letter, room: Room, rule: Rule) -> str:
    """Whose holidays count: the issuer's country, or that of the firm that writes for it."""
    sender = (letter.forwarded or letter.head).sender
    if sender is None or belongs(sender.domain, room.trust.domains):
        return rule.country
    ending = sender.domain.rpartition(".")[2]
    if ending in _COUNTRIES:
        return {"uk": "GB"}.get(ending, ending.upper())
    return _BY_LANGUAGE.get(letter.language or "", rule.country)


def _stage(views: Views, letter: Letter, room: Room, *, asks: bool) -> tuple[str | None, Passage | None]:
    writer = _writer(letter, room)
    for step in room.steps:
        if (
            (step.sender and step.sender != writer)
            or (step.answers and not _answers(letter))
            or (step.asks_nothing and asks)
            or _says(views, step.without)
        ):
            continue
        stage = None if step.stage == NO_STAGE else step.stage
        if not step.patterns:
            return stage, None
        for pattern in step.patterns:
            for view, start, end in pattern.finds(views, ("sender", *OWN)):
                return stage, Passage(view.quote(start, end), view.source, pattern.name)
    return None, None


def _writer(letter: Letter, room: Room) -> str:
    """Whether a letter comes from the issuer, or from somewhere that bears its name, or from others who write for it."""
    sender = (letter.forwarded or letter.head).sender
    domain = sender.domain if sender else ""
    claims = belongs(domain, room.trust.domains) or any(name in domain for name in room.trust.lookalikes)
    return "issuer" if claims else "others"


def _says(views: Views, patterns: Sequence[Any]) -> bool:
    return any(pattern.search(view.plain) for pattern in patterns for place in OWN for view in views[place])


def _answers(letter: Letter) -> bool:
    """Whether the letter answers one of the user's: it says so in its subject, its head, or by quoting it."""
    if letter.forwarded:
        return bool(_RE.search(letter.forwarded.subject))
    return bool(letter.head.in_reply_to or letter.quoted or _RE.search(letter.head.subject))
