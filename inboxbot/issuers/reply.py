"""A reply to a letter: facts and a template become words that admit nothing and promise nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import re2
from jinja2 import TemplateError

from inboxbot.errors import LetterError
from inboxbot.issuers.lint import Problem, lint
from inboxbot.issuers.quote import host_of, may_quote, own_subject, quotation
from inboxbot.issuers.templates import MODIFIERS
from inboxbot.issuers.wording import CASE, LETTER, MISSING, REGISTERED, blank, blanks, day, moment, money
from inboxbot.records import Brief, Facts, Identity, Letter, Reply, Trust

if TYPE_CHECKING:
    from inboxbot.issuers.room import Room

REMINDERS = frozenset({"reminder", "final"})

_SAID = 200  # characters of a value that a reply repeats
_COUNSEL = re2.compile(  # a lawyer writes in the first person of a client, or signs as one
    r"(?i)\b(?:mon client|ma cliente|mon mandant|ma mandante|my client|mein mandant|meine mandantin|meine mandantschaft|meiner mandantschaft"
    r"|namens und in vollmacht|avocat(?:e)? (?:a la cour|à la cour|au barreau)|rechtsanw[aä]lt(?:e|in|innen)? (?:und|&|für)|solicitors? for)\b"
)
_FIRM = re2.compile(
    r"(?i)avocat|\bcabinet\b|selarl|\blaw\b|lawyers?|solicitor|attorney|kanzlei|rechtsanw|anw[aä]lt|notaire|barrister"
)


def write_reply(letter: Letter, room: Room, facts: Facts, stage: str | None, trust: Trust, brief: Brief) -> Reply:
    """The reply of a scenario that a person asked for, else of the room's scenario for the stage.

    Raises LetterError where there is no such reply, and where the lint refuses the words: never a bad draft.
    """
    scenario, modifiers = _scenario(room, stage, brief)
    language = _language(room, scenario, letter, brief)
    values = _Values(letter, room, facts, language, brief)
    context = values.context(stage, modifiers)
    try:
        words = room.templates.render(scenario, language, context)
    except TemplateError as error:
        raise LetterError(f"the reply “{scenario}” ({language}) of {room.name} cannot be written: {error}") from error
    quoted = brief.quote and letter.body.strip() and may_quote(letter, brief.ours)
    below = f"\n\n{quotation(letter, language, values.hosts)}" if quoted else ""
    _pass(values.problems(f"{words}{below}"), room.name, scenario, language)
    own = f"{words}\n\n{_signature(brief.identity, language)}"
    return Reply(
        scenario="+".join((scenario, *modifiers)),
        language=language,
        to=trust.reply_to if room.trust.answers else None,
        subject=_answering(own_subject(letter, brief.ours), facts.case_number, language),
        body=f"{own}{below}\n",
        blanks=blanks(own),
    )


def _scenario(room: Room, stage: str | None, brief: Brief) -> tuple[str, tuple[str, ...]]:
    wanted = (brief.scenario or room.default_scenario(stage) or "").lower()
    name, *modifiers = wanted.split("+")
    if not name:
        raise LetterError(f"{room.name} has no reply for the stage “{stage or 'unknown'}” unless one is asked for")
    if name not in room.scenarios(None):
        raise LetterError(f"{room.name} has no reply “{name}”; there are: {', '.join(room.scenarios(None)) or 'none'}")
    if not modifiers:
        return name, ()
    known = room.additions(name)
    if unknown := sorted(set(modifiers) - set(known)):
        raise LetterError(
            f"“{unknown[0]}” cannot be added to the reply “{name}”; there are: {', '.join(known) or 'none'}"
        )
    return name, tuple(modifier for modifier in known if modifier in modifiers)


def _language(room: Room, scenario: str, letter: Letter, brief: Brief) -> str:
    """The language asked for, else the identity's, else the letter's; where there are no such words, English or French."""
    written = room.templates.languages(scenario)
    wanted = brief.language or brief.identity.reply_language or letter.language or brief.identity.language
    for language in (wanted, "en", "fr"):
        if language in written:
            return language
    raise LetterError(f"{room.name} has no words for the reply “{scenario}”")


def _pass(problems: list[Problem], room: str, scenario: str, language: str) -> None:
    if problems:
        first = problems[0]
        raise LetterError(
            f"the reply “{scenario}” ({language}) of {room} was not filed: line {first.line} {first.why} (“{first.excerpt}”, rule {first.rule})"
        )


def _answering(subject: str, number: str | None, language: str) -> str:
    """The letter's subject, and its reference where the subject does not name it."""
    reference = _one_line(number)
    if not subject:
        return f"Re: {CASE[language].format(reference) if reference else LETTER[language]}"
    return f"Re: {subject}" if _plain(reference) in _plain(subject) else f"Re: {subject} ({reference})"


def _plain(words: str) -> str:
    return "".join(words.lower().split())


def _signature(identity: Identity, language: str) -> str:
    """The user's own words, then the name and, for a company or association, its number where they are not said there."""
    lines = identity.signature.strip().splitlines() or (
        [] if identity.name else [blank(MISSING[language]["signature"], language)]
    )
    said = "\n".join(lines)
    if identity.name and identity.name not in said:
        lines.append(identity.name)
    if identity.siren and identity.kind != "person" and identity.siren.replace(" ", "") not in said.replace(" ", ""):
        lines.append(f"{REGISTERED[language]} {identity.siren}")
    return "\n".join(line.rstrip() for line in lines)


@dataclass(frozen=True, slots=True)
class _Values:
    """What a template may say, as plain words in the reply's language."""

    letter: Letter
    room: Room
    facts: Facts
    language: str
    brief: Brief

    @property
    def hosts(self) -> frozenset[str]:
        """The sites of the letter and of its sender."""
        mine = self.brief.identity.address.rpartition("@")[2].lower()
        linked = {host_of(link.href) for link in self.letter.links} | set(self.room.trust.domains)
        return frozenset(linked - {"", mine} - self.pages_hosts())

    def context(self, stage: str | None, modifiers: tuple[str, ...]) -> dict[str, Any]:
        said = {name: value for name, value in self._said() if value and self._harmless(value)}
        missing = {name: blank(label, self.language) for name, label in MISSING[self.language].items()}
        identity = self.brief.identity
        return {
            **missing,
            **said,
            "known": tuple(said),
            "language": self.language,
            "many": identity.kind != "person",
            "kind": identity.kind,
            "stage": stage or "",
            "counsel": self._from_counsel(stage),
            "reminder": stage in REMINDERS,
            "issuer": self.room.title,
            "pages": tuple(page for page in self._pages() if self._harmless(page)),
            "images": len(self.facts.image_urls),
            **{name.replace("-", "_"): name in modifiers for name in MODIFIERS},
        }

    def _said(self) -> Iterator[tuple[str, str | None]]:
        facts, identity = self.facts, self.brief.identity
        for name in ("case_number", "rights_holder", "author", "ip_address", "isp", "software"):
            yield name, _one_line(getattr(facts, name))
        for name in ("name", "siren", "address"):
            yield name, _one_line(getattr(identity, name))
        if facts.amount is not None and facts.currency:
            yield "amount", money(facts.amount, facts.currency, self.language)
        for name, value in (
            ("deadline", facts.deadline),
            ("first_warning_on", facts.first_warning_on),
            ("letter_date", self._letter_date()),
            ("earlier_request", self._earlier_request()),
        ):
            yield name, day(value, self.language) if value else None
        yield "facts_at", moment(facts.facts_at, self.language) if facts.facts_at else None

    def _letter_date(self) -> date | None:
        head = self.letter.forwarded or self.letter.head
        return self.letter.own_date or (head.sent_at.date() if head.sent_at else None)

    def _earlier_request(self) -> date | None:
        """The date of the user's own message that the letter quotes, if it quotes one."""
        ours = (
            quoted for quoted in self.letter.quoted if quoted.sender and quoted.sender.addr.lower() in self.brief.ours
        )
        return next((quoted.sent_at.date() for quoted in ours if quoted.sent_at), None)

    def _pages(self) -> tuple[str, ...]:
        """The pages at issue, without scheme: a reply carries no live link to a site that the letter chose."""
        pages = (page.partition("://")[2] or page for page in self.facts.page_urls[:10])
        return tuple(page.removeprefix("www.").rstrip("/")[:_SAID] for page in pages)

    def pages_hosts(self) -> frozenset[str]:
        """The hosts of these pages: the user's own, not the issuer's."""
        return frozenset(map(host_of, self._pages())) - set(self.room.trust.domains)

    def _from_counsel(self, stage: str | None) -> bool:
        """Whether a law firm writes: it is asked for its client's title, never for its mandate (domain study §C2)."""
        if stage == "lawyer":
            return True
        sender = (self.letter.forwarded or self.letter.head).sender
        if sender and sender.addr.lower() in self.brief.ours:
            sender = None  # a scan that the user mailed to himself
        if sender and any(sender.domain == d or sender.domain.endswith(f".{d}") for d in self.room.trust.domains):
            return False
        firm = bool(sender and _FIRM.search(f"{sender.name} {sender.addr}"))
        return firm or any(_COUNSEL.search(text) for _, text in self.letter.pieces())

    def problems(self, text: str) -> list[Problem]:
        """What the lint has against a reply that says these things."""
        return lint(
            text,
            self.language,
            self._amounts(),
            self._dates(),
            self.hosts,
            verbatim=self._verbatim(),
            own_hosts=self.pages_hosts(),
        )

    def _harmless(self, value: str) -> bool:
        """A value that the lint would refuse is left as a blank: a letter must not be able to stop its own reply."""
        return not lint(value, self.language, None, None, self.hosts, own_hosts=self.pages_hosts())

    def _verbatim(self) -> tuple[str, ...]:
        names = {"case_number", "rights_holder", "author", "ip_address", "isp", "software", "name", "siren"}
        return (*(value for name, value in self._said() if value and name in names), *self._pages())

    def _amounts(self) -> frozenset[Decimal]:
        asked = () if self.facts.amount is None else (self.facts.amount,)
        return frozenset((*asked, *(amount.value for amount in self.facts.amounts)))

    def _dates(self) -> frozenset[date]:
        facts = self.facts
        told = (facts.deadline, facts.deadline_rolled, facts.first_warning_on, facts.facts_at and facts.facts_at.date())
        return frozenset(filter(None, (*told, self._letter_date(), self._earlier_request())))


def _one_line(value: str | None) -> str:
    return " ".join((value or "").split())[:_SAID]
