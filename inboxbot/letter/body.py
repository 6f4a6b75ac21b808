"""Which parts of a mail are its words and which are carried along; of alternatives, the one that says something."""

from __future__ import annotations

from dataclasses import dataclass, field

import re2

from inboxbot.letter import phrases
from inboxbot.letter.charset import decode
from inboxbot.letter.html import Shown, shown, unmarked
from inboxbot.letter.links import joined
from inboxbot.letter.mime import Part
from inboxbot.letter.octets import octets
from inboxbot.letter.text import tidy

MAX_TEXT = 2 << 20
_SAYS_NOTHING = re2.compile(rf"(?is){phrases.SAYS_NOTHING}")
_STUB = 60  # words: a longer plain part that mentions HTML is a letter about HTML
_WORD = re2.compile(r"[\pL\pN]{2,}")
_ENOUGH = 0.6  # share of the HTML's words that a faithful plain part has; clients that convert reach 0.9
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")


@dataclass(frozen=True, slots=True)
class Words:
    """One stretch of the mail's words: the text, whether it came as HTML, and the HTML beside it for its links."""

    text: str
    rich: bool
    page: Shown | None = None


@dataclass(slots=True)
class Contents:
    """The mail sorted: its words, its attachments, the messages in it, and what was odd or could not be read."""

    words: list[Words] = field(default_factory=list)
    attached: list[Part] = field(default_factory=list)
    messages: list[Part] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


def contents_of(root: Part) -> Contents:
    """Sort the parts of a mail."""
    contents = Contents()
    _take(root, contents)
    return contents


def _take(part: Part, into: Contents) -> None:
    kind = part.media_type
    if kind == "multipart/alternative":
        _alternatives(part, into)
    elif kind == "multipart/encrypted" or kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        into.unread.append("the letter itself is encrypted and cannot be read")
        into.attached += [leaf for leaf in part.walk() if leaf.payload][:2]
    elif part.parts:
        for inner in part.parts:
            if not (kind == "multipart/signed" and inner.media_type in _SIGNATURES):
                _take(inner, into)
    elif kind in ("message/rfc822", "message/global"):
        into.messages.append(part)
    elif kind == "application/x-not-opened":
        pass
    elif kind in ("text/plain", "text/html") and _is_body(part, into):
        into.words.append(_rich(part, into) if kind == "text/html" else _plain(part, into))
    elif part.payload or part.name:
        into.attached.append(part)


def _is_body(part: Part, into: Contents) -> bool:
    """Shown in the mail rather than hung onto it; a named text counts as the body only where there is none yet."""
    return part.disposition != "attachment" and (not part.name or not into.words)


def _alternatives(part: Part, into: Contents) -> None:
    leaves = [leaf for leaf in part.walk() if not leaf.parts]
    plain = next(
        (leaf for leaf in leaves if leaf.media_type == "text/plain" and leaf.disposition != "attachment"), None
    )
    rich = next((leaf for leaf in leaves if leaf.media_type == "text/html" and leaf.disposition != "attachment"), None)
    if plain and rich:
        into.words.append(_better(_plain(plain, into), _rich(rich, into)))
    elif rich:
        into.words.append(_rich(rich, into))
    elif plain:
        into.words.append(_plain(plain, into))
    for leaf in leaves:
        if leaf is plain or leaf is rich:
            continue
        if leaf.media_type.startswith("message/"):
            into.messages.append(leaf)
        elif (
            leaf.media_type not in ("text/calendar", "text/x-amp-html", "text/watch-html", "text/enriched")
            and leaf.payload
        ):
            into.attached.append(leaf)


def _better(plain: Words, rich: Words) -> Words:
    """The plain part, unless it sends the reader to the HTML or leaves out much of it."""
    count, shown_count = len(plain.text.split()), len(rich.text.split())
    if shown_count == 0:
        return plain
    if count < _STUB and shown_count > count and _SAYS_NOTHING.search(plain.text):
        return rich
    shown_words = set(_WORD.findall(rich.text[:100_000].lower()))
    if not shown_words:
        return plain
    known = set(_WORD.findall(plain.text[:200_000].lower()))
    if len(shown_words & known) < _ENOUGH * len(shown_words):
        return rich
    return Words(plain.text, False, rich.page)


def _plain(part: Part, into: Contents) -> Words:
    text, defect = decode(part.payload[:MAX_TEXT], part.charset)
    _tell(defect, part, into)
    text = tidy(text)
    if part.flowed:
        text = _unflowed(text, part.del_sp, decode(part.payload[:MAX_TEXT], part.charset)[0])
    if _is_markup(text):  # HTML that is declared as plain text
        return _rich(part, into)
    return Words(joined(text), False)


def _rich(part: Part, into: Contents) -> Words:
    html, defect = decode(part.payload[: 2 * MAX_TEXT], part.charset or _declared(part.payload))
    _tell(defect, part, into)
    page = shown(html)
    if page.defect:
        into.defects.append(page.defect)
    return Words(unmarked(page.text), True, page)


def _tell(defect: str | None, part: Part, into: Contents) -> None:
    if defect:
        into.defects.append(f"{part.media_type}: {defect}")
    if len(part.payload) > MAX_TEXT:
        into.defects.append(f"{part.media_type}: longer than 2 MB, its end was not read")


_META = octets(rb'(?i)<meta[^>]{0,200}charset\s*=\s*["\']?([a-z0-9_.:-]{2,30})')


def _declared(payload: bytes) -> str | None:
    """The charset that the HTML itself declares."""
    found = _META.search(payload[:4096])
    return found.group(1).decode("ascii") if found else None


def _is_markup(text: str) -> bool:
    start = text[:300].lstrip().lower()
    return start.startswith(("<!doctype html", "<html")) or (
        start.startswith("<") and "</" in text and "<body" in text[:5000].lower()
    )


def _unflowed(text: str, del_sp: bool, raw: str) -> str:
    """Paragraphs of format=flowed put together (RFC 3676): a line that ends in a blank goes on in the next."""
    lines: list[str] = []
    flows, before = False, 0
    for line in raw.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        stuffed = line.removeprefix(" ")
        depth = len(line) - len(line.lstrip(">"))
        if flows and depth == before and line != "-- ":
            lines[-1] += line[depth:].removeprefix(" ") if depth else stuffed
        else:
            lines.append(line if depth else stuffed)
        flows = lines[-1].endswith(" ") and line != "-- "
        before = depth
        if flows and del_sp:
            lines[-1] = lines[-1][:-1]
    return tidy("\n".join(lines)) or text
