"""Signs on the envelope: who the letter says it is from, who that is, and where an answer would go."""

from __future__ import annotations

from collections.abc import Iterator

import re2

from inboxbot.records import Address, Brief, Letter, TrustProfile
from inboxbot.trust.authentication import Authentication
from inboxbot.trust.findings import DECISIVE, Finding
from inboxbot.trust.hosts import FREEMAIL, PROVIDERS, RELAYS, belongs, looks_like, readable, same_owner, shown
from inboxbot.trust.words import reason

_SHOWN_ADDRESS = re2.compile(r"[^\s<>@\"'(),;:]+@([a-zA-Z0-9\pL.-]+\.[a-zA-Z\pL]+)")
_COVER = 60  # words: what a person writes above a letter that he passes on
_WORD = re2.compile(r"[a-z0-9]+")


def domain_of(address: Address) -> str:
    """The address's domain as it reads, punycode decoded."""
    return readable(address.domain)


def writers(letter: Letter) -> tuple[Address, ...]:
    """Whom the letter names as its sender: of a forwarded letter the inner one, which nobody has checked."""
    if letter.forwarded:
        return (letter.forwarded.sender,) if letter.forwarded.sender else ()
    return letter.senders or ((letter.head.sender,) if letter.head.sender else ())


def is_carried(letter: Letter, profile: TrustProfile, brief: Brief) -> bool:
    """Whether a person passed the letter on: forwarded, sent from a mailbox of the user's, or attached to a few words.

    A sender who bears the room's name passes nothing on.
    """
    if letter.forwarded:
        return True
    senders = writers(letter)
    if any(_names(sender, profile) for sender in senders):
        return False
    if senders and all(_is_ours(sender, brief) for sender in senders):
        return True
    return len(letter.body.split()) < _COVER and any(
        a.scanned or len(a.text.split()) > _COVER for a in letter.attachments
    )


def _is_ours(sender: Address, brief: Brief) -> bool:
    """The user's own address, or a colleague's: the same domain, where that is not a mail service's."""
    domain = domain_of(sender)
    shared = belongs(domain, FREEMAIL | PROVIDERS)
    return sender.addr.lower() in brief.ours or any(
        not shared and same_owner(domain, our.rpartition("@")[2]) for our in brief.ours
    )


def tricks(letter: Letter, profile: TrustProfile | None, language: str) -> Iterator[Finding]:
    """Disguises that no mail needs: several senders of different owners, another address in the name."""
    senders = letter.senders
    if len(senders) > 1 and any(not same_owner(domain_of(each), domain_of(senders[0])) for each in senders):
        yield Finding(reason("several-senders", language), DECISIVE)
    for sender in {*senders, *writers(letter)}:
        for hit in _SHOWN_ADDRESS.finditer(sender.name):
            if not same_owner(hit.group(1).lower(), domain_of(sender)):
                own = profile is not None and belongs(readable(hit.group(1).lower()), profile.domains)
                told = reason("name-trick", language, shown=hit.group(), actual=shown_address(sender))
                yield Finding(told, DECISIVE if own else 1)


def shown_address(address: Address) -> str:
    """The address for people, its domain undeceiving."""
    return f"{address.addr.rpartition('@')[0]}@{shown(domain_of(address))}"


def sender_signs(
    letter: Letter, profile: TrustProfile, stage: str | None, told: Authentication, language: str, *, carried: bool
) -> Iterator[Finding]:
    """What the addresses of a letter of this room give away, where its sender is not proved to be the issuer."""
    known = (*profile.domains, *profile.neutral)
    for host in dict.fromkeys(domain_of(each) for each in (*letter.senders, *writers(letter), *letter.reply_to)):
        if looks_like(host, known, profile.lookalikes):
            yield Finding(reason("lookalike", language, host=shown(host), title=profile.title), DECISIVE)
    if told.failed and letter.senders and not letter.forwarded:
        hard = not profile.relayed and not _passed_servers(letter)
        domain = shown(domain_of(letter.senders[0]))
        yield Finding(reason("failed", language, domain=domain), DECISIVE if hard else 1)
    if not carried:
        for sender in writers(letter)[:1]:
            yield from _stranger(sender, profile, stage, language)
    yield from _reply_elsewhere(letter, profile, language)


def _passed_servers(letter: Letter) -> bool:
    """Whether the mail tells of a list or a forwarder, behind which an honest sender fails DMARC (RFC 7960)."""
    return any(name.lower().startswith(("list-", "resent-", "arc-")) for name, _ in letter.trace)


def _stranger(sender: Address, profile: TrustProfile, stage: str | None, language: str) -> Iterator[Finding]:
    domain = domain_of(sender)
    if belongs(domain, (*profile.domains, *profile.neutral)) or not domain:
        return
    provider = belongs(domain, PROVIDERS)
    if belongs(domain, FREEMAIL) or (provider and not profile.relayed):
        if _names(sender, profile):
            yield Finding(reason("posing", language, title=profile.title, domain=shown(domain)), DECISIVE)
        else:
            yield Finding(reason("freemail", language, domain=shown(domain)), 1 if profile.relayed else 2)
    elif not profile.relayed and stage != "lawyer":
        weight = 2 if _names(sender, profile) and not belongs(domain, RELAYS) else 1
        yield Finding(reason("elsewhere", language, domain=shown(domain), title=profile.title), weight)


def _names(sender: Address, profile: TrustProfile) -> bool:
    """Whether the display name or the address bears one of the room's brands."""
    if belongs(domain_of(sender), profile.domains):
        return True
    words = _WORD.findall(f"{sender.name} {sender.addr}".lower())
    glued = "".join(words)
    return any(brand in words or (len(brand) >= 6 and brand in glued) for brand in profile.lookalikes)


def _reply_elsewhere(letter: Letter, profile: TrustProfile, language: str) -> Iterator[Finding]:
    """Common and often innocent (help desks, firms with two domains): soft, but not where mail to the issuer leaves it."""
    if not letter.senders or letter.forwarded:
        return
    domain = domain_of(letter.senders[0])
    for other in dict.fromkeys(domain_of(address) for address in letter.reply_to):
        if not other or same_owner(other, domain) or belongs(other, (*profile.domains, *RELAYS)):
            continue
        leaves = belongs(domain, profile.domains)
        free = belongs(other, FREEMAIL | PROVIDERS)
        weight = DECISIVE if leaves and free else 2 if leaves or free else 1
        yield Finding(reason("reply-elsewhere", language, domain=shown(other)), weight)
