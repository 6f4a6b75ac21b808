"""A room: one issuer as data. A folder holds its profile and rules (`issuer.toml`), its replies and its examples.

Everything that is wrong with a folder is told at once, each problem with its file and key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import re2

from inboxbot.errors import SetupError
from inboxbot.issuers.advice import Advice, open_advice
from inboxbot.issuers.form import Form
from inboxbot.issuers.own import strays, unreadable
from inboxbot.issuers.rules import FACTS, NO_STAGE, Compiler, Rule, Step, read_rules, read_steps
from inboxbot.issuers.templates import MODIFIERS, Templates, open_templates
from inboxbot.issuers.wording import LANGUAGES
from inboxbot.letter.automatic import is_own
from inboxbot.letter.glance import glance_for
from inboxbot.records import OTHER, UNSURE, Brief, Letter, Sign, TrustProfile, Verdict

if TYPE_CHECKING:
    from inboxbot.issuers.examples import Weigh

HERE = Path(__file__).parent
PACKAGED = ("copytrack", "pixtrakk", "hadopi")
PROFILE = "issuer.toml"
FAMILIES = {"image-claim": HERE / "image-claim.toml"}  # what issuers of one sort have in common

_NAME = re2.compile(r"[a-z][a-z0-9_-]{1,31}")
_DOMAIN = re2.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}")
_COUNTRY = re2.compile(r"[A-Z]{2}")
_DESK = re2.compile(r"[a-z0-9._+-]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply of a room: at which stages it is on offer, and at which it is the one that is drafted."""

    scenario: str
    stages: frozenset[str]  # empty: all
    default_at: frozenset[str]
    additions: tuple[str, ...] = ()  # modifiers that are offered beside it, one by one


@dataclass(frozen=True, eq=False)
class Room:
    """One issuer: how its letters are recognised, read, weighed and answered."""

    name: str
    title: str
    names: tuple[str, ...]  # patterns of which every letter of the room holds one
    trust: TrustProfile
    rules: Mapping[str, Rule]
    steps: tuple[Step, ...]
    answers: tuple[Answer, ...]
    templates: Templates
    advice: Advice
    brands: tuple[Any, ...]  # `names`, compiled: the issuer is never its own principal

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that a letter of this room can be at, as its rules name them."""
        return tuple(dict.fromkeys(step.stage for step in self.steps if step.stage != NO_STAGE))

    def scenarios(self, stage: str | None) -> tuple[str, ...]:
        """The replies on offer at this stage; all of them for None."""
        return tuple(a.scenario for a in self.answers if stage is None or not a.stages or stage in a.stages)

    def offers(self, stage: str | None) -> tuple[str, ...]:
        """The same, and those with something added that are worth naming: "evidence+removed"."""
        here = [a for a in self.answers if a.scenario in self.scenarios(stage)]
        return tuple(f"{a.scenario}{added}" for a in here for added in ("", *(f"+{each}" for each in a.additions)))

    def additions(self, scenario: str) -> tuple[str, ...]:
        """What may be added to a reply: its words depend on it."""
        said = self.templates.values_of(scenario)
        return tuple(modifier for modifier in MODIFIERS if modifier.replace("-", "_") in said)

    def ways(self) -> tuple[str, ...]:
        """Every reply, alone and with everything that may be added to it."""
        return tuple(
            "+".join((answer.scenario, *added))
            for answer in self.answers
            for additions in (self.additions(answer.scenario),)
            for count in range(len(additions) + 1)
            for added in combinations(additions, count)
        )

    def default_scenario(self, stage: str | None) -> str | None:
        """The reply that is drafted at this stage unless a person chooses another; None where none is called for."""
        return next((answer.scenario for answer in self.answers if stage in answer.default_at), None)


def open_rooms(extra_dirs: Sequence[Path] = (), user_templates: Path | None = None) -> dict[str, Room]:
    """The packaged rooms and those in `extra_dirs` (each a room's folder); SetupError with every problem of them all."""
    problems = list(unreadable(user_templates)) if user_templates else []
    if problems:
        raise SetupError(problems)
    rooms: dict[str, Room] = {}
    for folder in (*(HERE / name for name in PACKAGED), *extra_dirs):
        room = read_room(folder, problems, user_templates)
        if room is not None and room.name in rooms:
            problems.append(f"{folder}: there is a room called “{room.name}” already: rename the folder")
        elif room is not None:
            rooms[room.name] = room
    if user_templates and not problems:
        problems += strays(user_templates, {name: room.scenarios(None) for name, room in rooms.items()})
    if problems:
        raise SetupError(list(dict.fromkeys(problems)))  # a family is read by each of its rooms
    return rooms


def deserves_care(rooms: Mapping[str, Room], raw: bytes, brief: Brief) -> bool:
    """Whether the mail is to be read with care: after a glance, only if it may name an issuer. It decides no label."""
    if not brief.glance or brief.label is not None:
        return True
    return glance_for(tuple(name for room in rooms.values() for name in room.names))(raw)


def decided(rooms: Mapping[str, Room], verdict: Verdict, letter: Letter, brief: Brief) -> tuple[Room | None, Verdict]:
    """The letter's room and the verdict that counts: a person's word stands above the judge's.

    A person who asks for a reply to what the judge left aside means the likeliest room that has such a reply. Nobody is
    asked about a doubtful mail that a machine or the user wrote: it is ordinary.
    """
    if verdict.label == UNSURE and (letter.automatic or is_own(letter, brief.ours)):
        verdict = replace(verdict, label=OTHER)
    room = _room_of(rooms, verdict, brief)
    label = brief.label or (room.name if room else verdict.label)
    by_hand = brief.label is not None or label != verdict.label
    return room, replace(verdict, label=label, by_hand=by_hand)


def _room_of(rooms: Mapping[str, Room], verdict: Verdict, brief: Brief) -> Room | None:
    if (room := rooms.get(brief.label or verdict.label)) or brief.label or not brief.scenario:
        return room
    wanted = brief.scenario.partition("+")[0]
    return nearest([room for room in rooms.values() if wanted in room.scenarios(None)], verdict)


def nearest(rooms: Iterable[Room], verdict: Verdict) -> Room | None:
    """Of these rooms the one that a mail is likeliest of, however unlikely; None where there are none."""
    return max(rooms, key=lambda room: verdict.probabilities.get(room.name, 0.0), default=None)


def check_room(folder: Path, weigh: Weigh | None = None) -> list[str]:
    """Everything wrong with a room's folder: profile, rules, replies, and examples that do not come out as they say.

    With `weigh` (trust/weigh.py) what examples say of trust is compared too.
    """
    from inboxbot.issuers.examples import problems_of_examples  # noqa: PLC0415 - examples are read through the rules

    problems: list[str] = []
    room = read_room(folder, problems)
    return problems + problems_of_examples(folder, room, weigh) if room is not None else problems


def is_name(text: str) -> bool:
    """Whether a room may be called so: the name is its folder's and its label."""
    return bool(_NAME.fullmatch(text)) and text not in (OTHER, UNSURE)


def read_room(folder: Path, problems: list[str], user_templates: Path | None = None) -> Room | None:
    """The room of a folder as far as it can be read; what is wrong with it is added to `problems`."""
    name = folder.resolve().name
    if not is_name(name):
        problems.append(
            f"{folder}: the folder's name is the room's label: small letters, digits, - and _, at least two, and not “{name}”"
        )
    form = _form(folder / PROFILE, problems)
    if form is None:
        return None
    family = form.choice("family", FAMILIES, "")
    shared = _form(FAMILIES[family], problems) if family in FAMILIES else None
    compiler = Compiler()
    common = _read_part(shared, compiler, family) if shared else Part()
    own = _read_part(form, compiler, name)
    left_out = set(form.choices("leaves_out", common.stages))
    title = form.text("title")
    advice, wrong = open_advice(folder)
    problems += wrong
    room = Room(
        name=name,
        title=title,
        names=form.texts("names"),
        brands=tuple(filter(None, (compiler.raw(form, "names", text) for text in form.texts("names")))),
        trust=_read_trust(form.table("trust"), compiler, name, title),
        rules={fact: _merged(own.rules.get(fact), common.rules.get(fact)) for fact in {**common.rules, **own.rules}},
        steps=(*own.steps, *(step for step in common.steps if step.stage not in left_out)),
        answers=own.answers or tuple(_without(answer, left_out - own.stages) for answer in common.answers),
        templates=open_templates(folder, user_templates),
        advice=advice,
    )
    _check(form, room, problems)
    for each in filter(None, (shared, form)):
        each.close()
    return room


@dataclass(frozen=True, slots=True)
class Part:
    """What a room and its family both may say."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def stages(self) -> frozenset[str]:
        return frozenset(step.stage for step in self.steps)


def _form(path: Path, problems: list[str]) -> Form | None:
    try:
        return Form(tomllib.loads(path.read_text(encoding="utf-8")), f"{path}: ", problems)
    except FileNotFoundError:
        problems.append(f"{path}: no such file: it describes the issuer (docs/issuers.md)")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path}: cannot be read: {error}")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{path}: not valid TOML: {error}")
    return None


def _read_part(form: Form, compiler: Compiler, name: str) -> Part:
    compiler.learn(form.table("words"))
    answers = tuple(_read_answer(each) for each in form.tables("replies"))
    return Part(
        read_rules(form.table("facts"), compiler, name), read_steps(form.tables("stages"), compiler, name), answers
    )


def _read_answer(form: Form) -> Answer:
    answer = Answer(
        form.text("scenario"),
        frozenset(form.texts("stages")),
        frozenset(form.texts("default_at")),
        form.choices("with", MODIFIERS),
    )
    form.close()
    return answer


def _without(answer: Answer, left_out: Collection[str]) -> Answer:
    return replace(answer, stages=answer.stages.difference(left_out), default_at=answer.default_at.difference(left_out))


def _read_trust(form: Form, compiler: Compiler, name: str, title: str) -> TrustProfile:
    profile = TrustProfile(
        room=name,
        title=title,
        domains=tuple(domain.lower() for domain in form.texts("domains")),
        desks=tuple(desk.lower() for desk in form.texts("desks")),
        answers=form.flag("answers", default=True),
        relayed=form.flag("relayed", default=False),
        never=tuple(_read_sign(each, compiler) for each in form.tables("never")),
        by_post_only=form.texts("by_post_only"),
        expected=form.choices("expected", FACTS),
        lookalikes=form.texts("lookalikes"),
        neutral=tuple(domain.lower() for domain in form.texts("neutral")),
        accounts=form.texts("accounts"),
    )
    for key, texts, shape, what in (
        ("domains", profile.domains, _DOMAIN, "domain"),
        ("neutral", profile.neutral, _DOMAIN, "domain"),
        ("desks", profile.desks, _DESK, "mail address"),
        ("accounts", profile.accounts, _COUNTRY, "country of two capitals"),
    ):
        for text in texts:
            if not shape.fullmatch(text):
                form.tell(key, f"“{text}” is no {what}")
    form.close()
    return profile


def _read_sign(form: Form, compiler: Compiler) -> Sign:
    """A sign for `trust`, whose patterns meet whole sentences in small letters without accents."""
    for key in ("pattern", "unless"):
        if key == "pattern" or form.has(key):
            compiler.raw(form, key, form.text(key))
    told = form.table("reason")
    sign = Sign(
        pattern=form.text("pattern"),
        reason={
            language: told.text(language) for language in told.names() if told.known(language, language, LANGUAGES)
        },
        hard=form.flag("hard", default=False),
        unless=form.text("unless", ""),
        direct=form.flag("direct", default=False),
    )
    if not sign.reason:
        form.tell("reason", "is empty: say in a sentence, by language, what genuine letters never do")
    form.close()
    return sign


def _merged(own: Rule | None, common: Rule | None) -> Rule:
    """The room's rule before its family's: its patterns are asked first, what it leaves out is as in the family."""
    if own is None or common is None:
        found = own or common
        assert found is not None
        return found
    return Rule(
        fact=own.fact,
        kind=own.kind,
        patterns=(*own.patterns, *(replace(each, never=(*each.never, *own.never)) for each in common.patterns)),
        last=(*common.last, *own.last),
        is_author=(*own.is_author, *common.is_author),
        first=own.first or common.first,
        cues={
            sort: (*(own.cues or {}).get(sort, ()), *(common.cues or {}).get(sort, ()))
            for sort in {**(common.cues or {}), **(own.cues or {})}
        },
        at=own.at or common.at,
        before=own.before or common.before,
        country=own.country or common.country,
        of=own.of or common.of,
        near=(*own.near, *common.near),
        sites=(*own.sites, *common.sites),
        unless=own.unless or common.unless,
        never=(*own.never, *common.never),
        choices=(*own.choices, *common.choices),
    )


def _check(form: Form, room: Room, problems: list[str]) -> None:
    """What only the whole can tell: stages that nothing leads to, replies without words, one stage with two defaults."""
    if not room.names:
        form.tell("names", "is empty: say by which words a letter names this issuer")
    if not room.steps:
        form.tell("stages", "is empty: say how a letter tells its stage, or name a family")
    for stage in room.trust.by_post_only:
        form.known("trust.by_post_only", stage, room.stages)
    for fact, rule in room.rules.items():
        for stage in sorted(rule.at):
            form.known(f"facts.{fact}.at", stage, (*room.stages, NO_STAGE))
    taken: dict[str, str] = {}
    for answer in room.answers:
        for stage in (*answer.stages, *answer.default_at):
            form.known(f"replies.{answer.scenario}", stage, room.stages)
        for stage in answer.default_at:
            if other := taken.get(stage):
                form.tell(f"replies.{answer.scenario}", f"“{stage}” has “{other}” as its reply already")
            taken[stage] = answer.scenario
    wrong = room.templates.problems(answer.scenario for answer in room.answers)
    problems.extend(wrong)
    for answer in () if wrong else room.answers:  # templates that are wrong cannot be looked into
        for addition in sorted(set(answer.additions) - set(room.additions(answer.scenario))):
            form.tell(f"replies.{answer.scenario}.with", f"its words say nothing of “{addition}”")
