"""Whether a letter is what it says it is: proofs, signs against it, and the address that an answer may go to.

Trust never changes the label. Genuine is only what a proof ties to a domain of the issuer's own; suspect is what a hard
sign decides, or soft signs that come together; everything else is unverified.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import re2

from inboxbot.records import Address, Brief, Facts, Letter, Standing, Trust, TrustProfile
from inboxbot.trust.authentication import Authentication, authenticate
from inboxbot.trust.carriage import carriage_signs, program_signs
from inboxbot.trust.findings import DECISIVE, Finding, Matter, decides
from inboxbot.trust.hosts import belongs, same_owner, shown
from inboxbot.trust.links import link_signs, store_links
from inboxbot.trust.requests import accuses, lure_signs, pressure_signs, request_signs, sentences
from inboxbot.trust.sender import domain_of, free_sender, is_carried, sender_signs, tells_of_post, tricks, writers
from inboxbot.trust.words import fact, reason

MOST_REASONS = 8

_IP = re2.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?i)\b[0-9a-f]{1,4}:[0-9a-f:]{4,34}[0-9a-f]\b")
_NO_REPLY = re2.compile(
    r"(?i)^(?:no|do[-_.]?not|ne[-_.]?pas|nicht)[-_.]?(?:reply|repondre|respond|antworten)|^(?:noreply|mailer-daemon|postmaster)"
)


def weigh(
    letter: Letter, raw: bytes, profile: TrustProfile | None, facts: Facts, stage: str | None, brief: Brief
) -> Trust:
    """Weigh one mail, `raw` being its bytes as fetched; `profile` is None for what belongs to no room."""
    language = brief.identity.language
    told = authenticate(letter, raw, brief.receiver)
    if profile is None:
        return _of_no_room(letter, told, language)
    matter = _matter(letter, told, profile, facts, stage, brief)
    own = _is_own(matter)
    counted = [finding for finding in _each_once(_signs(matter, own=own)) if finding.hard or not own]
    if decides(counted):
        return Trust(Standing.SUSPECT, _told(counted, language))
    recipient = _recipient(matter)
    reasons = (_origin(matter, own=own), *_told(counted, language), *_on_answering(profile, recipient, language))
    return Trust(Standing.GENUINE if own else Standing.UNVERIFIED, reasons, recipient)


def imitation_of(letter: Letter, raw: bytes, profile: TrustProfile, brief: Brief) -> Trust | None:
    """Of a mail that may be this room's or not: suspect where a hard sign says that it only poses as one, else None.

    Soft signs do not count: they are common in mail that is merely about the room, of which one is unsure most often.
    """
    matter = _matter(letter, authenticate(letter, raw, brief.receiver), profile, Facts(), None, brief)
    hard = [finding for finding in _each_once(_signs(matter, own=_is_own(matter))) if finding.hard]
    return Trust(Standing.SUSPECT, _told(hard, matter.language)) if hard else None


def _matter(
    letter: Letter, told: Authentication, profile: TrustProfile, facts: Facts, stage: str | None, brief: Brief
) -> Matter:
    carried = is_carried(letter, profile, brief)
    return Matter(letter, sentences(letter), profile, facts, stage, told, carried, brief.identity.language)


def _is_own(matter: Matter) -> bool:
    """Whether it is proved that the mail comes from the issuer itself."""
    aligned = matter.told.aligned
    return aligned is not None and not matter.letter.forwarded and belongs(aligned, matter.profile.domains)


def _signs(matter: Matter, *, own: bool) -> Iterator[Finding]:
    """Everything that speaks against the letter; of one proved to be the issuer's `own`, what no proof excuses."""
    letter, language = matter.letter, matter.language
    yield from tricks(letter, matter.profile, language)
    yield from program_signs(letter, language)
    yield from carriage_signs(letter, language)
    yield from lure_signs(matter.said, language)
    yield from pressure_signs(matter.said, language)
    yield from request_signs(matter)
    posted = matter.carried or tells_of_post(letter, matter.profile)
    if matter.stage in matter.profile.by_post_only and not posted:
        yield Finding(reason("by-post-only", language, title=matter.profile.title), DECISIVE)
    if not own:
        yield from sender_signs(matter)
        yield from link_signs(matter)
        yield from _missing(matter)


def _of_no_room(letter: Letter, told: Authentication, language: str) -> Trust:
    """Ordinary mail is not ours to judge: never genuine, and suspect only for a disguise, a program, or a lure under threat."""
    findings = [*tricks(letter, None, language), *program_signs(letter, language)]
    said = sentences(letter)
    if accuses(said) and not told.aligned:
        findings += [*lure_signs(said, language), *carriage_signs(letter, language), *pressure_signs(said, language)]
        findings += [*free_sender(letter, language), *store_links(letter, language)]
    findings = _each_once(findings)
    if decides(findings):
        return Trust(Standing.SUSPECT, _told(findings, language))
    return Trust(Standing.UNVERIFIED, (_sent_from(letter, told, language),))


def _missing(matter: Matter) -> Iterator[Finding]:
    """What every genuine letter of a known stage carries and this one does not; only where all of it could be read."""
    absent = [name for name in matter.profile.expected if getattr(matter.facts, name) is None]
    if "ip_address" in absent and any(_IP.search(text) for _, text in matter.letter.pieces()):
        absent.remove("ip_address")  # it is there, and was not understood: no fault of the letter's
    if matter.stage is not None and not matter.letter.unread and absent:
        named = ", ".join(fact(name, matter.language) for name in absent)
        told = reason("incomplete", matter.language, title=matter.profile.title, missing=named)
        yield Finding(told, min(len(absent), DECISIVE))


# --- in words ---------------------------------------------------------------------------------------------------------


def _each_once(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without repetitions, hard ones first."""
    return sorted({finding.reason: finding for finding in findings}.values(), key=lambda finding: -finding.weight)


def _told(findings: list[Finding], language: str) -> tuple[str, ...]:
    reasons = tuple(finding.reason for finding in findings)[:MOST_REASONS]
    together = decides(findings) and not findings[0].hard
    return (*reasons, reason("together", language)) if together else reasons


def _origin(matter: Matter, *, own: bool) -> str:
    """The first reason: what is known of where the letter comes from."""
    letter, told, language = matter.letter, matter.told, matter.language
    if letter.forwarded:
        return reason("forwarded", language)
    if matter.carried and not own:
        return reason("carried", language)
    if told.aligned and not own:
        return reason("aligned-elsewhere", language, domain=shown(told.aligned), title=matter.profile.title)
    return _sent_from(letter, told, language)


def _sent_from(letter: Letter, told: Authentication, language: str) -> str:
    if told.aligned:
        return reason("aligned", language, domain=shown(told.aligned))
    if not letter.senders or not domain_of(letter.senders[0]):
        return reason("no-sender", language)
    return reason("unchecked", language, domain=shown(domain_of(letter.senders[0])))


def _on_answering(profile: TrustProfile, recipient: str | None, language: str) -> tuple[str, ...]:
    if not profile.answers:
        return (reason("nobody", language, title=profile.title),)
    return () if recipient else (reason("no-recipient", language),)


# --- to whom an answer may go -----------------------------------------------------------------------------------------


def _recipient(matter: Matter) -> str | None:
    """A claims desk that the room lists and the letter names, else the proved sender where it wrote the letter itself."""
    letter, profile, domain = matter.letter, matter.profile, matter.told.aligned
    if not profile.answers:
        return None
    desks = {desk.lower() for desk in profile.desks}
    for address in (*letter.reply_to, *writers(letter)):
        if address.addr.lower() in desks:
            return address.addr.lower()
    if domain is None or letter.forwarded or (matter.carried and not _signs_itself(letter, domain)):
        return None
    sound = [a for a in (*letter.reply_to, *letter.senders) if same_owner(domain_of(a), domain) and _is_read(a)]
    return sound[0].addr if sound else None


def _signs_itself(letter: Letter, domain: str) -> bool:
    """Whether the paper that the mail carries names the sender's own domain, as a letterhead does."""
    return any(domain in attached.text.lower() for attached in letter.attachments)


def _is_read(address: Address) -> bool:
    """Whether anybody reads what is sent there."""
    return not _NO_REPLY.search(address.addr)
