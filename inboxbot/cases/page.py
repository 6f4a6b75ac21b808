"""How a case sheet looks: plain text for every client, HTML beside it, in light and dark and on a phone."""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from inboxbot.cases.rows import Row, Section
from inboxbot.cases.sheet import Sheet

_HERE = Path(__file__).parent
_WIDTH = 78


def as_text(sheet: Sheet) -> str:
    """The sheet in plain text, wrapped at 78 columns."""
    head = f"{'!' * 3} {sheet.title} {'!' * 3}" if sheet.alert else sheet.title
    blocks = [_wrapped(head)]
    colon = " : " if sheet.language == "fr" else ": "
    blocks += [_section(section, colon) for section in sheet.sections]
    return "\n\n".join(blocks) + "\n"


def _closed_up(text: str) -> str:
    """The text with its guillemets kept at what they enclose: no line ends between them."""
    return text.replace("« ", "«\xa0").replace(" »", "\xa0»")


def as_html(sheet: Sheet) -> str:
    """The sheet as a page of its own; everything from the letter is escaped, nothing remote is asked for."""
    return _closed_up(page("sheet.html.j2", sheet=sheet))


def page(template: str, **values: object) -> str:
    """A page of this room; every value is escaped but for the style sheet, which is ours."""
    return _templates().get_template(template).render(style=Markup(_style()), **values)  # noqa: S704 - our own file


def _section(section: Section, colon: str) -> str:
    heading = [section.title.upper()] if section.title else []
    return "\n".join([*heading, *(_row(row, colon) for row in section.rows)])


def _row(row: Row, colon: str) -> str:
    label = f"{row.label}{colon}" if row.label else "- "
    lines = [_wrapped(f"{label}{row.text}", hanging="  ")]
    if row.note:
        lines.append(textwrap.indent(_wrapped(row.note), "  "))
    if row.quote:
        lines.append(textwrap.indent(_wrapped(row.quote), "    "))
    return "\n".join(lines)


def _wrapped(text: str, hanging: str = "") -> str:
    return textwrap.fill(
        _closed_up(text), _WIDTH, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
    )


@cache
def _templates() -> Environment:
    sources = {path.name: path.read_text(encoding="utf-8") for path in _HERE.glob("*.j2")}
    return Environment(
        loader=DictLoader(sources), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


@cache
def _style() -> str:
    return (_HERE / "style.css").read_text(encoding="utf-8")
