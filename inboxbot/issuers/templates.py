"""Reply templates: read once when a room is opened, checked whole, rendered without ever touching a disk again.

Looked up in this order: the user's folder for the room, the user's folder, the room's folder, the texts shared by all
image claims. Letter text is only ever a value: a value is never evaluated as a template.
"""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateSyntaxError, meta, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from inboxbot.issuers.lint import lint_template
from inboxbot.issuers.wording import LANGUAGES, blank

SHARED = Path(__file__).parent / "replies"
MODIFIERS = ("removed", "non-commercial", "hosting")  # ride on a reply: "evidence+removed"
VALUES = frozenset(  # every name that a template may use
    "language many kind name siren address stage counsel reminder removed non_commercial hosting known case_number amount"
    " deadline letter_date earlier_request rights_holder author pages images facts_at ip_address isp software"
    " first_warning_on issuer".split()
)

_FLAGS = frozenset("many counsel reminder removed non_commercial hosting".split())
FULL: Mapping[str, Any] = {  # a letter that says everything, and one that says nothing
    **{name: name in _FLAGS or "…" for name in VALUES},
    "known": tuple(VALUES),
    "pages": ("…",),
    "images": 1,
}
EMPTY: Mapping[str, Any] = {**dict.fromkeys(VALUES, ""), "known": (), "pages": (), "images": 0}


@dataclass(frozen=True, eq=False)
class Templates:
    """All templates of one room; `where` tells from which file each came, `own` which of them the user wrote."""

    environment: ImmutableSandboxedEnvironment
    sources: Mapping[str, str]
    where: Mapping[str, str]
    own: frozenset[str]

    def languages(self, scenario: str) -> tuple[str, ...]:
        """The languages in which this scenario can be written."""
        return tuple(language for language in LANGUAGES if _name(scenario, language) in self.sources)

    def values_of(self, scenario: str) -> frozenset[str]:
        """The values that a reply's words may depend on, in any of its languages."""
        left, found, read = [_name(scenario, language) for language in self.languages(scenario)], set[str](), set[str]()
        while left:
            name = left.pop()
            if name in read or name not in self.sources:
                continue
            read.add(name)
            tree = self.environment.parse(self.sources[name])
            found |= meta.find_undeclared_variables(tree)
            left += [other for other in meta.find_referenced_templates(tree) if other is not None]
        return frozenset(found)

    def render(self, scenario: str, language: str, values: Mapping[str, Any]) -> str:
        """The reply's words, its paragraphs each on one line; jinja2.TemplateError where they cannot be written."""
        return self._rendered(_name(scenario, language), values)

    def _rendered(self, name: str, values: Mapping[str, Any]) -> str:
        try:
            return _paragraphs(self.environment.get_template(name).render(values))
        except TemplateError:
            raise
        except Exception as error:  # whatever an expression of the user's provokes
            raise TemplateError(str(error)) from error

    def problems(self, scenarios: Iterable[str]) -> list[str]:
        """Everything wrong with the templates, as "file:line: what and how to mend it"; empty when all is well."""
        found = [problem for name in self.sources for problem in self.problems_of(name)]
        found += [
            f"no reply template for “{scenario}”: expected {_name(scenario, 'fr')} or another language"
            for scenario in scenarios
            if not self.languages(scenario)
        ]
        return found

    def problems_of(self, name: str) -> list[str]:
        """Everything wrong with one template; one of the user's is linted, and tried with a full letter and an empty one."""
        source, where = self.sources[name], self.where[name]
        try:
            tree = self.environment.parse(source, name, where)
            unknown = meta.find_undeclared_variables(tree) - VALUES - set(self.environment.globals)
        except TemplateSyntaxError as error:
            return [f"{where}:{error.lineno}: {error.message}"]
        found = [f"{where}:{_line_of(each, source)}: unknown value “{each}”{_near(each)}" for each in sorted(unknown)]
        found += [
            f"{where}:{_line_of(other, source)}: there is no template “{other}”"
            for other in meta.find_referenced_templates(tree)
            if other is not None and other not in self.sources
        ]
        if name in self.own:
            found += [
                f"{where}:{problem.line}: {problem.why} (“{problem.excerpt}”)"
                for problem in lint_template(source, _language_of(name))
            ]
            found += [] if found else self._tried(name)
        return found

    def _tried(self, name: str) -> list[str]:
        for values in (FULL, EMPTY):
            try:
                self._rendered(name, {**values, "language": _language_of(name) or LANGUAGES[0]})
            except TemplateSyntaxError:
                return []  # of another template, which tells it itself
            except TemplateError as error:
                return [f"{_place(error) or self.where[name]}: {error.message}"]
        return []


def open_templates(room: Path, user: Path | None = None) -> Templates:
    """Read a room's templates; `user` is the folder of the user's own, which come first."""
    mine = [] if user is None else [user, user / room.name]
    return _opened([SHARED, room, *mine], mine)


def open_beside(template: Path) -> Templates:
    """Read a template of the user's and all that it may lean on: those beside and above it, and those of every room."""
    rooms = sorted(path for path in SHARED.parent.iterdir() if path.is_dir())
    return _opened([SHARED, *rooms, template.parent.parent, template.parent], [template.parent])


def _opened(folders: Sequence[Path], mine: Sequence[Path]) -> Templates:
    paths = {path.name: path for folder in folders for path in sorted(folder.glob("*.j2"))}
    sources = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    own = frozenset(name for name, path in paths.items() if path.parent in mine)
    where = {name: str(path) for name, path in paths.items()}
    return Templates(_environment(sources, where), sources, where, own)


def _environment(sources: Mapping[str, str], where: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    def load(name: str) -> tuple[str, str, None] | None:
        return (sources[name], where[name], None) if name in sources else None

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        finalize=_said,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,  # an included list must not swallow the paragraph after it
        cache_size=-1,
    )
    environment.globals = {"blank": _blank, "voice": _voice}
    return environment


def _said(value: object) -> object:
    """StrictUndefined lets None through: a letter would ask for "None EUR"."""
    if value is None:
        raise TemplateError("a value is None")
    return value


@pass_context
def _blank(context: Context, what: str) -> str:
    """A visible blank that the user fills: `{{ blank("date du retrait") }}`."""
    return blank(what, str(context["language"]))


@pass_context
def _voice(context: Context, one: str, many: str) -> str:
    """What a person says, and what a company or an association says: `{{ voice("je", "nous") }}`."""
    return many if context["many"] else one


def _name(scenario: str, language: str) -> str:
    return f"reply.{scenario}.{language}.j2"


def _language_of(name: str) -> str | None:
    language = name.removesuffix(".j2").rpartition(".")[2]
    return language if language in LANGUAGES else None


def _near(name: str) -> str:
    near = difflib.get_close_matches(name, VALUES, 1)
    return f"; did you mean “{near[0]}”?" if near else ""


def _place(error: BaseException) -> str:
    """The file and line of a template where an error arose, "" if it cannot be told."""
    frames = traceback.extract_tb((error.__cause__ or error).__traceback__)
    return next((f"{each.filename}:{each.lineno}" for each in reversed(frames) if each.filename.endswith(".j2")), "")


def _line_of(word: str, source: str) -> int:
    return next((number for number, line in enumerate(source.splitlines(), 1) if word in line), 1)


def _paragraphs(text: str) -> str:
    """Lines of a paragraph joined: mail programs wrap them, and a user can edit them; list items keep their lines."""
    paragraphs: list[str] = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines: list[str] = []
        for line in (part.strip() for part in block.split("\n")):
            if not line:
                continue
            if lines and not _starts_item(line, lines[-1]):
                lines[-1] += f" {line}"
            else:
                lines.append(line)
        if lines:
            paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)


def _starts_item(line: str, before: str) -> bool:
    """Whether a line begins an item of a list; a German date ("3. März") that a line happens to begin with does not."""
    head = line.split(" ", 1)[0]
    if head in {"-", "–", "•"}:
        return True
    number, above = _number(line), _number(before)
    return number is not None and (number == 1 if before.endswith(":") else above is not None and number == above + 1)


def _number(line: str) -> int | None:
    head = line.split(" ", 1)[0]
    return int(head[:-1]) if head[:-1].isdecimal() and head[-1] in ".)" else None
