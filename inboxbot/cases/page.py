"""How a case sheet looks: plain text for every client, HTML beside it, in light and dark and on a phone."""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from inboxbot.cases.sheet import Row, Section, Sheet

_WIDTH = 78


def as_text(sheet: Sheet) -> str:
    """The sheet in plain text, wrapped at 78 columns."""
    head = f"{'!' * 3} {sheet.title} {'!' * 3}" if sheet.alert else sheet.title
    blocks = [_wrapped(head)]
    blocks += [_section(section) for section in sheet.sections]
    return "\n\n".join(blocks) + "\n"


def as_html(sheet: Sheet, language: str) -> str:
    """The sheet as a page of its own; everything from the letter is escaped, nothing remote is asked for."""
    return _template().render(sheet=sheet, language=language)


def _section(section: Section) -> str:
    heading = [section.title.upper()] if section.title else []
    return "\n".join([*heading, *(_row(row) for row in section.rows)])


def _row(row: Row) -> str:
    label = f"{row.label} : " if row.label else "- "
    lines = [_wrapped(f"{label}{row.text}", hanging="  ")]
    if row.quote:
        lines.append(textwrap.indent(_wrapped(row.quote), "    "))
    return "\n".join(lines)


def _wrapped(text: str, hanging: str = "") -> str:
    return textwrap.fill(text, _WIDTH, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)


@cache
def _template() -> Template:
    source = (Path(__file__).parent / "sheet.html.j2").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(source)
