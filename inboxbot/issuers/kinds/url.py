"""Addresses of the web: every one that a letter prints or links, with the words beside it and whose site it is on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import re2
from publicsuffixlist import PublicSuffixList

from inboxbot.issuers.places import View, plain
from inboxbot.records import Link

MOST = 300  # addresses of one letter that are looked at
_BESIDE = 160  # characters before an address that may explain it

_PRINTED = re2.compile(
    r"(?i)https?://[^\s<>\"«»“”|]+|\bwww\.[^\s<>\"«»“”|]+|[^\s<>\"«»“”|/@:;,.()='’]+(?:\.[^\s<>\"«»“”|/@:;,.()='’]+)*\.[a-z]{2,24}/[^\s<>\"«»“”|]*"
)
_WORD = re2.compile(r"\pL")
_EDGES = ".,;:!?*_'’»”…"
_REWRITTEN = {  # what mail filters make of an address, and where they keep it
    "safelinks.protection.outlook.com": "url",
    "www.google.com": "q",
    "google.com": "q",
    "l.facebook.com": "u",
    "protect-fr.mimecast.com": "domain",
}


@dataclass(frozen=True, slots=True)
class Address:
    """An address as printed, or as in the href; `beside` are the words before it, `leads` that its line begins with it."""

    url: str
    host: str
    beside: str
    source: str
    quote: str
    leads: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether only a host is written."""
        return self.url.casefold() == self.host

    @property
    def is_home(self) -> bool:
        """Whether it names a site and no page of it."""
        parts = _parts(self.url)
        return parts is None or (parts.path in ("", "/") and not parts.query and not parts.fragment)

    @property
    def key(self) -> str:
        return key_of(self.url)


def addresses_in(views: Sequence[View], links: Sequence[Link] = (), sites: Collection[str] = ()) -> tuple[Address, ...]:
    """The addresses of these places in the order a person meets them, each once: printed ones, then those behind words.

    A bare host counts as an address on these `sites` alone: elsewhere it names a firm or a programme.
    """
    found: dict[str, Address] = {}
    for view in views:
        for address in _printed(view, sites):
            found.setdefault(address.key, address)
    for link in links:
        linked = _linked(link, views)
        if linked is None:
            continue
        twin = next((found[key] for key in (linked.key, key_of(link.text)) if key in found), None)
        if twin is None:
            found[linked.key] = linked
        elif "://" not in twin.url or twin.key != linked.key:  # the href is the fuller writing
            found[twin.key] = replace(twin, url=linked.url, host=linked.host)
    return tuple(found.values())[:MOST]


def key_of(url: str) -> str:
    """The same for two writings of one address."""
    bare = url.partition("://")[2] if "://" in url else url
    return bare.strip().removeprefix("www.").rstrip("/").casefold()


def registrable(host: str) -> str:
    """The domain that somebody registered, by the public suffix list; the host itself where the list knows none."""
    return str(_suffixes().privatesuffix(host.lower()) or host.lower())


def belongs(host: str, domains: Collection[str]) -> bool:
    """Whether the host is one of these domains or under one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def host_of(url: str) -> str:
    """The host of an address, lower-case; empty where there is none."""
    parts = _parts(url)
    return (parts.hostname or "").rstrip(".") if parts else ""


def resolved(path: str, page: str) -> str:
    """An image's path as an address, relative to the page it stands on (RFC 3986 §5)."""
    return urljoin(page if "://" in page else f"http://{page}", path)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _parts(url: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    try:
        return urlsplit(url if "://" in url else f"//{url}")
    except ValueError:
        return None


def _printed(view: View, sites: Collection[str]) -> Iterator[Address]:
    text = view.text
    found = {match.start(): match.group() for match in _PRINTED.finditer(text)}
    if sites:
        hosts = "|".join(re2.escape(site) for site in sites)
        bare = re2.compile(rf"(?i)\b(?:[a-z0-9-]+\.)*(?:{hosts})\b").finditer(text)
        found = {match.start(): match.group() for match in bare} | found
    for start in sorted(found)[:MOST]:
        url = _unwrapped(_ended(found[start]))
        host = host_of(url)
        if "." not in host or (
            start and "://" not in url and text[start - 1] in "@/.-_:"
        ):  # of a mail address, or a tail
            continue
        left, _ = view.sentence(start)
        begins = text[text.rfind("\n", 0, start) + 1 : start]
        yield Address(
            url,
            host,
            _before(view, left, start),
            view.source,
            view.quote(start, start + len(url)),
            leads=not _WORD.search(begins),
        )


def _before(view: View, left: int, start: int) -> str:
    """The words that lead up to an address: of its sentence, or of the line above where it begins its own."""
    said = view.plain[max(left, start - _BESIDE) : start].strip(" <(\"'-*")
    if len(said) > 3:
        return said
    above = view.plain[:left].rstrip("\n ")
    return f"{above[max(above.rfind(chr(10)) + 1, len(above) - _BESIDE) :]} {said}"


def _ended(url: str) -> str:
    """The address without the marks of the sentence that it ends."""
    while url:
        bare = url.rstrip(_EDGES)
        for opening, closing in ("()", "[]"):
            if bare.endswith(closing) and bare.count(closing) > bare.count(opening):
                bare = bare[:-1]
        if bare == url:
            break
        url = bare
    return url


def _linked(link: Link, views: Sequence[View]) -> Address | None:
    """The address behind words; where the words are another address, that one is meant and this only counts clicks."""
    url = _unwrapped(link.href)
    host = host_of(url)
    if "." not in host or not url.lower().startswith(("http://", "https://", "www.")):
        return None
    if link.text and (shown := _PRINTED.search(link.text)) and registrable(host_of(shown.group())) != registrable(host):
        return None
    for view in views:
        at = view.text.find(link.text) if link.text and view.source == link.source else -1
        if at >= 0:
            left, _ = view.sentence(at)
            beside = f"{_before(view, left, at)} {plain(link.text)}"
            return Address(url, host, beside, link.source, view.quote(at, at + len(link.text)))
    return Address(url, host, plain(link.text), link.source, link.text or url)


def _unwrapped(url: str) -> str:
    """The address that a mail filter wrapped into one of its own."""
    host = host_of(url)
    for filtering, key in _REWRITTEN.items():
        if host == filtering or host.endswith(f".{filtering}"):
            inner = parse_qs(urlsplit(url).query).get(key, [""])[0]
            return inner if inner.startswith(("http://", "https://")) else url
    if host.startswith("urldefense.") and "/v3/__" in url:
        return unquote(url.partition("/v3/__")[2].partition("__;")[0])
    return url
