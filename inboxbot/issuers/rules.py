"""The language of `issuer.toml`: what a fact looks like, where it may stand and what it must not be taken for.

A pattern is RE2 and meets text made plain (`places.py`): it is written without accents and straight-quoted, ignores case
(`(?-i:…)` does not), its blanks stand for any run of blanks and line ends, `^` and `$` are the ends of a line, and
`{name}` stands for the fragment of that name under `[words]`. A pattern of a fact has exactly one group: the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import re2

from inboxbot.issuers.form import Form
from inboxbot.issuers.places import OWN, PLACES, View, plain

KINDS = ("text", "reference", "money", "date", "deadline", "datetime", "url", "ip", "choice")
FACTS: Mapping[str, tuple[str, ...]] = {  # every fact that a room may have rules for, and of what kind it may be
    "case_number": ("reference",),
    "amount": ("money",),
    "deadline": ("deadline",),
    "image_urls": ("url",),
    "page_urls": ("url",),
    "portal_url": ("url",),
    "rights_holder": ("text", "choice"),
    "author": ("text", "choice"),
    "facts_at": ("datetime",),
    "ip_address": ("ip",),
    "isp": ("text", "choice"),
    "software": ("text", "choice"),
    "first_warning_on": ("date",),
}
SUMS = ("compensation", "licence", "fee", "total", "net", "other")
SITES = ("issuer", "sender", "others")
NO_STAGE = "none"  # a letter of the room that asks for nothing, such as an acknowledgement

_LIKELY = 20  # matches of one pattern in one place that are looked at
_LONGEST = 20_000  # characters of one pattern, fragments put in


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, where it is looked for, and what its sentence must not say."""

    name: str
    regex: Any
    places: frozenset[str]
    unless: Any = None
    unless_before: Any = None
    never: tuple[Any, ...] = ()

    def finds(self, views: Mapping[str, tuple[View, ...]], tier: Sequence[str]) -> Iterator[tuple[View, int, int]]:
        """(view, start, end) of the group, or of the whole where there is none, in the places of this tier."""
        group = min(self.regex.groups, 1)
        for place in tier:
            if place not in self.places:
                continue
            for view in views[place]:
                for number, match in enumerate(self.regex.finditer(view.plain)):
                    if number == _LIKELY:
                        break
                    if not self.forbidden(view, match.start(), match.end()):
                        yield view, match.start(group), match.end(group)

    def forbidden(self, view: View, start: int, end: int) -> bool:
        """Whether the sentence around this span says what speaks against the pattern."""
        if self.unless is None and self.unless_before is None:
            return False
        said = view.plain[start:end]
        left, right = view.sentence(start + len(said) - len(said.lstrip()))
        return bool(
            (self.unless and self.unless.search(view.plain[left : max(right, end)]))
            or (self.unless_before and self.unless_before.search(view.plain[left:end]))
        )

    def refused(self, plain: str) -> bool:
        """Whether a value is one of those that are never meant."""
        return any(each.fullmatch(plain) for each in self.never)


@dataclass(frozen=True, slots=True)
class Rule:
    """How one fact is read. `first` says that of several values the first counts, else several are a doubt."""

    fact: str
    kind: str
    patterns: tuple[Pattern, ...] = ()
    last: tuple[Pattern, ...] = ()  # asked after all others, those of the family too
    first: bool = False
    at: frozenset[str] = frozenset()  # stages whose letters carry the fact, “none” for none; empty: all
    before: str = ""  # another fact that this day comes before
    cues: Mapping[str, tuple[str, ...]] | None = None  # money: words that tell what a sum is
    country: str = ""  # deadline: whose holidays
    of: frozenset[str] = frozenset()  # url: whose site
    near: tuple[Any, ...] = ()  # url: words beside the address
    sites: tuple[Any, ...] = ()  # url: how a site is named by its host alone, the group
    unless: Any = None  # url: words beside it that speak against it
    is_author: tuple[Any, ...] = ()  # text: sentences by which the author is this party
    never: tuple[Any, ...] = ()  # what is never meant, in whatever place
    choices: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way to a stage: it holds where one of its patterns is found, and where it has none."""

    stage: str
    patterns: tuple[Pattern, ...]
    without: tuple[Any, ...] = ()  # what the letter's own words must not say
    sender: str = ""  # issuer | others: whose letters it looks at
    answers: bool = False  # looks only at letters that answer one of ours
    asks_nothing: bool = False  # looks only at letters that ask for no sum

    @property
    def always(self) -> bool:
        """Whether it holds for any letter."""
        return not (self.patterns or self.without or self.sender or self.answers or self.asks_nothing)


# --- reading the rules ------------------------------------------------------------------------------------------------


class Compiler:
    """Turns the texts of one room into patterns and tells what is wrong with them."""

    def __init__(self, words: Mapping[str, str] | None = None) -> None:
        self.words = dict(words or {})

    def learn(self, form: Form) -> None:
        """Take in a table of fragments; a fragment may use those above it."""
        for name in form.names():
            self.words[name] = self.filled(form, name, form.text(name, ""))
            self._compiled(form, name, self.words[name])

    def pattern(self, form: Form, key: str, text: str, groups: int | None = None) -> Any:
        """The compiled pattern, or None after telling why there is none; `groups` is the number it must have."""
        if (odd := next((c for c in text if plain(c) != c), None)) is not None:
            form.tell(key, f"“{text[:120]}” has “{odd}”: rules meet text without accents and with straight quotes")
        regex = self._compiled(form, key, self.filled(form, key, text))
        if regex is not None and groups is not None and regex.groups != groups:
            wanted = "exactly one group, the value" if groups else "no group: write (?:…)"
            form.tell(key, f"“{text}” must have {wanted}")
            return None
        return regex

    def raw(self, form: Form, key: str, text: str) -> Any:
        """The compiled pattern of a text that meets letters as they are printed, blanks and accents as written."""
        return _compile(form, key, text)

    def patterns(self, form: Form, key: str, groups: int | None = 0) -> tuple[Any, ...]:
        """The compiled patterns of a list."""
        return tuple(filter(None, (self.pattern(form, key, text, groups) for text in form.texts(key))))

    def filled(self, form: Form, key: str, text: str) -> str:
        """The text with its fragments put in."""

        def put(match: Any) -> str:
            name = match.group(1)
            return self.words[name] if form.known(key, name, self.words) else ""

        return str(_FRAGMENT.sub(put, text))

    def _compiled(self, form: Form, key: str, text: str) -> Any:
        return _compile(form, key, _spaced(text))


def _compile(form: Form, key: str, text: str) -> Any:
    if not text or len(text) > _LONGEST:
        form.tell(key, f"“{text[:60]}…” is too long: {_LONGEST} characters, fragments put in" if text else "is empty")
        return None
    try:
        return _regex(text)
    except re2.error as error:
        form.tell(key, f"“{text[:120]}” is no pattern of RE2: {_words(error)}")
        return None


@cache
def _regex(text: str) -> Any:
    """The pattern, compiled once for all the rooms of a family."""
    return re2.compile(f"(?im){text}", _QUIETLY)


_FRAGMENT = re2.compile(r"\{([a-z][a-z0-9_]*)\}")


_QUIETLY = re2.Options()
_QUIETLY.log_errors = False  # what is wrong with a pattern is told once, with its key


def _words(error: Exception) -> str:
    said = error.args[0] if error.args else error
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return text.partition(": (?im)")[0]  # RE2 repeats the whole pattern


def _spaced(text: str) -> str:
    """The pattern with `\\s+` for each of its blanks and `\\s*` for one that may be missing; in a class a blank is a blank."""
    written: list[str] = []
    inside = escaped = blank = False
    for character in text:
        if blank and character in "?*":
            written[-1] = r"\s*"
        else:
            blank = character == " " and not inside and not escaped
            written.append(r"\s+" if blank else character)
        blank = blank and character == " "
        if not escaped and character in "[]":
            inside = character == "["
        escaped = character == "\\" and not escaped
    return "".join(written)


# What a fact's kind may be told besides its patterns.
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "money": ("cues",),
    "deadline": ("country", "at"),
    "url": ("of", "near", "sites", "unless", "never", "patterns"),
    "choice": ("choices", "last", "several", "look_in", "unless", "never", "patterns", "at", "before"),
}
_USUAL = ("last", "is_author", "patterns", "look_in", "unless", "never", "several", "shape", "at", "before")


def read_rules(form: Form, compiler: Compiler, room: str) -> dict[str, Rule]:
    """The rules under `[facts]`, each told of with everything that is wrong with it."""
    rules: dict[str, Rule] = {}
    for fact in form.names():
        if form.known(fact, fact, FACTS):
            rules[fact] = _rule(form.table(fact), compiler, room, fact)
    return rules


def _rule(form: Form, compiler: Compiler, room: str, fact: str) -> Rule:
    kind = form.choice("kind", KINDS, FACTS[fact][0])
    if kind not in FACTS[fact]:
        form.tell("kind", f"{fact} is of kind {' or '.join(FACTS[fact])}, not {kind}")
        kind = FACTS[fact][0]
    rule = Rule(fact, kind)
    options = _OPTIONS.get(kind, _USUAL)
    if "cues" in options:
        cues = form.table("cues")
        rule = replace(
            rule,
            cues={sort: _cues(cues, compiler, sort) for sort in cues.names() if cues.known(sort, sort, SUMS)},
        )
    if "country" in options:
        rule = replace(rule, country=form.text("country", ""), at=frozenset(form.texts("at")))
    if "of" in options:
        rule = replace(
            rule,
            of=frozenset(form.choices("of", SITES)),
            near=compiler.patterns(form, "near"),
            sites=compiler.patterns(form, "sites", 1),
            unless=_unless(form, compiler),
            never=compiler.patterns(form, "never"),
            patterns=tuple(
                Pattern(f"{room}.{fact}", regex, frozenset()) for regex in compiler.patterns(form, "patterns")
            ),
        )
    elif "patterns" in options:
        patterns, last = (_finders(form, compiler, f"{room}.{fact}", key) for key in ("patterns", "last"))
        rule = replace(rule, patterns=patterns, last=last)
        rule = replace(
            rule,
            first=form.choice("several", ("first", "none"), "none") == "first",
            at=frozenset(form.texts("at")),
            before=form.choice("before", FACTS, ""),
            never=compiler.patterns(form, "never"),
            is_author=compiler.patterns(form, "is_author"),
        )
    if "choices" in options:
        choices = form.table("choices")
        rule = replace(
            rule,
            choices=tuple((name, compiler.pattern(choices, name, choices.text(name), 0)) for name in choices.names()),
        )
    form.close()
    return rule


def _cues(form: Form, compiler: Compiler, sort: str) -> tuple[str, ...]:
    """Cues are patterns for `kinds/money.py`, which compiles them itself: here they are only checked."""
    texts = form.texts(sort)
    for text in texts:
        compiler.pattern(form, sort, text, 0)
    return texts


def _unless(form: Form, compiler: Compiler, key: str = "unless") -> Any:
    return compiler.pattern(form, key, form.text(key), 0) if form.has(key) else None


def _finders(form: Form, compiler: Compiler, name: str, key: str) -> tuple[Pattern, ...]:
    """The patterns of one fact, in order; each is a text, or a table with its own `look_in`, `unless` and `never`."""
    shape = compiler.filled(form, "shape", form.text("shape", _SHAPE))
    usual = Pattern(name, None, _places(form, ()), _unless(form, compiler), never=compiler.patterns(form, "never"))
    local = Compiler({**compiler.words, "value": f"({shape})"})
    found: list[Pattern] = []
    for number, item in enumerate(form.items(key), 1):
        each = form.over({"find": item} if isinstance(item, str) else item, f"{key}[{number}]")
        regex = local.pattern(each, "find", each.text("find"), 1)
        pattern = replace(
            usual,
            name=f"{name}.{number}" if key == "patterns" else f"{name}.{key}.{number}",
            regex=regex,
            places=_places(each, usual.places),
            unless=_unless(each, local) or usual.unless,
            never=local.patterns(each, "never") if each.has("never") else usual.never,
        )
        each.close()
        if regex is not None:
            found.append(pattern)
    return tuple(found)


_SHAPE = r"[^\n]{1,80}?"


def _places(form: Form, usual: Sequence[str] | frozenset[str]) -> frozenset[str]:
    return frozenset(form.choices("look_in", PLACES)) or frozenset(usual) or frozenset(OWN)


def read_steps(forms: Sequence[Form], compiler: Compiler, room: str) -> tuple[Step, ...]:
    """The steps under `[[stages]]`, in order."""
    steps: list[Step] = []
    for number, form in enumerate(forms, 1):
        usual = Pattern(
            f"{room}.stage.{number}",
            None,
            _places(form, ()),
            _unless(form, compiler),
            _unless(form, compiler, "unless_before"),
        )
        step = Step(
            stage=form.text("stage"),
            patterns=tuple(replace(usual, regex=regex) for regex in compiler.patterns(form, "patterns")),
            without=compiler.patterns(form, "without"),
            sender=form.choice("sender", ("issuer", "others"), ""),
            answers=form.flag("answers", default=False),
            asks_nothing=form.flag("asks_nothing", default=False),
        )
        if steps and steps[-1].always:
            form.tell("stage", "is never reached: the step above it holds for any letter")
        form.close()
        steps.append(step)
    return tuple(steps)
