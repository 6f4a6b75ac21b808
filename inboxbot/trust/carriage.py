"""Signs in what the letter carries: programs, pages, archives, and files that are not what they are called."""

from __future__ import annotations

from collections.abc import Iterator

import re2

from inboxbot.letter.attachments import ARCHIVE, PROGRAM
from inboxbot.records import Attachment, Letter
from inboxbot.trust.findings import DECISIVE, Finding
from inboxbot.trust.words import reason

_PROGRAM = re2.compile(
    r"(?i)\.(?:exe|scr|com|pif|bat|cmd|jse?|vb[se]?|ws[fh]|hta|lnk|url|msi|jar|ps1|apk|chm|reg|iso|img|vhdx?|one|xll|cpl|appx"
    r"|dmg|pkg|sh|doc[mb]|dotm|xls[mb]|xltm|pptm|ppam|xlam|settingcontent-ms|search-ms|library-ms)$"
)
_PAGE = re2.compile(r"(?i)\.(?:x?html?|shtml|mht(?:ml)?|svgz?)$")
_MADE_BY_CLIENTS = re2.compile(r"(?i)^(?:att\d{3,}\.html?|attachment-\d+\.html?|(?:mime-)?attachment\.html?)$")
_ARCHIVE = re2.compile(r"(?i)\.(?:zip|7z|rar|tar|gz|tgz|bz2|xz|cab|ace|arj|lzh|zst|r\d\d|z)$")
_PROGRAM_TYPES = (
    "application/x-msdownload",
    "application/x-msdos-program",
    "application/x-executable",
    "application/hta",
)


def program_signs(letter: Letter, language: str) -> Iterator[Finding]:
    """Attachments that may run, whatever the letter is."""
    for attached in letter.attachments:
        if is_program(attached.name) or attached.media_type in _PROGRAM_TYPES:
            yield Finding(reason("program", language, name=attached.name), DECISIVE)


def carriage_signs(letter: Letter, language: str) -> Iterator[Finding]:
    """Attachments that a genuine letter of an issuer has no need of."""
    for attached in letter.attachments:
        if _PAGE.search(attached.name) and not _MADE_BY_CLIENTS.match(attached.name):
            yield Finding(reason("page-attached", language, name=attached.name), DECISIVE)
        elif _ARCHIVE.search(attached.name):
            yield Finding(reason("archive", language, name=attached.name), 2)
        elif _is_disguised(attached):
            yield Finding(reason("disguised", language, name=attached.name), DECISIVE)


def is_program(name: str) -> bool:
    """Whether a file of this name would run when it is opened."""
    return bool(_PROGRAM.search(name))


def _is_disguised(attached: Attachment) -> bool:
    """An archive or program under the name of a document, as the reader found by its bytes."""
    return attached.unread in (ARCHIVE, PROGRAM)
