"""Signs in the letter's links: hosts that imitate, links that show one place and lead to another, stores for files."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import re2

from inboxbot.records import Facts, Letter, Link, TrustProfile
from inboxbot.trust.findings import DECISIVE, Finding
from inboxbot.trust.hosts import CLOUD, RELAYS, belongs, has_known_ending, host_of, looks_like, same_owner, shown
from inboxbot.trust.words import reason

_SHOWN = re2.compile(r"(?i)^\s*(https?://|www\.)?((?:[a-z0-9\pL-]+\.)+[a-z\pL]+)(?:[/:?#]\S*)?\s*$")
MOST = 500


def link_signs(
    letter: Letter, profile: TrustProfile, facts: Facts, stage: str | None, language: str
) -> Iterator[Finding]:
    """What the links of a letter of this room give away; the pages that it complains of are no links of its own."""
    complained = {host_of(url) for url in (*facts.page_urls, *facts.image_urls)}
    own = (*profile.domains, *profile.neutral)
    links = [(link, target) for link in letter.links[:MOST] if (target := _target(link)) and target not in complained]
    for host in dict.fromkeys(target for _, target in links):
        if looks_like(host, own, profile.lookalikes):
            yield Finding(reason("lookalike", language, host=shown(host), title=profile.title), DECISIVE)
    yield from _tricks(links, profile, language)
    for host in [target for _, target in links if belongs(target, CLOUD)][:1]:
        yield Finding(reason("cloud", language, host=shown(host)), 1 if profile.relayed else 2)
    portal = host_of(facts.portal_url) if facts.portal_url else ""
    if portal and not profile.relayed and stage != "lawyer" and not belongs(portal, (*own, *RELAYS)):
        yield Finding(reason("portal-elsewhere", language, host=shown(portal), title=profile.title), 2)


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
