"""Whether a letter is what it says it is: proofs, signs against it, and the address that an answer may go to.

Trust never changes the label. Genuine is only what a proof ties to a domain of the issuer's own; suspect is what a hard
sign decides, or soft signs that come together; everything else is unverified.
"""

from __future__ import annotations

from collections.abc import Iterable

import re2

from inboxbot.records import Address, Brief, Facts, Letter, Standing, Trust, TrustProfile
from inboxbot.trust.authentication import Authentication, authenticate
from inboxbot.trust.carriage import carriage_signs, program_signs
from inboxbot.trust.findings import DECISIVE, Finding, decides
from inboxbot.trust.hosts import belongs, same_owner, shown
from inboxbot.trust.links import link_signs
from inboxbot.trust.requests import lure_signs, request_signs, sentences
from inboxbot.trust.sender import domain_of, is_carried, sender_signs, tricks, writers
from inboxbot.trust.words import fact, reason

MOST_REASONS = 8

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
    carried = is_carried(letter, profile, brief)
    own = told.aligned is not None and not letter.forwarded and belongs(told.aligned, profile.domains)
    findings = [*tricks(letter, profile, language), *program_signs(letter, language), *carriage_signs(letter, language)]
    said = sentences(letter)
    findings += lure_signs(said, language, imitating=True)
    findings += request_signs(letter, said, profile, language, carried=carried)
    if not own:
        findings += sender_signs(letter, profile, stage, told, language, carried=carried)
        findings += link_signs(letter, profile, facts, stage, language)
        findings += _missing(letter, profile, facts, stage, language)
    if stage in profile.by_post_only and not carried:
        findings.append(Finding(reason("by-post-only", language, title=profile.title), DECISIVE))
    counted = [finding for finding in _each_once(findings) if finding.hard or not own]
    if decides(counted):
        return Trust(Standing.SUSPECT, _told(counted, language))
    recipient = _recipient(letter, profile, told, carried=carried)
    verdict = Standing.GENUINE if own else Standing.UNVERIFIED
    reasons = (_origin(letter, profile, told, language, own=own, carried=carried), *_told(counted, language))
    return Trust(verdict, (*reasons, *_on_answering(profile, recipient, language)), recipient)


def _of_no_room(letter: Letter, told: Authentication, language: str) -> Trust:
    """Ordinary mail is not ours to judge: suspect only where a hard sign leaves no doubt, never genuine."""
    findings = [*tricks(letter, None, language), *program_signs(letter, language)]
    findings += lure_signs(sentences(letter), language, imitating=False)
    hard = [finding for finding in _each_once(findings) if finding.hard]
    if hard:
        return Trust(Standing.SUSPECT, _told(hard, language))
    return Trust(Standing.UNVERIFIED, (_sent_from(letter, told, language),))


def _missing(letter: Letter, profile: TrustProfile, facts: Facts, stage: str | None, language: str) -> list[Finding]:
    """What every genuine letter of a known stage carries and this one does not; only where all of it could be read."""
    if stage is None or letter.unread:
        return []
    absent = [name for name in profile.expected if getattr(facts, name) is None]
    if not absent:
        return []
    named = ", ".join(fact(name, language) for name in absent)
    return [Finding(reason("incomplete", language, title=profile.title, missing=named), min(len(absent), DECISIVE))]


# --- in words ---------------------------------------------------------------------------------------------------------


def _each_once(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without repetitions, hard ones first."""
    return sorted({finding.reason: finding for finding in findings}.values(), key=lambda finding: -finding.weight)


def _told(findings: list[Finding], language: str) -> tuple[str, ...]:
    reasons = tuple(finding.reason for finding in findings)[:MOST_REASONS]
    together = decides(findings) and not findings[0].hard
    return (*reasons, reason("together", language)) if together else reasons


def _origin(
    letter: Letter, profile: TrustProfile, told: Authentication, language: str, *, own: bool, carried: bool
) -> str:
    """The first reason: what is known of where the letter comes from."""
    if letter.forwarded:
        return reason("forwarded", language)
    if told.aligned and not own and not carried:
        return reason("aligned-elsewhere", language, domain=shown(told.aligned), title=profile.title)
    return reason("carried", language) if carried and not own else _sent_from(letter, told, language)


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


def _recipient(letter: Letter, profile: TrustProfile, told: Authentication, *, carried: bool) -> str | None:
    """A claims desk that the room lists and the letter names, else the proved sender where it wrote the letter itself."""
    if not profile.answers:
        return None
    for address in (*letter.reply_to, *writers(letter)):
        if (low := address.addr.lower()) in {desk.lower() for desk in profile.desks}:
            return low
    if told.aligned is None or letter.forwarded or (carried and not _signs_itself(letter, told.aligned)):
        return None
    sound = [a for a in (*letter.reply_to, *letter.senders) if same_owner(domain_of(a), told.aligned) and _is_read(a)]
    return sound[0].addr if sound else None


def _signs_itself(letter: Letter, domain: str) -> bool:
    """Whether the paper that the mail carries names the sender's own domain, as a letterhead does."""
    return any(domain in attached.text.lower() for attached in letter.attachments)


def _is_read(address: Address) -> bool:
    """Whether anybody reads what is sent there."""
    return not _NO_REPLY.search(address.addr)
