"""A reply as the message that lies in Drafts: RFC 5322 with CRLF, and nothing in it that tells of a program."""

from __future__ import annotations

from datetime import datetime
from email import policy
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any

from inboxbot.letter.header import message_ids
from inboxbot.letter.text import normalise, one_line
from inboxbot.records import Head, Identity, Reply

_MAX_REFERENCES = 50


class Folding(policy.EmailPolicy):
    """The standard policy, but for names and subjects: its folding moves the blanks around encoded words (– and n°)."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() == "subject":
            folded = _encoded(str(value), name)
        elif name.lower() in ("from", "to"):
            folded = ", ".join(_named(each.display_name, each.addr_spec, name) for each in value.addresses)
        else:
            return super().fold_binary(name, value)
        return f"{name}: {folded}\n".replace("\n", self.linesep).encode("ascii")


def _encoded(words: str, name: str) -> str:
    """The words for a header; the standard library reads encoded words in them, which may hide line breaks."""
    words = one_line(words, 1000)
    return Header(words, "us-ascii" if words.isascii() else "utf-8", header_name=name).encode()


def _named(display_name: str, addr_spec: str, name: str) -> str:
    if display_name.isascii():
        return formataddr((display_name, addr_spec))
    return f"{_encoded(display_name, name)} <{addr_spec}>"


POLICY = Folding(linesep="\r\n", max_line_length=78, cte_type="7bit")


def draft_message(head: Head, reply: Reply, identity: Identity, message_id: str, date: datetime) -> bytes:
    """The reply to the letter of `head`, ready to be appended to Drafts.

    Control characters and line breaks are taken out of every header before it is set: a subject may hide an encoded LF.
    """
    message = EmailMessage(policy=POLICY)
    if identity.address:
        message["From"] = mailbox(identity.name, identity.address)
    if reply.to:
        message["To"] = mailbox("", reply.to)
    message["Subject"] = _answering(one_line(reply.subject, 400))
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    if thread := thread_of(head):
        message["In-Reply-To"] = thread[-1]
        message["References"] = " ".join(thread)
    message.set_content(_body(reply.body), subtype="plain", charset="utf-8", cte="quoted-printable")
    return message.as_bytes()


def _answering(subject: str) -> str:
    return subject if subject[:3].lower() == "re:" else f"Re: {subject}"


def thread_of(head: Head) -> list[str]:
    """References of an answer to the letter, the letter last (RFC 5322 §3.6.4); the first and the latest if there are too many.

    An identifier that is more than one is left out: in `<=?utf-8?q?=0ABcc:…?=>` the standard library finds a line end.
    """
    answered = _plain_ids(head.message_id or "")
    if not answered:
        return []
    earlier = [known for value in (head.references or head.in_reply_to[:1]) for known in _plain_ids(value)]
    thread = [*dict.fromkeys(known for known in earlier if known != answered[0]), answered[0]]
    return thread if len(thread) <= _MAX_REFERENCES else [thread[0], *thread[1 - _MAX_REFERENCES :]]


def _plain_ids(value: str) -> list[str]:
    return [known for known in message_ids(value) if known.isascii() and known.isprintable() and "=?" not in known]


def mailbox(name: str, addr: str) -> Address:
    """An address for a header: parts that need no parsing, so that no name is read as anything but a name."""
    local, _, domain = one_line(addr, 320).replace(" ", "").rpartition("@")
    return Address(one_line(name, 200), local, domain)


def _body(text: str) -> str:
    """The text with its typography kept (a narrow blank before «!» is French, not noise) but no control characters."""
    kept = "".join(c for c in text.replace("\r\n", "\n") if c in "\n\xa0\u202f" or normalise(c))
    return kept.rstrip("\n") + "\n"
