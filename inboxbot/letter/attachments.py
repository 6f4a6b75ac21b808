"""What a letter carries besides its words: named safely, read where that is safe, and told where it is not."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import re2

from inboxbot.letter.bounds import MAX_FIELD
from inboxbot.letter.charset import decode
from inboxbot.letter.docx import read_docx
from inboxbot.letter.html import shown, unmarked
from inboxbot.letter.mime import Part
from inboxbot.letter.pdf import MAX_TEXT, Words, read_pdf
from inboxbot.letter.scan import Ocr, dimensions, read_image
from inboxbot.letter.text import one_line, tidy
from inboxbot.records import Attachment

MAX_READ = 10
ARCHIVE = "it is an archive and is not opened"
PROGRAM = "it is a program and is not opened"
_NAME_LIMIT = 100
_SAFE = re2.compile(r"[^\pL\pN\pM ()\[\]@+=,;.&'!#%_°º-]")
_ARCHIVES = (
    ".zip",
    ".7z",
    ".rar",
    ".tar",
    ".gz",
    ".tgz",
    ".bz2",
    ".xz",
    ".iso",
    ".img",
    ".cab",
    ".ace",
    ".arj",
    ".lzh",
    ".zst",
)
_PROGRAMS = (
    ".exe",
    ".scr",
    ".com",
    ".pif",
    ".bat",
    ".cmd",
    ".js",
    ".jse",
    ".vbs",
    ".vbe",
    ".wsf",
    ".hta",
    ".lnk",
    ".msi",
    ".jar",
    ".ps1",
    ".apk",
)
_OFFICE = (
    ".doc",
    ".docm",
    ".rtf",
    ".odt",
    ".xls",
    ".xlsx",
    ".xlsm",
    ".ppt",
    ".pptx",
    ".pages",
    ".msg",
    ".heic",
    ".webp",
    ".bmp",
)
_TEXTS = (".txt", ".csv", ".md", ".log", ".htm", ".html")
_SILENT_TYPES = ("text/calendar", "text/vcard", "text/x-vcard", "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "application/ics")  # fmt: skip


def safe_name(name: str, number: int, media_type: str) -> str:
    """A name that may be shown and compared: no path, no control or bidi characters, at most 100 characters."""
    base = one_line(name, MAX_FIELD).replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    base = str(_SAFE.sub(lambda _: "_", base)).strip(" .")
    if not base:
        return f"attachment-{number}{_extension_of(media_type)}"
    stem, dot, extension = base.rpartition(".")
    if len(base) > _NAME_LIMIT and dot and len(extension) <= 10:
        return f"{stem[: _NAME_LIMIT - len(extension) - 1]}.{extension}"
    return base[:_NAME_LIMIT]


def described(part: Part, number: int) -> Attachment:
    """The attachment by name, type and size, not yet read."""
    name = safe_name(part.name, number, part.media_type)
    return Attachment(name, part.media_type, len(part.payload), hashlib.sha256(part.payload).hexdigest())


def read(part: Part, attachment: Attachment, ocr: Ocr | None) -> Attachment:
    """The attachment with what could be read from it, or why nothing could."""
    words = _words(part, attachment.name.lower(), ocr)
    return replace(attachment, text=words.text, unread=words.unread, scanned=words.scanned)


def _words(part: Part, name: str, ocr: Ocr | None) -> Words:
    data, kind = part.payload, part.media_type
    if not data:
        return Words(unread="it is empty")
    if name == "winmail.dat" or kind in ("application/ms-tnef", "application/vnd.ms-tnef"):
        return Words(unread="it is an Outlook container (winmail.dat) that is not opened")
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted") or name.endswith(
        (".p7m", ".pgp", ".gpg")
    ):
        return Words(unread="it is encrypted or signed in a way that is not opened")
    if name.endswith(_PROGRAMS) or (data.startswith(b"MZ") and b"\0" in data[:64]):
        return Words(unread=PROGRAM)
    if data[:1024].lstrip().startswith(b"%PDF"):
        return read_pdf(data, ocr)
    if name.endswith(".docx") or kind == "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
        return read_docx(data)
    if _is_archive(data, name, kind) and not name.endswith(_OFFICE):
        return Words(unread=ARCHIVE)
    if kind == "application/pdf" or name.endswith(".pdf"):
        return read_pdf(data, ocr)
    if dimensions(data) is not None:
        return read_image(data, ocr)
    if (kind.startswith("text/") and kind not in _SILENT_TYPES) or name.endswith(_TEXTS):
        return _text(part, name)
    if (
        kind in _SILENT_TYPES
        or kind.startswith(("audio/", "video/"))
        or name.endswith((".asc", ".sig", ".p7s", ".ics", ".vcf", ".gif", ".svg"))
    ):
        return Words()
    if kind.startswith("image/") and not name.endswith(_OFFICE):
        return (
            Words()
            if kind in ("image/gif", "image/svg+xml")
            else Words(unread="the picture is damaged or of a format that is not read")
        )
    return Words(unread="its format is not read")


def _is_archive(data: bytes, name: str, kind: str) -> bool:
    """By its name, its type or, whatever it is called, its first bytes."""
    by_bytes = data[:4] in (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf")
    return by_bytes or name.endswith(_ARCHIVES) or kind in ("application/zip", "application/x-zip-compressed")


def _text(part: Part, name: str) -> Words:
    text, _ = decode(part.payload[: 4 * MAX_TEXT], part.charset)
    if part.media_type == "text/html" or name.endswith((".htm", ".html")):
        page = shown(text)
        return Words(unmarked(page.text, page.links)[:MAX_TEXT], page.defect)
    return Words(tidy(text)[:MAX_TEXT])


def is_mute(media_type: str, data: bytes) -> bool:
    """Whether nothing would be read from such a part, and nothing is missed: a sound, a film, a signature, a small picture."""
    mute = media_type.startswith(("audio/", "video/")) or media_type in (*_SILENT_TYPES, "image/gif", "image/svg+xml")
    return mute and not data[:1024].lstrip().startswith(b"%PDF") and dimensions(data) is None


def is_decoration(part: Part) -> bool:
    """Whether the part is a picture that the HTML shows: a logo, an icon, a tracking dot."""
    return part.media_type.startswith("image/") and bool(part.content_id) and part.disposition != "attachment"


def _extension_of(media_type: str) -> str:
    known = {
        "application/pdf": ".pdf",
        "image/jpeg": ".jpg",
        "image/png": ".png",
        "image/tiff": ".tif",
        "text/plain": ".txt",
        "text/html": ".html",
        "message/rfc822": ".eml",
    }
    return known.get(media_type, "")
