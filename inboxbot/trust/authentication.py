"""What the user's own mail server said about the sender, and whether to believe that it said so.

Authentication-Results is part of the message: anyone can write one. Believed is only the topmost one of the one
configured authserv-id, above the first Received that was not written by that server (RFC 8601 §5, §7.1); whatever
cannot be parsed proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import authres
import re2

from inboxbot.records import Letter, Receiver
from inboxbot.trust.hosts import registrable, same_owner

_BY = re2.compile(r"(?i)\bby\s+([a-z0-9._-]{1,255})")
_ANGLES = re2.compile(r"=\s*<([^<>\s]{0,320})>")
LONGEST = 8_000


@dataclass(frozen=True, slots=True)
class Authentication:
    """`aligned` is the From domain that is proved; `failed` that the server found it forged."""

    aligned: str | None = None
    failed: bool = False


def authenticate(letter: Letter, receiver: Receiver) -> Authentication:
    """The sender's proof, by the receiver that the user trusts; nothing is proved where nobody is trusted."""
    if len(letter.senders) != 1 or not letter.senders[0].domain:
        return Authentication()
    results = _trusted_results(letter.trace, receiver)
    return Authentication() if results is None else _alignment(results, letter.senders[0].domain)


def _trusted_results(trace: tuple[tuple[str, str], ...], receiver: Receiver) -> str | None:
    """The value of the header to believe, if any."""
    for name, value in trace:
        low = name.lower()
        if low == "received" and not _written_by(value, receiver.authserv_id):
            return None
        if low == "authentication-results" and len(value) <= LONGEST:
            if receiver.microsoft and _without_id(value):
                return f"microsoft.invalid; {value}"
            if receiver.authserv_id and _id_of(value) == receiver.authserv_id.lower():
                return value
    return None


def _written_by(received: str, authserv_id: str | None) -> bool:
    if authserv_id is None:
        return False
    found = _BY.search(received[:LONGEST])
    return bool(found) and same_owner(found.group(1).lower(), authserv_id.lower())


def _parsed(value: str) -> authres.AuthenticationResultsHeader | None:
    try:
        return authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {_ANGLES.sub(r'=\1', value)}")
    except Exception:  # noqa: BLE001 - whatever it stumbles over proves nothing
        return None


def _id_of(value: str) -> str | None:
    parsed = _parsed(value)
    return str(parsed.authserv_id).lower() if parsed is not None and parsed.authserv_id else None


def _without_id(value: str) -> bool:
    """Microsoft's form: methods at once, no authserv-id."""
    return value.lstrip().lower().startswith(("spf=", "dkim=", "dmarc="))


def _alignment(value: str, sender: str) -> Authentication:
    parsed = _parsed(value)
    if parsed is None:
        return Authentication()
    failed = False
    for result in parsed.results:
        verdict = str(result.result or "").lower()
        properties = {f"{p.type}.{p.name}".lower(): str(p.value or "") for p in getattr(result, "properties", ())}
        if result.method == "dmarc":
            shown = properties.get("header.from", "")
            if verdict == "pass" and same_owner(shown.rpartition("@")[2] or sender, sender):
                return Authentication(aligned=registrable(sender))
            failed = failed or verdict in ("fail", "permerror")
        if result.method == "dkim" and verdict == "pass":
            signer = properties.get("header.d") or properties.get("header.i", "").rpartition("@")[2]
            if same_owner(signer, sender):
                return Authentication(aligned=registrable(sender))
    return Authentication(failed=failed)
