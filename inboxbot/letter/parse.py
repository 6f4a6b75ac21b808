"""One mail, read: bytes in, a Letter out, whatever the bytes are.

The way is: bounds → parts → words and carried things → own words apart from quoted and forwarded ones → what they show.
Each step that had to give way to a plainer one is named in `defects`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date

from inboxbot.letter import attachments as carried
from inboxbot.letter.automatic import is_bulk, reason, trace
from inboxbot.letter.body import Contents, contents_of
from inboxbot.letter.bounds import bounded
from inboxbot.letter.charset import decode
from inboxbot.letter.dates import own_date
from inboxbot.letter.header import Field, addresses, fields, first, message_ids, moment, split_head, values, words
from inboxbot.letter.html import marks, unmarked
from inboxbot.letter.language import language_of
from inboxbot.letter.links import printed
from inboxbot.letter.mime import RAW_TEXT, Part, open_mail
from inboxbot.letter.pdf import MAX_TEXT
from inboxbot.letter.quoting import Printed, Split, is_forward_subject, split
from inboxbot.letter.scan import Ocr
from inboxbot.letter.text import tidy
from inboxbot.records import Address, Attachment, Head, Letter, Link

MAX_MESSAGES = 3  # mails inside mails that are read as letters
_WORDY = 60  # words: a mail that says this much itself is not a photographed letter


def read_letter(raw: bytes, ocr: Ocr | None = None) -> Letter:
    """Read a mail; never raises on any bytes but for memory.

    Without `ocr`, scans and photographs are named in `unread`.
    """
    return _read(raw, ocr, 0)


def read_head(raw: bytes) -> Letter:
    """Of a mail that is not to be read with care, no more than what it is known by and about."""
    heads = fields(split_head(raw)[0][:RAW_TEXT])
    ids = message_ids(first(heads, "message-id"))
    head = Head(
        digest=hashlib.sha256(raw).hexdigest(),
        message_id=ids[0] if ids else None,
        references=(),
        in_reply_to=(),
        sent_at=None,
        sender=None,
        recipients=(),
        subject=words(first(heads, "subject")),
    )
    return Letter(head=head, body="", source="body")


def _read(raw: bytes, ocr: Ocr | None, level: int) -> Letter:
    try:
        return _fully(raw, ocr, level)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the last step of the chain: a letter is never lost to a defect of ours
        return _plainly(raw, f"the mail could not be taken apart ({type(error).__name__}): read as plain text")


def _fully(raw: bytes, ocr: Ocr | None, level: int) -> Letter:
    small, cuts = bounded(raw)
    heads = fields(split_head(small)[0])
    opened = open_mail(small)
    head, senders = _head(raw, heads, opened.senders)
    contents = contents_of(opened.root)
    report = opened.root.media_type in ("multipart/report", "multipart/digest")
    text = _words_of(contents, head)
    letter = Letter(
        head=head,
        body=text.split.own,
        source=text.source,
        senders=senders,
        reply_to=addresses(values(heads, "reply-to")),
        forwarded=_forwarded_head(text.split.forwarded, text.split.own),
        covering_note=text.split.note,
        quoted=text.split.quoted,
        links=text.links,
        trace=trace(heads),
        automatic=reason(heads, opened.root.media_type),
        bulk=is_bulk(heads),
        defects=tuple(dict.fromkeys((*cuts, *_odd(heads), *opened.defects, *contents.defects))),
    )
    letter = _with_messages(letter, contents, ocr, level, may_be_forward=not report)
    letter = _with_attachments(letter, contents, ocr)
    return replace(letter, language=_language(letter), own_date=_own_date(letter))


# --- the head ---------------------------------------------------------------------------------------------------------


def _head(raw: bytes, heads: Sequence[Field], seconded: Sequence[Address]) -> tuple[Head, tuple[Address, ...]]:
    """The head, and everyone that a From field names to one parser or the other (RFC 5322 allows one; disguises use two)."""
    senders = list(addresses(values(heads, "from")))
    known = {sender.addr.lower() for sender in senders}
    senders += [other for other in seconded if other.addr.lower() not in known]
    ids = message_ids(first(heads, "message-id"))
    head = Head(
        digest=hashlib.sha256(raw).hexdigest(),
        message_id=ids[0] if ids else None,
        references=message_ids(first(heads, "references")),
        in_reply_to=message_ids(first(heads, "in-reply-to")),
        sent_at=moment(first(heads, "date")),
        sender=senders[0] if senders else None,
        recipients=addresses([*values(heads, "to"), *values(heads, "cc")]),
        subject=words(first(heads, "subject")),
    )
    return head, tuple(senders)


def _odd(heads: Sequence[Field]) -> list[str]:
    """What is missing, doubled or unreadable in the header."""
    if not heads:
        return ["the mail has no header"]
    once = ("From", "Subject", "Message-ID", "Date")  # RFC 5322 §3.6
    said = [f"the mail has {count} {name} fields" for name in once if (count := len(values(heads, name))) > 1]
    if not message_ids(first(heads, "message-id")):
        said.append("the mail has no valid Message-ID")
    if moment(first(heads, "date")) is None:
        said.append("the mail has no valid date")
    if not values(heads, "from"):
        said.append("the mail names no sender")
    return said


# --- the words --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Text:
    source: str
    split: Split
    links: tuple[Link, ...]


def _words_of(contents: Contents, head: Head) -> _Text:
    """The mail's words taken apart, and the links that stand in its own ones."""
    zone = (head.sent_at.tzinfo if head.sent_at else None) or UTC
    answers = bool(head.in_reply_to)
    source = "html" if contents.words and contents.words[0].rich else "body"
    links: tuple[tuple[str, str], ...] = ()
    marked: list[str] = []
    for piece in contents.words:
        text = piece.page.text if piece.page else piece.text
        marked.append("".join(chr(ord(c) + len(links)) if c >= "\U000f0000" else c for c in text) if links else text)
        links += piece.page.links if piece.page else ()
    apart = split("\n\n".join(marked), head.subject, answers=answers, zone=zone)
    shown = tuple(Link(*links[n], "html") for n in marks(apart.own) if n < len(links) and _leads_out(links[n][1]))
    if all(piece.rich or not piece.page for piece in contents.words):
        apart = _clean(apart, links)
    else:
        apart = split("\n\n".join(piece.text for piece in contents.words), head.subject, answers=answers, zone=zone)
    return _Text(source, apart, _each_once((*printed(apart.own, source), *shown)))


def _clean(apart: Split, links: tuple[tuple[str, str], ...]) -> Split:
    """The split without link marks; what is quoted keeps its addresses behind their words, as it has no links of its own."""
    quoted = tuple(replace(quote, text=unmarked(quote.text, links)) for quote in apart.quoted)
    return replace(apart, own=unmarked(apart.own), note=unmarked(apart.note), quoted=quoted)


def _leads_out(href: str) -> bool:
    return href.lower().startswith(("http://", "https://", "www."))


def _each_once(links: Sequence[Link]) -> tuple[Link, ...]:
    return tuple({link.href: link for link in reversed(links)}.values())[::-1]


def _forwarded_head(inner: Printed | None, text: str) -> Head | None:
    """The head that a mail client printed above a forwarded letter: unauthenticated, and without a Message-ID."""
    if inner is None:
        return None
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return Head(digest, None, (), (), inner.sent_at, inner.sender, (), inner.subject)


# --- what it carries --------------------------------------------------------------------------------------------------


def _with_messages(letter: Letter, contents: Contents, ocr: Ocr | None, level: int, *, may_be_forward: bool) -> Letter:
    """The letter with the mails inside it: the first is what counts where a person forwarded it, the rest are attachments."""
    inner = [
        (part, _read(part.payload, ocr, level + 1)) for part in contents.messages[:MAX_MESSAGES] if level < MAX_MESSAGES
    ]
    left = contents.messages[len(inner) :]
    unread = tuple(f"{_eml(part, n)}: it is a mail deeper or further on than is read" for n, part in enumerate(left, 1))
    letter = replace(letter, unread=letter.unread + unread)
    forwards = is_forward_subject(letter.head.subject) or len(letter.body.split()) <= 2 * _WORDY
    says = bool(inner) and bool(inner[0][1].body or inner[0][1].attachments)
    if says and may_be_forward and forwards and letter.forwarded is None:
        letter = _forwarding(letter, inner.pop(0)[1])
    beside = tuple(_as_attachment(part, mail, number) for number, (part, mail) in enumerate(inner, 1))
    lost = tuple(f"{each.name}: {each.unread}" for each in beside if each.unread)
    return replace(letter, attachments=letter.attachments + beside, unread=letter.unread + lost)


def _forwarding(outer: Letter, inner: Letter) -> Letter:
    note = "\n\n".join(filter(None, (outer.body, inner.covering_note)))
    return replace(
        outer,
        body=inner.body,
        source=inner.source,
        forwarded=inner.forwarded or inner.head,
        covering_note=note,
        quoted=inner.quoted + outer.quoted,
        attachments=inner.attachments,
        links=inner.links,
        unread=outer.unread + inner.unread,
        defects=outer.defects
        + tuple(f"in the forwarded mail: {odd}" for odd in inner.defects if " no valid " not in odd),
    )


def _as_attachment(part: Part, mail: Letter, number: int) -> Attachment:
    text = "\n\n".join(filter(None, (mail.head.subject, mail.body)))[:MAX_TEXT]
    digest = hashlib.sha256(part.payload).hexdigest()
    unread = "; ".join(mail.unread) or None
    return Attachment(_eml(part, number), part.media_type, len(part.payload), digest, text, unread)


def _eml(part: Part, number: int) -> str:
    return carried.safe_name(part.name, number, "message/rfc822")


def _with_attachments(letter: Letter, contents: Contents, ocr: Ocr | None) -> Letter:
    wordy = len(letter.body.split()) >= _WORDY
    parts = [part for part in contents.attached if not (wordy and carried.is_decoration(part))]
    found = [carried.described(part, number) for number, part in enumerate(parts, 1)]
    urgent = sorted(range(len(parts)), key=lambda n: parts[n].media_type.startswith("image/"))[: carried.MAX_READ]
    for n in range(len(parts)):
        if n in urgent:
            found[n] = carried.read(parts[n], found[n], ocr)
        else:
            found[n] = replace(found[n], unread=f"only {carried.MAX_READ} attachments are read")
    links = [link for each in found if each.text for link in printed(each.text, f"attachment:{each.name}")]
    odd = tuple(f"{each.name}: {each.unread}" for each in found if each.unread and "winmail.dat" in each.unread)
    return replace(
        letter,
        attachments=letter.attachments + tuple(found),
        links=_each_once((*letter.links, *links)),
        unread=letter.unread
        + tuple(contents.unread)
        + tuple(f"{each.name}: {each.unread}" for each in found if each.unread),
        defects=letter.defects + odd,
    )


# --- what the words show ----------------------------------------------------------------------------------------------


def _language(letter: Letter) -> str | None:
    """By the body; by what is attached where the body only accompanies it."""
    texts = [letter.body, *(attached.text for attached in letter.attachments if attached.text)]
    if len(texts) > 1 and len(letter.body.split()) < _WORDY // 2:
        texts = [*texts[1:], letter.body]
    return language_of(*texts, letter.subject)


def _own_date(letter: Letter) -> date | None:
    papers = [a.text for a in letter.attachments if a.text and not a.media_type.startswith("message/")]
    found = own_date((letter.body, *papers))
    if found or letter.forwarded is None or letter.forwarded.sent_at is None:
        return found
    return letter.forwarded.sent_at.date()


def _plainly(raw: bytes, why: str) -> Letter:
    """The end of the chain: the first 64 KB as text, and as much of a head as can be had."""
    block, body = split_head(raw[: 4 * RAW_TEXT])
    try:
        head, senders = _head(raw, fields(block[:RAW_TEXT]), ())
    except (ValueError, TypeError, LookupError, RecursionError, AttributeError):
        head, senders = Head(hashlib.sha256(raw).hexdigest(), None, (), (), None, None, (), ""), ()
    return Letter(head=head, body=tidy(decode(body[:RAW_TEXT])[0]), source="body", senders=senders, defects=(why,))
