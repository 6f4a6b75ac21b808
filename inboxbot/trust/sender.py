"""Signs on the envelope: who the letter says it is from, who that is, and where an answer would go."""

from __future__ import annotations

from collections.abc import Iterator

import re2

from inboxbot.records import Address, Brief, Letter, TrustProfile
from inboxbot.trust.findings import DECISIVE, Finding, Matter
from inboxbot.trust.hosts import FREEMAIL, PROVIDERS, RELAYS, belongs, readable, same_owner, shown
from inboxbot.trust.lookalikes import disguised, looks_like
from inboxbot.trust.words import reason

_SHOWN_ADDRESS = re2.compile(r"[^\s<>@\"'(),;:]+@([a-zA-Z0-9\pL.-]+\.[a-zA-Z\pL]+)")
_FIRM = re2.compile(
    r"(?i)avocat|lawyer|\blaw\b|law\.|-law|legal|solicitor|attorney|barrister|kanzlei|rechtsanw|anw[aä]lt|advoca|juri[sd]|cabinet|selarl|\bscp\b|partners|associ|&"
)
_RECEIVED = re2.compile(
    r"(?i)\bre[cç]ue?s?\b|\bci-joint|\bci-dessous\b|\btransf[eé]r|\btransme[ts]|\breceived\b|\bforward|\battached\b|\bgot this\b|\berhalten\b|\banbei\b|weiterleit|\bbekommen\b"
)
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


def tells_of_post(letter: Letter, profile: TrustProfile) -> bool:
    """Whether somebody other than the issuer tells of a letter that was received."""
    return not any(_names(sender, profile) for sender in writers(letter)) and bool(_RECEIVED.search(letter.body[:600]))


def _is_ours(sender: Address, brief: Brief) -> bool:
    """The user's own address, or a colleague's: the same domain, where that is not a mail service's."""
    domain = domain_of(sender)
    shared = belongs(domain, FREEMAIL | PROVIDERS)
    return sender.addr.lower() in brief.ours or any(
        not shared and same_owner(domain, our.rpartition("@")[2]) for our in brief.ours
    )


def tricks(letter: Letter, profile: TrustProfile | None, language: str) -> Iterator[Finding]:
    """Disguises that no mail needs: several senders of different owners, another address in the name, foreign letters in it."""
    senders = letter.senders
    if len(senders) > 1 and any(not same_owner(domain_of(each), domain_of(senders[0])) for each in senders):
        yield Finding(reason("several-senders", language), DECISIVE)
    for sender in dict.fromkeys((*senders, *writers(letter))):
        for hit in _SHOWN_ADDRESS.finditer(sender.name):
            if not same_owner(hit.group(1).lower(), domain_of(sender)):
                own = profile is not None and belongs(readable(hit.group(1).lower()), profile.domains)
                told = reason("name-trick", language, shown=hit.group(), actual=shown_address(sender))
                yield Finding(told, DECISIVE if own else 1)
    shown_to_people = "\n".join((letter.subject, letter.body, *(sender.name for sender in senders)))
    if profile is not None and (name := disguised(shown_to_people, profile.lookalikes)):
        yield Finding(reason("foreign-letters", language, name=name, title=profile.title), DECISIVE)


def shown_address(address: Address) -> str:
    """The address for people, its domain undeceiving."""
    return f"{address.addr.rpartition('@')[0]}@{shown(domain_of(address))}"


def sender_signs(matter: Matter) -> Iterator[Finding]:
    """What the addresses of a letter of this room give away, where its sender is not proved to be the issuer."""
    letter, profile, language = matter.letter, matter.profile, matter.language
    known = (*profile.domains, *profile.neutral)
    for host in dict.fromkeys(domain_of(each) for each in (*letter.senders, *writers(letter), *letter.reply_to)):
        if looks_like(host, known, profile.lookalikes):
            yield Finding(reason("lookalike", language, host=shown(host), title=profile.title), DECISIVE)
    if matter.told.failed and letter.senders and not letter.forwarded:
        domain = shown(domain_of(letter.senders[0]))
        yield Finding(reason("failed", language, domain=domain), 1 if profile.relayed else DECISIVE)
    if not matter.carried:
        for sender in writers(letter)[:1]:
            yield from _stranger(sender, matter)
    yield from _reply_elsewhere(letter, profile, language)


def free_sender(letter: Letter, language: str) -> Iterator[Finding]:
    """A sender at a free mail service, where somebody of standing would have a domain."""
    for domain in [domain_of(sender) for sender in writers(letter)[:1]]:
        if belongs(domain, FREEMAIL):
            yield Finding(reason("freemail", language, domain=shown(domain)), 1)


def _stranger(sender: Address, matter: Matter) -> Iterator[Finding]:
    """A sender who is not the issuer: from a free mailbox, in the issuer's name, or simply somebody else."""
    profile, domain = matter.profile, domain_of(sender)
    if belongs(domain, (*profile.domains, *profile.neutral)) or not domain:
        return
    named = {"title": profile.title, "domain": shown(domain)}
    provider = belongs(domain, PROVIDERS)
    if belongs(domain, FREEMAIL) or (provider and not profile.relayed):
        if _names(sender, profile):
            yield Finding(reason("posing", matter.language, **named), DECISIVE)
        else:
            yield Finding(reason("freemail", matter.language, **named), 1 if profile.relayed else 2)
    elif not profile.relayed and not (matter.stage == "lawyer" and _is_firm(sender)):
        posing = _names(sender, profile) and not belongs(domain, RELAYS)
        yield Finding(reason("elsewhere", matter.language, **named), 2 if posing else 1)


def _is_firm(sender: Address) -> bool:
    """Whether the name or address is a law firm's, as those of the issuer's partners are."""
    return bool(_FIRM.search(f"{sender.name} {sender.addr}"))


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
