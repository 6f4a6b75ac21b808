"""The words of a Word document, paragraphs and table rows in their order."""

from __future__ import annotations

import io
import zipfile

from inboxbot.letter.pdf import MAX_TEXT, Words
from inboxbot.letter.text import tidy

MAX_BYTES = 15 << 20
MAX_UNPACKED = 60 << 20
MAX_XML = 8 << 20
MAX_MEMBERS = 2000


def read_docx(data: bytes) -> Words:
    """The text of a .docx; the archive's own figures are checked before anything is unpacked."""
    if len(data) > MAX_BYTES:
        return Words(unread="the document is larger than 15 MB")
    if data[:4] == b"\xd0\xcf\x11\xe0":  # an OLE file under a .docx name: Word encrypts so
        return Words(unread="the document is protected by a password or of an old format")
    try:
        if bomb := _too_much(data):
            return Words(unread=bomb)
        text = tidy(_text(data))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - python-docx raises what its XML provokes: KeyError, ValueError, XMLSyntaxError ...
        return Words(unread="the document is damaged")
    if len(text) > MAX_TEXT:
        return Words(text[:MAX_TEXT], "the text is longer than 200,000 characters")
    return Words(text, None if text else "the document has no text")


def _too_much(data: bytes) -> str | None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        body = sum(member.file_size for member in members if member.filename.endswith((".xml", ".rels")))
        if len(members) > MAX_MEMBERS or body > MAX_XML or sum(member.file_size for member in members) > MAX_UNPACKED:
            return "the document unpacks to more than it may"
    return None


def _text(data: bytes) -> str:
    import docx  # noqa: PLC0415 - only a Word document needs it
    from docx.table import Table  # noqa: PLC0415

    document = docx.Document(io.BytesIO(data))
    section = document.sections[0] if document.sections else None
    lines = [paragraph.text for paragraph in section.header.paragraphs] if section else []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                cells = list(
                    dict.fromkeys(cell.text.replace("\n", " ").strip() for cell in row.cells)
                )  # merged cells repeat
                lines.append("  ".join(filter(None, cells)))
        else:
            lines.append(block.text)
    lines += [paragraph.text for paragraph in section.footer.paragraphs] if section else []
    return "\n".join(lines)
