"""A letter's own words apart from those it forwards and those it answers. No word is lost on the way.

quotequail knows no Italian, no second level and no sender of a quote, and is quadratic on "a: b" lines (3 minutes for
20,000 of them, libraries study §1); the marks of the common clients are few, and one pass over the lines finds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

import re2

from inboxbot.letter import phrases
from inboxbot.letter.dates import find_moment
from inboxbot.letter.header import addresses
from inboxbot.letter.text import one_line
from inboxbot.records import Address, Quoted

MAX_LINES = 20_000
MAX_LEVELS = 8
_SHORT_NOTE = 60  # words above an Outlook header that nothing else explains: a covering note rather than an answer

_QUOTE = re2.compile(r"^(?:\s?[>|]\s?)+")
_PREFIX = re2.compile(r"^\s*([\w.é]{1,15})\s*(?:\[\d+\])?\s*:")


def _words(key: str) -> str:
    return "|".join(sorted(phrases.HEADER_WORDS[key].split("|"), key=len, reverse=True))


_FIELDS = {
    key: re2.compile(rf"(?i)^[*_\s]{{0,4}}(?:{_words(key)})\s?[*_]{{0,2}}\s?:[*_\s]{{0,4}}(.*)$")
    for key in phrases.HEADER_WORDS
}
_ANY_FIELD = re2.compile(
    rf"(?i)^[*_\s]{{0,4}}(?:{'|'.join(_words(key) for key in phrases.HEADER_WORDS)})\s?[*_]{{0,2}}\s?:"
)
_MARK = re2.compile(
    rf"(?i)^(?:[-_=*\s]{{2,60}}(?:(?P<f1>{phrases.FORWARDED})|(?P<o1>{phrases.ORIGINAL}))(?:\W.{{0,80}})?"
    rf"|(?:(?P<f2>{phrases.FORWARDED})|(?P<o2>{phrases.ORIGINAL}))\s?:)\s*$"
)
_ATTRIBUTION = re2.compile(rf"(?i)^(?:{'|'.join(phrases.ATTRIBUTIONS)})\s?:$")
_ATTRIBUTION_START = re2.compile(r"(?i)^(?:on|le|am|el|il|op)\s|@|\b(?:wrote|schrieb|schreef)\b")
_ORANGE = re2.compile(r"(?i)^message du \d{1,2}[/.]\d{1,2}[/.]\d{2,4}")  # Orange webmail: "> Message du 12/03/25 10:15"
_TIME = re2.compile(r"\d[:h.]\d\d|\b\d{4}\b")
_RULE = re2.compile(r"^[-_=*\s]{5,}$")


@dataclass(frozen=True, slots=True)
class Printed:
    """The header that a mail client printed above a forwarded or quoted letter."""

    sender: Address | None = None
    sent_at: datetime | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """A text taken apart: own words (of the forwarded letter where there is one), the note above it, the history."""

    own: str
    quoted: tuple[Quoted, ...] = ()
    note: str = ""
    forwarded: Printed | None = None


@dataclass(frozen=True, slots=True)
class _Border:
    """Where other people's words begin: the lines [start, end) announce them."""

    start: int
    end: int
    kind: str  # forward | original | head | attribution | cited
    printed: Printed


def split(text: str, subject: str = "", *, answers: bool = False, zone: tzinfo = UTC, level: int = 0) -> Split:
    """Take a normalised text apart; `answers` says that the mail carries In-Reply-To."""
    lines = text.split("\n")
    if len(lines) > MAX_LINES or level >= MAX_LEVELS:
        return Split(text)
    border = _border(lines, answers=answers or _prefix(subject) in phrases.REPLY_PREFIXES, zone=zone)
    if border is None:
        return Split(text.strip("\n"))
    above, below = lines[: border.start], lines[border.end :]
    forwards = not answers and is_forward_subject(subject)
    if border.kind == "cited":
        cited = lines[border.start :]
        if forwards and _is_all_marked(cited):  # by a client that marks what it forwards as if it were an answer
            _, end, printed = _printed(cited, 0, zone)
            return _forwarded(above, cited[end:], printed, zone, level)
        return _cited(above, cited, border.printed)
    if border.kind == "attribution" and _first_words(below).startswith(">"):
        if forwards and _is_all_marked(below) and len(_text(above).split()) <= _SHORT_NOTE:
            return _forwarded(above, below, border.printed, zone, level)
        return _cited(above, below, border.printed)
    if _is_forward(border, above, subject, answers=answers):
        return _forwarded(above, below, border.printed, zone, level)
    return Split(_text(above), _history(below, border.printed, zone))


def _forwarded(above: list[str], below: list[str], printed: Printed, zone: tzinfo, level: int) -> Split:
    """The letter below the border, itself taken apart; the innermost of several forwards is the letter."""
    inner = split(_text(_bare(below)), printed.subject, zone=zone, level=level + 1)
    note = "\n\n".join(filter(None, (_text(above), inner.note)))
    return Split(inner.own, inner.quoted, note, inner.forwarded or printed)


def _cited(above: list[str], below: list[str], printed: Printed) -> Split:
    """Lines marked ">" are the history; what stands above, between and below them is the mail's own."""
    marked = [line for line in below if _QUOTE.match(line)]
    own = _text(above + [line for line in below if not _QUOTE.match(line)])
    history = _text([_QUOTE.sub("", line) for line in marked])
    if not own.strip():  # nothing new was written: what it carries is all there is
        return Split(history, forwarded=printed if printed.sender else None)
    return Split(own, (Quoted(history, printed.sender, printed.sent_at),) if history.strip() else ())


def _history(lines: list[str], printed: Printed, zone: tzinfo) -> tuple[Quoted, ...]:
    """The letters that were answered, newest first."""
    letters: list[Quoted] = []
    while len(letters) < MAX_LEVELS:
        border = _border(_bare(lines), answers=False, zone=zone)
        if border is None or border.kind == "cited":
            break
        bare = _bare(lines)
        letters.append(Quoted(_text(bare[: border.start]), printed.sender, printed.sent_at))
        lines, printed = bare[border.end :], border.printed
    letters.append(Quoted(_text(_bare(lines)), printed.sender, printed.sent_at))
    return tuple(letter for letter in letters if letter.text.strip())


def _is_forward(border: _Border, above: list[str], subject: str, *, answers: bool) -> bool:
    """Outlook prints the same header for both: the subject's prefix decides, then whether anything was written above."""
    if border.kind == "forward":
        return True
    own = _text(above).split()
    if not own:
        return True
    if border.kind == "attribution":
        return False
    prefix = _prefix(subject)
    if prefix in phrases.FORWARD_PREFIXES:
        return True
    if prefix in phrases.REPLY_PREFIXES or answers:
        return False
    return len(own) <= _SHORT_NOTE


def is_forward_subject(subject: str) -> bool:
    """Whether the subject begins as mail clients begin that of a forward."""
    return _prefix(subject) in phrases.FORWARD_PREFIXES


def _prefix(subject: str) -> str:
    found = _PREFIX.match(subject)
    return found.group(1).lower() if found else ""


# --- finding the border -----------------------------------------------------------------------------------------------


def _border(lines: Sequence[str], *, answers: bool, zone: tzinfo) -> _Border | None:
    for at, line in enumerate(lines):
        bare = _QUOTE.sub("", line).strip()
        if not bare:
            continue
        if (
            found := _marked(lines, at, bare, zone)
            or _headed(lines, at, bare, zone)
            or _attributed(lines, at, bare, zone)
        ):
            return found
        if line.lstrip().startswith(">") and (answers or _run_of_quotes(lines, at)):
            return _Border(at, at, "cited", Printed())
    return None


def _marked(lines: Sequence[str], at: int, bare: str, zone: tzinfo) -> _Border | None:
    if not (bare[0] in "-_=*Mm" or bare[-1] == ":") or len(bare) > 160:
        return None
    found, end, printed = 0, 0, Printed()
    if _ORANGE.match(bare):
        found, end, printed = _printed(lines, at + 1, zone)
        return _Border(at, end, "head", printed) if found >= 2 else None
    if not (match := _MARK.match(bare)):
        return None
    found, end, printed = _printed(lines, at + 1, zone)
    if found >= 2:
        return _Border(at, end, "forward" if match.group("f1") or match.group("f2") else "original", printed)
    dashed = bare.startswith(("--", "__", "=="))
    return _Border(at, at + 1, "forward" if match.group("f1") else "original", Printed()) if dashed else None


def _headed(lines: Sequence[str], at: int, bare: str, zone: tzinfo) -> _Border | None:
    """An Outlook header: sender and date with a recipient or a subject, and a real address or hour among them."""
    if ":" not in bare[:25] or not _FIELDS["sender"].match(bare[:300]) or not _dated(lines[at + 1 : at + 8]):
        return None
    found, end, printed = _printed(lines, at, zone)
    if found < 3 or printed.sender is None or printed.sent_at is None:
        return None
    if not printed.sender.addr and not (printed.sent_at.hour or printed.sent_at.minute):
        return None
    start = at
    while start and (not lines[start - 1].strip() or _RULE.match(lines[start - 1])):
        start -= 1
    return _Border(start, end, "head", printed)


def _dated(lines: Sequence[str]) -> bool:
    """Whether a date field is near: 20,000 lines of "From:" must not each be read as a header."""
    return any(":" in line[:40] and _FIELDS["date"].match(_QUOTE.sub("", line).strip()[:300]) for line in lines)


def _attributed(lines: Sequence[str], at: int, bare: str, zone: tzinfo) -> _Border | None:
    """Find "On … wrote:", over as many as four lines."""
    if not _ATTRIBUTION_START.search(bare[:300]):
        return None
    whole = bare
    for width in range(1, 5):
        if width > 1:
            if at + width > len(lines) or not (more := _QUOTE.sub("", lines[at + width - 1]).strip()):
                return None  # clients fold the line, they never break it: a signature that begins with "Le" stays
            whole = f"{whole} {more}"
        if len(whole) > 500:
            return None
        if whole.endswith(":") and _ATTRIBUTION.match(whole) and (_TIME.search(whole) or "@" in whole):
            return _Border(at, at + width, "attribution", Printed(_sender(whole), find_moment(whole, zone)))
    return None


_NAMED = re2.compile(
    r"(?:^|[,;]|\b\d{1,2}[:h.]\d{2}(?::\d{2})?|\b(?:schrieb|schreef|heeft)\b)\s*"
    r"([^,;:<>\d]{0,80})<\s?(?:mailto:)?([^\s<>@]{1,64}@[^\s<>@]{1,255})\s?>"
)
_BARE_ADDR = re2.compile(r"([^\s<>@(),;:\"]{1,64}@[^\s<>@(),;:\"]{1,255})")


def _sender(text: str) -> Address | None:
    """The named mailbox in a line of prose."""
    if match := _NAMED.search(text):
        return Address(one_line(match.group(1).strip(" \"'*"), 200), one_line(match.group(2), 320))
    match = _BARE_ADDR.search(text)
    return Address("", one_line(match.group(1), 320)) if match else None


def _printed(lines: Sequence[str], start: int, zone: tzinfo) -> tuple[int, int, Printed]:
    """The printed header at `start`: how many of its fields are known, the line after it, and what it says."""
    said: dict[str, str] = {}
    at, last, skipped = start, "", 0
    end = start
    while at < len(lines) and at - start < 30:
        bare = _QUOTE.sub("", lines[at]).strip()
        key = _field_of(bare)
        if key and not (key in said and key != "other" and "sender" in said and "subject" in said):
            said.setdefault(key, _FIELDS[key].match(bare).group(1).strip(" *_"))
            last, skipped, end = key, 0, at + 1
        elif not bare:
            skipped += 1
            if skipped > (3 if not said else 1):
                break
        elif said and not skipped and last in ("to", "other", "sender", "subject") and _continues(bare, said, last):
            said[last] = f"{said.get(last, '')} {bare}"[:2000]
            end = at + 1
        else:
            break
        at += 1
    sender = said.get("sender", "")
    printed = Printed(
        sender=_mailbox(sender) if sender else None,
        sent_at=find_moment(said["date"], zone) if said.get("date") else None,
        subject=one_line(said.get("subject", ""), 1000),
    )
    return sum(1 for key in said if key != "other"), end, printed


def _field_of(bare: str) -> str | None:
    if not _ANY_FIELD.match(bare[:60]):
        return None
    return next((key for key, pattern in _FIELDS.items() if pattern.match(bare)), None)


def _continues(bare: str, said: dict[str, str], last: str) -> bool:
    before = said.get(last, "")
    if before.endswith((",", ";")) or (last == "sender" and "@" in bare and "@" not in before):
        return True
    return "@" in bare and " " not in bare.strip("<>;, ")


def _mailbox(text: str) -> Address | None:
    text = text.replace("[mailto:", "<").replace("]", ">").replace("mailto:", "").replace("*", "")
    found = addresses([text.encode("utf-8", "replace")])
    if found:
        return found[0]
    match = _BARE_ADDR.search(text)
    return Address("", match.group(1)) if match else Address(one_line(text, 200), "")


# --- lines ------------------------------------------------------------------------------------------------------------


def _is_all_marked(lines: Sequence[str]) -> bool:
    """Whether nothing but marked lines is there: nobody answered in between."""
    return all(_QUOTE.match(line) or not line.strip() for line in lines)


def _run_of_quotes(lines: Sequence[str], at: int) -> bool:
    """Three marked lines on end: a quotation, not an arrow before a list item."""
    run = lines[at : at + 3]
    return len(run) == 3 and all(line.lstrip().startswith(">") for line in run)


def _bare(lines: list[str]) -> list[str]:
    """The lines without one level of quote marks, if most of them carry it (Apple Mail marks what it forwards)."""
    said = [line for line in lines if line.strip()]
    marked = sum(line.lstrip().startswith(">") for line in said)
    if not marked or marked * 2 < len(said):
        return lines
    return [line.lstrip()[1:].removeprefix(" ") if line.lstrip().startswith(">") else line for line in lines]


def _first_words(lines: list[str]) -> str:
    return next((line.strip() for line in lines if line.strip()), "")


def _text(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()
