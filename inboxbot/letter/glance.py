"""The first look at a mail: may it name one of these issuers at all? Only then is it worth the careful reading.

A letter of an issuer names that issuer somewhere, and what names none is `other` (model/judge.py). So the look may be
wrong in one direction alone: a mail that the careful reading would find a name in must never be let go. Whatever is
uncommon therefore gets the careful reading: broken structure, odd encodings, everything that is not text. What remains,
most mail, costs one pass of the standard parser and some searches, a tenth of the reading (benchmarks/bench_glance.py).
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator, Sequence
from email.message import Message
from functools import cache
from html import unescape
from typing import Any

import re2

from inboxbot.letter.attachments import is_mute
from inboxbot.letter.charset import decode
from inboxbot.letter.header import unfold, words
from inboxbot.letter.likeness import widened
from inboxbot.letter.text import normalise

LARGEST = 1 << 20
_MOST_PARTS = 30
_NAMED_IN = ("from", "to", "cc", "reply-to", "subject")
_ENCODINGS = ("", "7bit", "8bit", "binary", "quoted-printable", "base64")

# On `re`, whose `sub` is many times faster than RE2's from Python; each is linear, for nothing in it can match two ways.
_INLINE = re.compile(r"</?(?:a|abbr|acronym|b|big|bdi|bdo|cite|code|del|dfn|em|font|i|ins|kbd|label|mark|o:p|q|s|samp|small|span|strike|strong|sub|sup|tt|u|var|wbr)\b[^<>]*>|<!--[^<>]*-->", re.IGNORECASE)  # fmt: skip
_TAG = re.compile(r"<[^<>]*>")
_QUOTING = re.compile(r"\n[>|\s]*")
_UNSEEN = re.compile("[^\\t-\\r -~]")
_HIDDEN_WORD = re2.compile(
    r"(?i)\w<(?:span|font|i|b|em|small|u)\b[^<>]*(?:style|hidden|color|class)[^<>]*>[^<>]*</\w+\s*>\w"
)


class Glance:
    """Ready to look for these names: patterns of RE2, small and capital letters alike."""

    def __init__(self, names: Sequence[str]) -> None:
        options = re2.Options()
        options.log_errors = False
        sought = "(?i)" + "|".join(f"(?:{widened(name)})" for name in names)
        self._named: Any = re2.compile(sought, options) if names else None

    def __call__(self, raw: bytes) -> bool:
        """Whether the mail may name one of them; True also for all that a quick look cannot tell."""
        if self._named is None:
            return False
        if len(raw) > LARGEST or raw.count(b"\r") != raw.count(b"\r\n"):  # a bare CR is a line end to us alone
            return True
        try:
            parts = list(email.message_from_bytes(raw).walk())
            return len(parts) > _MOST_PARTS or any(self._in(part) for part in parts)
        except Exception:  # noqa: BLE001 - a mail that the standard parser cannot take is what the careful reading is for
            return True

    def _in(self, part: Message) -> bool:
        return any(text is None or self._named.search(text) for text in _texts(part))


@cache
def glance_for(names: tuple[str, ...]) -> Glance:
    """The look for these names, made once."""
    return Glance(names)


def _texts(part: Message) -> Iterator[str | None]:
    """Every form of the part's text in which a name may stand; None for what a quick look cannot read."""
    kind = part.get_content_type()
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    yield _flat("\n".join(_heads(part)))
    if part.is_multipart():
        known = kind.startswith("multipart/") or kind == "message/rfc822"
        yield None if not known or part.defects or encoding in ("quoted-printable", "base64") else ""
        yield from (_flat(text) for text in (part.preamble, part.epilogue) if text)
        return
    data = part.get_payload(decode=True)  # the standard parser notes some defects only now
    if part.defects or encoding not in _ENCODINGS or not isinstance(data, bytes):
        yield None
    elif kind.startswith("text/"):
        yield from _forms(decode(data, part.get_content_charset(""))[0])
    elif data and not is_mute(kind, data):
        yield None


def _heads(part: Message) -> Iterator[str]:
    """The fields in which the careful reading looks for names, decoded; and the names of what is carried."""
    for name, value in part.items():
        low = name.lower()
        if low in _NAMED_IN or low.startswith("content-"):
            text = str(value)
            plainly = text.isascii() and "=?" not in text
            yield text if plainly else words(unfold(text.encode("utf-8", "surrogateescape")), 64 << 10)
            if "*=" in text or "*0" in text:  # RFC 2231
                yield part.get_filename("")


def _forms(text: str) -> Iterator[str | None]:
    """The text as it stands, where links keep their addresses; without its tags; and with broken lines joined."""
    if _UNSEEN.search(text):
        text = normalise(text)
    yield _flat(text)
    if "\n" in text:
        yield _flat(_QUOTING.sub("", text))
        yield _flat(_QUOTING.sub(" ", text))
    if "<" in text or "&" in text:
        if _HIDDEN_WORD.search(text):
            yield None  # a word may have been split by what nobody sees
        shown = _TAG.sub(" ", _INLINE.sub("", text))
        shown = _QUOTING.sub(" ", normalise(unescape(shown)) if "&" in shown else shown)
        yield _flat(shown)


def _flat(text: str) -> str:
    return " ".join(text.split())
