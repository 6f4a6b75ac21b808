"""Signs in the letter's links: hosts that imitate, links that show one place and lead to another, stores for files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import parse_qs, urlsplit

import re2

from inboxbot.records import Letter, Link, TrustProfile
from inboxbot.trust.carriage import is_program
from inboxbot.trust.findings import DECISIVE, Finding, Matter
from inboxbot.trust.hosts import CLOUD, RELAYS, belongs, has_known_ending, host_of, same_owner, shown
from inboxbot.trust.lookalikes import looks_like
from inboxbot.trust.sender import domain_of, writers
from inboxbot.trust.words import reason

_SHOWN = re2.compile(r"(?i)^\s*(https?://|www\.)?((?:[a-z0-9\pL-]+\.)+[a-z\pL]+)(?:[/:?#]\S*)?\s*$")
_URL = re2.compile(r"https?://[^\s<>\"]+")
_OPENS = re2.compile(
    r"\b(?:look at|open|click|view|see|download|check|access|consulte[rz]|clique[rz]|ouvre[rz]|ouvrir|voir|voyez|telecharge[rz]"
    r"|regarde[rz]|ansehen|offnen|klicken|herunterladen|laden)\b"
)
_PROOFS = re2.compile(
    r"\b(?:documents?|evidences?|proofs?|files?|originals?|my (?:images|photos|pictures)|preuves?|pieces?|fichiers?|dossier complet"
    r"|mes (?:images|photos)|beweise?|unterlagen|dokumente?|dateien|meine (?:bilder|fotos))\b"
)
_PAYS = re2.compile(  # there: "Réglez ici : …", "pay 350 EUR at …"
    r"\b(?:reglez|payez|regler|payer|pay|settle|zahlen sie|bezahlen sie|begleichen sie)\b.{0,60}"
    r"\b(?:ici|sur|via|par|here|at|on|hier|unter|auf)\b[^.]{0,20}https?://"
)
MOST = 500


def link_signs(matter: Matter) -> Iterator[Finding]:
    """What the links of a letter of this room give away; the pages that it complains of are no links of its own.

    A page where one is to pay is no page that is complained of, whatever was made of it.
    """
    profile, facts, language = matter.profile, matter.facts, matter.language
    paid_at = {host_of(url) for each in matter.said if _PAYS.search(each) for url in _URL.findall(each)}
    complained = {host_of(url) for url in (*facts.page_urls, *facts.image_urls)} - paid_at
    own = (*profile.domains, *profile.neutral)
    every = [(link, target) for link in matter.letter.links[:MOST] if (target := _target(link))]
    links = [(link, target) for link, target in every if target not in complained]
    for host in dict.fromkeys(target for _, target in links):
        if looks_like(host, own, profile.lookalikes):
            yield Finding(reason("lookalike", language, host=shown(host), title=profile.title), DECISIVE)
    yield from _tricks(links, profile, language)
    yield from _programs([link for link, _ in links], language)
    if store := _store(links):
        yield Finding(reason("cloud", language, host=shown(store)), 1 if profile.relayed else 2)
    if not profile.relayed:
        yield from _elsewhere(matter, {target for _, target in every}, (*own, *RELAYS))


def store_links(letter: Letter, language: str) -> Iterator[Finding]:
    """Links to programs, and the first one to a store for files or a link shortener."""
    yield from _programs(letter.links[:MOST], language)
    if store := _store([(link, _target(link)) for link in letter.links[:MOST]]):
        yield Finding(reason("cloud", language, host=shown(store)), 2)


def _programs(links: Iterable[Link], language: str) -> Iterator[Finding]:
    """A link at whose end lies a program: https://example.net/evidence.pdf.js."""
    for link in links:
        name = link.href.partition("?")[0].partition("#")[0].rpartition("/")[2]
        if is_program(name) and not name.lower().endswith(".com") and "://" in link.href.removesuffix(name):
            yield Finding(reason("program-link", language, host=shown(_target(link))), DECISIVE)


def _store(links: list[tuple[Link, str]]) -> str:
    return next((target for _, target in links if belongs(target, CLOUD)), "")


def _elsewhere(matter: Matter, hosts: set[str], own: tuple[str, ...]) -> Iterator[Finding]:
    """Proofs to be opened, or an answer to be given, at a third party's; a law firm that took over has its own site."""
    named = {"title": matter.profile.title}
    sender = tuple(domain_of(writer) for writer in writers(matter.letter))
    lure = next(
        (host for each in matter.said if (host := _lure(each)) in hosts and not belongs(host, (*own, *sender))), ""
    )
    if lure:
        yield Finding(reason("evidence-elsewhere", matter.language, host=shown(lure), **named), 2)
    portal = host_of(matter.facts.portal_url or "")
    if portal and matter.stage != "lawyer" and not belongs(portal, own):
        yield Finding(reason("portal-elsewhere", matter.language, host=shown(portal), **named), 2)


def _tricks(links: list[tuple[Link, str]], profile: TrustProfile, language: str) -> Iterator[Finding]:
    """The first link that shows a host and leads to another's; hard where it shows the issuer's own.

    A mail service's counter before the issuer's link is no trick.
    """
    for link, target in links:
        named = _SHOWN.match(link.text)
        if not named or belongs(target, RELAYS):
            continue
        host = host_of(named.group(2))
        if (named.group(1) or has_known_ending(host)) and not same_owner(host, target):
            hard = belongs(host, profile.domains)
            yield Finding(
                reason("link-trick", language, shown=shown(host), actual=shown(target)), DECISIVE if hard else 1
            )
            return


def _lure(sentence: str) -> str:
    """The host of an address in a sentence that bids to open documents or proofs there; empty where it does not."""
    address = _URL.search(sentence)
    return host_of(address.group()) if address and _OPENS.search(sentence) and _PROOFS.search(sentence) else ""


def _target(link: Link) -> str:
    """The host where the link leads, seen through the receivers' link checkers."""
    host = host_of(link.href)
    if host.endswith("safelinks.protection.outlook.com"):
        try:
            inner = parse_qs(urlsplit(link.href).query).get("url", [""])[0]
        except ValueError:
            return host
        return host_of(inner) or host
    return host
