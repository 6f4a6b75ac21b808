"""What the user's own mail server said about the sender, and whether to believe that it said so.

Authentication-Results is part of the message: anyone can write one. Believed is only the topmost one of the one
configured authserv-id, above the first Received that was not written by that server (RFC 8601 §5, §7.1); whatever
cannot be parsed proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import authres
import re2

from inboxbot.letter.header import split_head
from inboxbot.records import Letter, Receiver
from inboxbot.trust.hosts import belongs, readable, same_owner
from inboxbot.trust.route import LONGEST, hop
from inboxbot.trust.signatures import chain_holds, has_one_reading, parsed_tags, signers

_ANGLES = re2.compile(r"=\s*<([^<>\s]{0,320})>")
_INSTANCE = re2.compile(r"(?i)(?:^|;)\s*i\s*=\s*(\d{1,2})\s*(?:;|$)")
_UNENFORCED = re2.compile(r"(?i)\bdmarc\s*=\s*fail\s*(?:\([^()]*\bp=none\b|action=none\b)")
_OTHERS_HANDS = ("list-id", "list-post", "resent-from", "resent-to", "resent-date")
_MICROSOFT_FORM = ("spf=", "dkim=", "dmarc=", "arc=", "compauth=")  # methods at once, no authserv-id
_NO_ID = "microsoft.invalid"


@dataclass(frozen=True, slots=True)
class Authentication:
    """`aligned` is the From domain that is proved; `failed` that the server found it forged.

    Not forged are mails of a domain that enforces nothing, and what came through a list or a forwarder, behind which
    honest senders fail (RFC 7960).
    """

    aligned: str | None = None
    failed: bool = False


def authenticate(letter: Letter, raw: bytes, receiver: Receiver) -> Authentication:
    """The sender's proof: the word of the receiver that the user trusts, or a signature checked on the raw bytes.

    Nothing is proved where nobody is trusted, where the mail names several senders, or where two parsers could read
    two letters in it.
    """
    if len(letter.senders) != 1 or not letter.senders[0].domain or not has_one_reading(split_head(raw)[0]):
        return Authentication()
    sender = readable(letter.senders[0].domain)
    value = _believed(letter.trace, receiver)
    said = _said(value, sender, letter.trace) if value else Authentication()
    if said.aligned:
        return said
    signed = any(same_owner(signer, sender) for signer in signers(raw, receiver.dkim_keys or {}))
    if signed or _sealed(letter, raw, receiver, value, sender):
        return Authentication(aligned=sender)
    return Authentication(failed=said.failed and not _went_through_others(letter.trace, receiver))


def _went_through_others(trace: tuple[tuple[str, str], ...], receiver: Receiver) -> bool:
    """Whether a list or a forwarder left its marks; the receiver itself may seal all that it delivers."""
    own = [receiver.authserv_id.lower().removeprefix("*.")] if receiver.authserv_id else []
    own += ["microsoft.com"] if receiver.microsoft else []
    sealers = [parsed_tags(value).get("d", "").lower() for name, value in trace if name.lower() == "arc-seal"]
    if any(name.lower() in _OTHERS_HANDS for name, _ in trace):
        return True
    return any(not any(same_owner(sealer, each) for each in own) for sealer in sealers)


# --- whose word -------------------------------------------------------------------------------------------------------


def _believed(trace: tuple[tuple[str, str], ...], receiver: Receiver) -> str | None:
    """The value of the one header to believe, if any; what the sender may have written is never reached."""
    inside = True
    for name, value in trace:
        low = name.lower()
        if low == "received":
            here = hop(value)
            own = (receiver.authserv_id and here.written_by(receiver.authserv_id)) or (
                receiver.microsoft and here.written_by_microsoft()
            )
            if not inside or not own:
                return None
            inside = not here.from_outside
        elif low == "authentication-results":
            if value.lstrip().lower().startswith(_MICROSOFT_FORM):
                if receiver.microsoft and inside:  # Exchange Online writes it above the border, never below
                    return f"{_NO_ID}; {value}"
                continue
            found = authserv_id(value)
            if found is None:  # the server's own, perhaps, which a sender has made unreadable
                return None
            if receiver.authserv_id and is_id(found, receiver.authserv_id):
                return value
    return None


def authserv_id(value: str) -> str | None:
    """Who wrote this Authentication-Results value, in small letters; None where it cannot be parsed."""
    parsed = _parsed(value)
    return None if parsed is None else str(parsed.authserv_id or "").lower()


def is_id(found: str, configured: str) -> bool:
    """Whether this is the configured authserv-id; `*.mx.example.net` stands for providers that name each machine."""
    configured = configured.lower()
    if configured.startswith("*."):
        return found.endswith(configured[1:]) and len(found) >= len(configured)
    return found == configured


def _parsed(value: str) -> authres.AuthenticationResultsHeader | None:
    if len(value) > LONGEST:
        return None
    bare = _ANGLES.sub(r"=\1", value)
    try:
        return authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {bare}")
    except Exception:  # noqa: BLE001 - whatever it stumbles over proves nothing
        return None


# --- what it said -----------------------------------------------------------------------------------------------------


def _said(value: str, sender: str, trace: tuple[tuple[str, str], ...]) -> Authentication:
    """DMARC of this very sender, or a signature by its domain; contradictions prove nothing."""
    parsed = _parsed(value)
    if parsed is None:
        return Authentication()
    results = [result for result in parsed.results if getattr(result, "method", None)]
    dmarc = {(result.result, _property(result, "from")) for result in results if result.method == "dmarc"}
    if any(verdict == "fail" for verdict, _ in dmarc):
        return Authentication(failed=not _UNENFORCED.search(value))
    sent = any(r.method == "spf" and r.result == "pass" and same_owner(_envelope(r), sender) for r in results)
    if _adds_to_signed(trace, sender) and not sent:
        return Authentication()
    if any(verdict == "pass" for verdict, _ in dmarc):
        proved = len(dmarc) == 1 and same_owner(dmarc.pop()[1].rpartition("@")[2], sender)
    else:
        proved = any(r.method == "dkim" and r.result == "pass" and same_owner(_signer(r), sender) for r in results)
    return Authentication(aligned=sender) if proved else Authentication()


def _property(result: authres.AuthenticationResult, name: str) -> str:
    """The header property of that name; empty where there is none, or several."""
    found = {str(p.value or "") for p in result.properties if (p.type, p.name) == ("header", name)}
    return found.pop() if len(found) == 1 else ""


def _signer(result: authres.AuthenticationResult) -> str:
    return _property(result, "d") or _property(result, "i").rpartition("@")[2]


def _envelope(result: authres.AuthenticationResult) -> str:
    return next((str(p.value or "").rpartition("@")[2] for p in result.properties if p.name == "mailfrom"), "")


def _adds_to_signed(trace: tuple[tuple[str, str], ...], sender: str) -> bool:
    """Whether a signature of the sender's domain covers a part of the body only: anything may follow (RFC 6376 §8.2)."""
    tags = (parsed_tags(value) for name, value in trace if name.lower() == "dkim-signature")
    return any("l" in each and same_owner(each.get("d", "").lower(), sender) for each in tags)


# --- a forwarder's word -----------------------------------------------------------------------------------------------


def _sealed(letter: Letter, raw: bytes, receiver: Receiver, value: str | None, sender: str) -> bool:
    """Whether a configured sealer found the sender aligned, in an unbroken chain of which it is the last (RFC 8617)."""
    last = _last_set(letter.trace) if receiver.arc_sealers else None
    if last is None:
        return False
    seal, results = last
    if not belongs(parsed_tags(seal).get("d", "").lower(), receiver.arc_sealers):
        return False
    parsed = _parsed(value) if value else None
    whole = parsed is not None and [r.result for r in parsed.results if getattr(r, "method", "") == "arc"] == ["pass"]
    return (whole or chain_holds(raw, receiver.dkim_keys or {})) and _said(
        results, sender, letter.trace
    ).aligned is not None


def _last_set(trace: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
    """ARC-Seal and results of the highest instance; None unless each instance has exactly one of all three fields."""
    sets: dict[str, dict[int, str]] = {"arc-seal": {}, "arc-message-signature": {}, "arc-authentication-results": {}}
    for name, value in trace:
        if (fields := sets.get(name.lower())) is not None:
            found = _INSTANCE.search(value)
            if found is None or int(found.group(1)) in fields:
                return None
            fields[int(found.group(1))] = value
    seals, results = sets["arc-seal"], sets["arc-authentication-results"]
    if not seals or any(fields.keys() != set(range(1, len(seals) + 1)) for fields in sets.values()):
        return None
    return seals[len(seals)], results[len(seals)].partition(";")[2]
