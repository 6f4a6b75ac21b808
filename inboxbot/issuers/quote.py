"""The letter quoted below a reply, with every address in it made harmless."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import re2

from inboxbot.issuers.wording import day
from inboxbot.records import Head, Letter

LIMIT = 20_000  # characters; a reply needs the letter's gist below it, not its appendices

# With a scheme, or a dot in it: whatever else stands in a letter, nearly all of it, no mail program makes a link of.
_TOKEN = re2.compile(
    r"(?i)(?:[a-z][a-z0-9+.-]{1,12}://[\pL\pN._%+@-]+|[\pL\pN_%+@-]+\.[\pL\pN._%+@-]+)(?:[:/?#][^\s<>\"«»\[\]]*)?"
)
_MARKS = re2.compile(r"(?i)^(?:(?:re|aw|antw|sv|fwd?|tr|wg|rv|doorst)\s?(?:\[\d+\])?\s?:\s*)+")
_SCHEME = re2.compile(r"(?i)^([a-z][a-z0-9+.-]{1,12})://")
_HOST = re2.compile(r"(?i)^(?:[\pL\pN-]+\.)+(\pL+)")
# Endings that mail programs turn into links even without "www."; hosts that the letter links to are added to these.
_ENDINGS = frozenset(
    "com net org info biz eu fr de uk be ch lu at es it nl io co xyz app dev online site shop legal me tv paris ly us ca"
    " cloud top club link page agency photo photos pictures media example test".split()
)


def may_quote(letter: Letter, ours: Collection[str]) -> bool:
    """Whether the mail's words are the claimant's.

    A note that somebody on the user's side wrote around a scan ("I thought it was free") must not go to the other side.
    """
    if letter.forwarded is not None:
        return True
    return not _from_inside(letter, ours) and not _is_covering(letter)


def own_subject(letter: Letter, ours: Collection[str]) -> str:
    """The subject that the claimant gave the letter, without the marks of answers and forwards.

    Empty where only somebody on the user's side gave one ("scan, what do we do???"): it must not go to the other side.
    """
    if letter.forwarded is not None:
        subject = letter.forwarded.subject
    else:
        sender = letter.head.sender
        mine = sender is not None and sender.addr.lower() in ours
        subject = "" if mine or (_from_inside(letter, ours) and _is_covering(letter)) else letter.subject
    return str(_MARKS.sub("", " ".join(subject.split())))


def _from_inside(letter: Letter, ours: Collection[str]) -> bool:
    """Whether somebody on the user's side sent the mail."""
    sender = letter.head.sender
    if sender is None or sender.addr.lower() in ours:
        return True
    return sender.domain in {each.domain for each in letter.head.recipients}


def _is_covering(letter: Letter) -> bool:
    """Whether the mail only covers the letter that it carries."""
    return len(letter.body) < sum(len(each.text) for each in letter.attachments)


def quotation(letter: Letter, language: str, hosts: Collection[str] = ()) -> str:
    """The letter's own words behind `>`, under a line that says who wrote them and when."""
    head = letter.forwarded or letter.head
    body = letter.body if len(letter.body) <= LIMIT else f"{letter.body[:LIMIT]}\n…"
    lines = "\n".join(f"> {line}".rstrip() for line in defang(body, hosts).strip("\n").split("\n"))
    return f"{defang(_introduction(head, language), hosts)}\n{lines}"


def defang(text: str, hosts: Collection[str] = ()) -> str:
    """The text with no address left that a mail program would make clickable: hxxps://portal[.]example.com/…"""
    return str(_TOKEN.sub(lambda match: _dead(match.group(), hosts), text))


def live_links(text: str, hosts: Collection[str] = ()) -> tuple[str, ...]:
    """The addresses in the text that a mail program would make clickable."""
    return tuple(token.rstrip(".,;:!?)") for token in _TOKEN.findall(text) if _dead(token, hosts) != token)


def host_of(url: str) -> str:
    """The host of a URL as printed, lower-case, without "www."; empty where there is none."""
    try:
        return (urlsplit(url if "://" in url else f"//{url}").hostname or "").removeprefix("www.")
    except ValueError:  # e.g. an unclosed IPv6 bracket
        return ""


def _dead(token: str, hosts: Collection[str]) -> str:
    scheme = _SCHEME.match(token)
    rest = token[scheme.end() :] if scheme else token
    where = _HOST.match(rest)
    if scheme:
        name = scheme.group(1).lower()
        dead = name if name.startswith(("hxxp", "x-")) else name.replace("tt", "xx") if "tt" in name else f"x-{name}"
        return f"{dead}://{_dotless(rest, where)}"
    if where is None or "@" in rest.split("/", 1)[0]:
        return token
    host = where.group().lower()
    known = where.group(1).lower() in _ENDINGS or host.startswith("www.") or any(_within(host, h) for h in hosts)
    return _dotless(rest, where) if known else token


def _dotless(rest: str, where: Any) -> str:
    if where is None:
        return rest
    return rest[: where.end()].replace(".", "[.]") + rest[where.end() :]


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _introduction(head: Head, language: str) -> str:
    when = day(head.sent_at.date(), language) if head.sent_at else None
    who = " ".join((head.sender.name or head.sender.addr).split()) if head.sender else None
    if when and who:
        return {
            "fr": f"Le {when}, {who} a écrit :",
            "en": f"On {when}, {who} wrote:",
            "de": f"Am {when} schrieb {who}:",
        }[language]
    if who:
        return {"fr": f"{who} a écrit :", "en": f"{who} wrote:", "de": f"{who} schrieb:"}[language]
    return {"fr": "Votre courrier :", "en": "Your letter:", "de": "Ihr Schreiben:"}[language]
