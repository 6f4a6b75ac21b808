"""Attachments that are small on the way and enormous once opened."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tests.letter.mails import message, word

MB = 1 << 20
WORDS = "COPYTRACK GmbH. You are using an image without a licence. Your case number is A1B2C3. Please pay 350.00 EUR."


def squeezed(piece: bytes, megabytes: int) -> bytes:
    """So many megabytes of the piece, deflated."""
    squeeze, block = zlib.compressobj(9), piece * (MB // len(piece))
    return b"".join([squeeze.compress(block) for _ in range(megabytes)] + [squeeze.flush()])


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects; the first is its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return bytes(out) + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + end


def page_of(content: bytes, filters: bytes = b"/FlateDecode", resources: bytes = b"", *more: bytes) -> bytes:
    """A PDF of one page whose content is this stream."""
    return pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>" % resources,
        _stream(content, b"/Filter[%s]" % filters),
        *more,
    )


def _stream(content: bytes, about: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (about, len(content), content)


def forms_in_forms(depth: int) -> bytes:
    """Each form draws the next three times: 3 to the power of `depth`."""
    names = b"/XObject<<" + b"".join(b"/F%d %d 0 R" % (n, n + 5) for n in range(depth + 1)) + b">>"
    about = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<%s>>" % names
    forms = [_stream(b"/F%d Do " % (n + 1) * 3 if n < depth else b"0 0 m", about) for n in range(depth + 1)]
    return page_of(zlib.compress(b"/F0 Do"), b"/FlateDecode", names, *forms)


def pages(count: int) -> bytes:
    """One page named again and again."""
    kids = b"3 0 R " * count
    return pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    )


def png(side: int) -> bytes:
    """A square of so many pixels, black and white, all the same."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    squeeze, row = zlib.compressobj(9), bytes(1 + side // 8)
    data = b"".join([squeeze.compress(row) for _ in range(side)] + [squeeze.flush()])
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def docx(inside: Callable[[bytes], bytes]) -> bytes:
    """A Word document whose text is changed by `inside`."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word("Case A1B2C3"))) as honest,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in honest.namelist():
            data = honest.read(name)
            made.writestr(name, inside(data) if name == "word/document.xml" else data)
    return out.getvalue()


def laughing(data: bytes) -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE d [<!ENTITY e0 "ha">{entities}]>'.encode()
    return data.replace(b"?>", b"?>" + doctype, 1).replace(b"Case A1B2C3", b"&e9;")


def zips_in_a_zip(depth: int) -> bytes:
    data = bytes(10 * MB)
    for level in range(depth):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for number in range(10):
                made.writestr(f"{level}-{number}.zip", data)
        data = out.getvalue()
    return data


BOMBS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "a PDF page of 150 MB": ("a.pdf", lambda: page_of(squeezed(b"0 0 m ", 150))),
    "a PDF page deflated twice": ("a.pdf", lambda: page_of(zlib.compress(squeezed(b" ", 400)), b"/FlateDecode/FlateDecode")),
    "a PDF page of 8 million characters": ("a.pdf", lambda: page_of(squeezed(b"BT /F 9 Tf (aaaa) Tj ET ", 24))),
    "PDF forms in forms": ("a.pdf", lambda: forms_in_forms(25)),
    "a PDF of 300,000 pages": ("a.pdf", lambda: pages(300_000)),
    "a picture of 30,000 by 30,000": ("a.png", lambda: png(30_000)),
    "a picture of 6,000 by 6,000": ("a.png", lambda: png(6_000)),
    "a Word document of 300 MB": ("a.docx", lambda: docx(lambda data: data + b" " * (300 * MB))),
    "a Word document that laughs": ("a.docx", lambda: docx(laughing)),
    "zips in a zip": ("a.zip", lambda: zips_in_a_zip(4)),
}  # fmt: skip


def letter_with(name: str, attachment: bytes) -> bytes:
    """A demand letter that brings this along."""
    made = message(WORDS, From="COPYTRACK <case@copytrack.com>")
    made.add_attachment(attachment, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()
