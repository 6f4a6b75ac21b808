"""Links printed in plain text, and addresses that were wrapped over lines put together again."""

from __future__ import annotations

from functools import cache
from typing import Any

import re2

from inboxbot.records import Link

MAX_LINKS = 2000
_HINT = re2.compile(r"(?i)\b(?:https?://|www\.)")
_SPAN = re2.compile(r"(?i)[^\s<>\"«»]*(?:https?://|www\.)[^\s<>\"«»]*")
_CLOSED = re2.compile(r"(?i)<\s*(https?://[^\s<>]+(?:\n[^\s<>]+){1,6})\s*>")
_URL_AT_END = re2.compile(r"(?i)(?:^|[\s(<\"«])(?:https?://|www\.)\S+$")
_TOKEN = re2.compile(r"^[^\s<>«»\"]+")
_URL_LIKE = re2.compile(r"[/=&%?#_]|\d[a-z]|[a-z]\d|-[a-z0-9]+-|\.(?:html?|php|aspx?|jpe?g|png|webp|gif|pdf)\b")
_PATH_END = re2.compile(r"(?i)^[^\s<>«»\"]*\.(?:html?|php|aspx?|jpe?g|png|webp|gif|pdf)$")
_WRAPPED_AT = 60  # shorter lines were not broken by a mail client (RFC 5322 §2.1.1 asks for 78)


def joined(text: str) -> str:
    """The text with wrapped addresses on one line, where that is unmistakable; everything else as it was."""
    if not _HINT.search(text):
        return text
    text = str(_CLOSED.sub(lambda match: f"<{match.group(1).replace(chr(10), '')}>", text))
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and (piece := _continuation(lines[-1], line)):
            lines[-1] += piece
            if rest := line[len(piece) :].strip():
                lines.append(rest)
        else:
            lines.append(line)
    return "\n".join(lines)


def _continuation(before: str, line: str) -> str:
    """The beginning of `line` that belongs to the address at the end of the line before it."""
    if not _URL_AT_END.search(before[-2000:]):
        return ""
    if len(before) < _WRAPPED_AT and not (before.endswith("/") and _PATH_END.match(line.rstrip())):
        return ""
    token = _TOKEN.match(line)
    if not token or _HINT.match(line):
        return ""
    piece = str(token.group())
    alone = len(piece) == len(line.rstrip())
    open_end = before[-1] in "/-=&?%_#."
    if _URL_LIKE.search(piece) and (alone or open_end or before[-1].isalnum()):
        return piece
    return piece if alone and open_end and piece.isascii() and len(piece) > 3 else ""


def printed(text: str, source: str) -> tuple[Link, ...]:
    """The links that stand in the text, in order, each once, as printed."""
    found: dict[str, Link] = {}
    for span in _SPAN.findall(text):
        for match in _linkify().match(span[:4000]) or ():
            href = match.url.rstrip("»”’")
            found.setdefault(href, Link(match.raw.rstrip("»”’"), href, source))
        if len(found) >= MAX_LINKS:
            break
    return tuple(found.values())


@cache
def _linkify() -> Any:
    from linkify_it import LinkifyIt  # noqa: PLC0415 - compiles large patterns; mails without an address need none

    return LinkifyIt(options={"fuzzy_email": False, "fuzzy_ip": False})
