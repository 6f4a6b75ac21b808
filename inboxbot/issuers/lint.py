"""The reply lint: what a reply must never say. Every rendered reply passes it before it is filed.

It reads the reply's own words: lines that quote the letter (`>`) are only looked at for live links.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import re2

from inboxbot.issuers.phrases import OFFERS, PHRASES, WHY
from inboxbot.issuers.quote import host_of, live_links
from inboxbot.issuers.said import dates_in, sums_in
from inboxbot.issuers.wording import LANGUAGES, blanks, without_blanks

_HOLES = re2.compile(
    r"\{\{|\}\}|\{%|%\}|\bNone(?: of)?\b|\bTODO\b|\bFIXME\b|\bTBD\b|\bX{3,}\b|\b[Uu]ndefined\b|\bNaN\b|_{3,}|\.{4,}|<[^<>\n]{1,80}>|\[[^\[\]\n]*\]?"
)
_TEMPLATE_PART = re2.compile(r"(?s)\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a reply must not say: the rule, the line, the words and the reason."""

    rule: str
    line: int
    excerpt: str
    why: str


def lint(
    text: str,
    language: str | None = None,
    allowed_amounts: Collection[Decimal] | None = None,
    allowed_dates: Collection[date] | None = None,
    hosts: Collection[str] = (),
    *,
    verbatim: Collection[str] = (),
    own_hosts: Collection[str] = (),
    announced: int | None = None,
) -> list[Problem]:
    """Everything wrong with a reply, in the order of its lines.

    Without a language every language's phrases count. `None` for amounts or dates means that a person typed them.
    `verbatim` are the letter's own references, which may look like sums or dates; `hosts` are the letter's sites;
    `announced` is the number of blanks that the case sheet tells.
    """
    own = _own_words(text)
    said = without_blanks(own)
    found = [*_phrases(said, language), *_offers(said, language), *_holes(said)]
    numbers = _without(said, verbatim)
    if allowed_amounts is not None:
        found += [_problem("sum", said, at, words, "is a sum that is not in the letter") for at, words, value in sums_in(numbers)
                  if value not in allowed_amounts]  # fmt: skip
    if allowed_dates is not None:
        found += [_problem("date", said, at, words, "is a date that is not in the letter") for at, words, value in dates_in(numbers)
                  if not _allowed(value, allowed_dates)]  # fmt: skip
    found += [
        _problem("link", text, text.find(link), link, "is a live link")
        for link in live_links(text, hosts)
        if host_of(link) not in own_hosts
    ]
    if announced is not None and announced != (count := len(blanks(own))):
        found.append(Problem("blanks", 1, str(count), f"has {count} blanks, but {announced} were announced"))
    return sorted(found, key=lambda problem: problem.line)


def lint_template(source: str, language: str | None = None) -> list[Problem]:
    """What is wrong with a template's own words; its expressions and statements are passed over."""
    bare = _TEMPLATE_PART.sub(lambda match: "…" + "\n" * match.group().count("\n"), source)
    return lint(str(bare), language)


def lint_draft(name: str, raw: bytes) -> list[Problem]:
    """What is wrong with an edited draft, as plain text or as a saved mail (`.eml`)."""
    if name.endswith(".eml"):
        from email import message_from_bytes, policy  # noqa: PLC0415

        body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
        return lint(str(body.get_content()) if body else "")
    return lint(raw.decode("utf-8", "replace"))


def fold(text: str) -> str:
    """The text as the phrases expect it, each character standing where it stood: plain small letters, one kind of blank."""
    return "".join(map(_plain, text))


def _flowing(text: str) -> str:
    """Folded text whose paragraphs are one line each: templates and mail programs break lines anywhere."""
    folded = fold(text)
    return "".join(
        " " if c == "\n" and folded[at - 1 : at] != "\n" and folded[at + 1 : at + 2] != "\n" else c
        for at, c in enumerate(folded)
    )


@cache
def _plain(character: str) -> str:
    if character in "’‘ʼ`´":
        return "'"
    if character in "‐‑–—":
        return "-"
    if character == "œ":
        return "o"
    if character != "\n" and character.isspace():
        return " "
    base = unicodedata.normalize("NFD", character)[0].lower()
    return "s" if base == "ß" else base[0]


def _own_words(text: str) -> str:
    """The text with the quoted letter, and the line that introduces it, blanked out."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.startswith(">")), None)
    if first is not None and first > 0 and lines[first - 1].rstrip().endswith(":"):
        lines[first - 1] = ""
    return "\n".join("" if line.startswith(">") else line for line in lines)


def _phrases(text: str, language: str | None) -> Iterator[Problem]:
    folded = _flowing(text)
    for rule, by_language in PHRASES.items():
        for spoken in ("*", *((language,) if language else LANGUAGES)):
            for pattern in by_language.get(spoken, ()):
                for match in _compiled(pattern).finditer(folded):
                    yield _problem(rule, text, match.start(), text[match.start() : match.end()], WHY[rule])


def _offers(text: str, language: str | None) -> Iterator[Problem]:
    folded = _flowing(text)
    for spoken in (language,) if language else LANGUAGES:
        offer, reserves = OFFERS[spoken]
        match = _compiled(offer).search(folded)
        if match and not all(_compiled(reserve).search(folded) for reserve in reserves):
            words = text[match.start() : match.end()]
            yield _problem(
                "offer", text, match.start(), words, "offers without “no admission” and “in full and final settlement”"
            )


def _holes(text: str) -> Iterator[Problem]:
    for match in _HOLES.finditer(text):
        if match.group() not in {"None of", "[.]"}:
            yield _problem("unfilled", text, match.start(), match.group(), "was left unfilled")


def _without(text: str, verbatim: Collection[str]) -> str:
    for words in sorted(filter(None, verbatim), key=len, reverse=True):
        text = text.replace(words, "~" * len(words))
    return text


def _allowed(value: date | tuple[int, int] | None, allowed: Collection[date]) -> bool:
    if isinstance(value, tuple):
        return any((day.day, day.month) == value for day in allowed)
    return value in allowed


def _problem(rule: str, text: str, at: int, words: str, why: str) -> Problem:
    return Problem(rule, text.count("\n", 0, max(at, 0)) + 1, " ".join(words.split())[:80], why)


@cache
def _compiled(pattern: str) -> Any:
    return re2.compile(pattern)
