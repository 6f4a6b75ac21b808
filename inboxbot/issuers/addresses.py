"""Which of a letter's addresses are what: the pages and images where the use was found, and the issuer's portal.

Not every address is one of them: the issuer's and the writer's own sites, laws, mail services and footers are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import re2

from inboxbot.issuers.kinds.url import Address, addresses_in, belongs, host_of, key_of, registrable, resolved
from inboxbot.issuers.places import OWN, View
from inboxbot.issuers.room import Room
from inboxbot.issuers.rules import Rule
from inboxbot.records import Letter, Passage

FACTS = ("portal_url", "image_urls", "page_urls")  # an address goes to the first whose rule takes it

_SOCIAL = frozenset(
    f"{site}.com" for site in "facebook instagram linkedin twitter x youtube tiktok xing pinterest threads".split()
)
_COVER = 60  # words: a mail that says less itself only brings the letter that it carries
_HOME = re2.compile(r"(?i)\b(?:home ?page|page d.accueil|startseite|pagina (?:principal|iniziale)|voorpagina)\W*$")
_PATH = re2.compile(
    r"(?i)(?:^|[\s(\"«:>])(/?(?:[\w.%~-]+/){1,12}[\w.%~-]+\.(?:jpe?g|png|webp|gif|avif|tiff?))(?:$|[\s,;.)\"»])"
)

Found = Mapping[str, list[tuple[str, Passage]]]


def find_addresses(letter: Letter, room: Room, views: Mapping[str, tuple[View, ...]], case_number: str | None) -> Found:
    """The addresses of each fact that the room has rules for, in order; of the history only where the letter has none."""
    rules = [room.rules[fact] for fact in FACTS if fact in room.rules]
    own = [view for place in OWN for view in views[place]]
    found = _sorted_out(addresses_in(own, letter.links, room.trust.domains), rules, letter, room, case_number)
    if not found.get("page_urls") and not found.get("image_urls"):
        found = {**_sorted_out(addresses_in(views["history"]), rules, letter, room, None), **found}
    for part in (own, views["history"]):
        if "page_urls" in room.rules and not found.get("page_urls") and not found.get("image_urls"):
            found["page_urls"] = _named_sites(room.rules["page_urls"], part, letter, room)
    pages = _pages(found.get("page_urls", []))
    told = {fact: [_told(each, fact, room) for each in addresses] for fact, addresses in found.items()}
    told["page_urls"] = [_told(page, "page_urls", room) for page in pages]
    if len(pages) == 1 and not told.get("image_urls") and "image_urls" in room.rules:
        told["image_urls"] = list(_paths(room.rules["image_urls"], pages[0].url, own, room))
    return told


def _told(address: Address, fact: str, room: Room) -> tuple[str, Passage]:
    return address.url, Passage(address.quote, address.source, f"{room.name}.{fact}")


def _sorted_out(
    addresses: Sequence[Address], rules: Sequence[Rule], letter: Letter, room: Room, case_number: str | None
) -> dict[str, list[Address]]:
    """Each address under the first fact whose rule takes it."""
    taken: dict[str, list[Address]] = {}
    for address in addresses:
        site = _site(address, letter, room)
        rule = next((rule for rule in rules if _takes(rule, address, site, case_number)), None)
        if rule is not None:
            taken.setdefault(rule.fact, []).append(address)
    return taken


def _site(address: Address, letter: Letter, room: Room) -> str:
    """Whose site an address is on: the issuer's, the sender's or anybody else's."""
    if belongs(address.host, (*room.trust.domains, *room.trust.neutral)):
        return "issuer"
    if belongs(address.host, _SOCIAL) and any(name.search(address.url) for name in room.brands):
        return "issuer"
    owner = registrable(address.host)
    if any(registrable(each.domain) == owner for each in letter.head.recipients if each.domain):
        return "others"
    writers = [letter.forwarded.sender] if letter.forwarded else [*letter.senders, *letter.reply_to]
    if not any(each and each.domain and registrable(each.domain) == owner for each in writers):
        return "others"
    carried = address.source.startswith("attachment:") and len(letter.body.split()) < _COVER
    return "others" if carried and not address.is_home else "sender"  # who hands a letter on may be the one accused


def _takes(rule: Rule, address: Address, site: str, case_number: str | None) -> bool:
    if site not in rule.of or any(pattern.search(address.url) for pattern in rule.never):
        return False
    if rule.unless is not None and rule.unless.search(address.beside):
        return False
    if any(pattern.regex.search(address.url) for pattern in rule.patterns):
        return True
    if address.is_bare:
        return False
    if rule.fact == "portal_url" and case_number and key_of(case_number) in address.key:
        return True
    return not (rule.patterns or rule.near) or any(pattern.search(address.beside) for pattern in rule.near)


def _pages(pages: Sequence[Address]) -> list[Address]:
    """A site that is named beside one of its pages is only where the page is, unless it stands for itself."""
    hosts = {page.host.removeprefix("www.") for page in pages if not page.is_home}
    return [
        page
        for page in pages
        if not page.is_home or page.leads or _HOME.search(page.beside) or page.host.removeprefix("www.") not in hosts
    ]


def _named_sites(rule: Rule, views: Sequence[View], letter: Letter, room: Room) -> list[Address]:
    """Sites that are named by their host alone, where the letter gives no page: "on gites-lavergne.example"."""
    found: dict[str, Address] = {}
    for pattern in rule.sites:
        for view in views:
            for match in pattern.finditer(view.plain):
                url = view.text[match.start(1) : match.end(1)]
                beside = view.plain[view.sentence(match.start(1))[0] : match.start(1)]
                address = Address(url, host_of(url), beside, view.source, view.quote(*match.span(1)))
                refused = any(each.search(url) for each in rule.never) or bool(
                    rule.unless and rule.unless.search(beside)
                )
                if _site(address, letter, room) in rule.of and not refused:
                    found.setdefault(address.key, address)
    return list(found.values())


def _paths(rule: Rule, page: str, views: Sequence[View], room: Room) -> Iterator[tuple[str, Passage]]:
    """Images that are named by their path on the page."""
    for view in views:
        for match in _PATH.finditer(view.text):
            url = resolved(match.group(1), page)
            if any(pattern.regex.search(url) for pattern in rule.patterns):
                yield url, Passage(view.quote(*match.span(1)), view.source, f"{room.name}.{rule.fact}")
