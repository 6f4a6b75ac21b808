"""Who wrote a mail, if not a sender of letters: a machine that answered, a machine that sent to many, or the user.

The first and the last silence a draft; that a machine sent to many never does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from inboxbot.letter.header import Field, first, plain, values, words
from inboxbot.records import Letter

_AUTOMATIC_MAILER = ("vacation", "autoreply", "auto-reply", "autoresponder")
_MACHINES = ("x-autoreply", "x-autorespond", "x-auto-reply-from", "x-autoresponder")
_TRACE = frozenset(
    "received authentication-results dkim-signature return-path reply-to from sender x-mailer user-agent x-google-dkim-signature "
    "received-spf x-ms-exchange-authentication-results".split()
)


def reason(heads: Sequence[Field], media_type: str) -> str | None:
    """Why this is an automatic reply or a report on delivery, in words, or None.

    auto-generated, bulk and list marks are no reason: relays and list servers put them on real letters.
    """
    if first(heads, "x-inboxbot-key"):
        return "it is a case sheet of inboxbot's own"
    submitted = plain(first(heads, "auto-submitted")).lower()
    if submitted.startswith("auto-replied"):
        return "it is an automatic reply (Auto-Submitted: auto-replied, RFC 3834)"
    if media_type == "multipart/report":
        return "it is a delivery or read report (multipart/report, RFC 6522)"
    if plain(first(heads, "return-path")) == "<>":
        return "it comes from the null address: a bounce or an automatic reply (RFC 5321 §4.5.5)"
    if name := next((name for name, value in heads if name.lower() in _MACHINES and value.lower() != b"no"), None):
        return f"it is an automatic reply ({name})"
    if plain(first(heads, "precedence")).lower() in ("auto_reply", "auto-reply"):
        return "it is an automatic reply (Precedence: auto_reply)"
    if any(sign in plain(first(heads, "x-mailer")).lower() for sign in _AUTOMATIC_MAILER):
        return "it is an automatic reply (X-Mailer)"
    if first(heads, "x-failed-recipients"):
        return "it is a delivery report (X-Failed-Recipients)"
    return None


def is_own(letter: Letter, ours: Collection[str]) -> bool:
    """Whether the user wrote this mail. One by which he hands himself a stranger's letter, forwarded or scanned, he only
    carries; one that he hands on to others is his own."""
    sender = letter.head.sender
    if sender is None or sender.addr.lower() not in ours:
        return False
    to_himself = all(each.addr.lower() in ours for each in letter.head.recipients)
    scanned = not letter.head.in_reply_to and any(each.text for each in letter.attachments)
    return not (to_himself and (letter.forwarded is not None or scanned))


def is_bulk(heads: Sequence[Field]) -> bool:
    """Whether the mail carries marks of lists, bulk or generated mail."""
    if any(values(heads, name) for name in ("list-id", "list-unsubscribe", "feedback-id", "x-campaign-id")):
        return True
    submitted = plain(first(heads, "auto-submitted")).lower()
    return submitted.startswith("auto-generated") or plain(first(heads, "precedence")).lower() in (
        "bulk",
        "list",
        "junk",
    )


def trace(heads: Sequence[Field]) -> tuple[tuple[str, str], ...]:
    """The fields that tell a letter's way and its senders, in header order, raw and unfolded."""
    return tuple(
        (name, plain(value))
        for name, value in heads
        if (low := name.lower()) in _TRACE or low.startswith(("arc-", "list-", "resent-"))
    )


def subject_of(heads: Sequence[Field]) -> str:
    """The decoded subject; of several the first."""
    return words(first(heads, "subject"))
