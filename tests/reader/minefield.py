"""Bombs by kind and number, the same each time: what a mail can be made to unfold into, in five hundred variants."""

from __future__ import annotations

import base64
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tests.letter.mails import mail
from tests.reader.bombs import (
    MB,
    WORDS,
    docx,
    forms_in_forms,
    laughing,
    letter_with,
    page_of,
    pages,
    png,
    squeezed,
    zips_in_a_zip,
)

A_KIND = 46
Chance = random.Random


def many(chance: Chance, least: int, most: int) -> int:
    """A number, small ones as likely as large ones."""
    return int(least * (most / least) ** chance.random())


def beside(part: bytes) -> bytes:
    """A demand letter with this part, head and body, behind its text."""
    text = f"Content-Type: text/plain; charset=utf-8\n\n{WORDS}\n".encode()
    body = b"--edge\n" + text + b"--edge\n" + part + b"\n--edge--\n"
    made = mail(body, From="COPYTRACK <case@copytrack.com>", Content_Type="multipart/mixed; boundary=edge")
    return made.replace(b"Content-Transfer-Encoding: 8bit\n", b"", 1)


def pdf_bomb(chance: Chance) -> bytes:
    piece = chance.choice((b"0 0 m ", b" ", b"BT (a) Tj ET ", b"q ", b"[", b"<<", b"(", b"/F0 Do "))
    made = chance.choice((
        lambda: page_of(squeezed(piece, many(chance, 1, 40))),
        lambda: page_of(zlib.compress(squeezed(piece, many(chance, 1, 60))), b"/FlateDecode/FlateDecode"),
        lambda: forms_in_forms(many(chance, 5, 60)),
        lambda: pages(many(chance, 100, 200_000)),
        lambda: page_of(zlib.compress(piece), b"/FlateDecode" * many(chance, 2, 5_000)),
        lambda: page_of(squeezed(piece, 1)[: many(chance, 10, 1_000)]),
    ))()  # fmt: skip
    return letter_with("a.pdf", made)


def picture_bomb(chance: Chance) -> bytes:
    if chance.random() < 0.5:
        made = png(many(chance, 6_500, 30_000))
    else:  # its head promises what does not follow
        head = struct.pack(">IIBBBBB", many(chance, 7_000, 1 << 31), many(chance, 7_000, 1 << 31), 8, 2, 0, 0, 0)
        made = (
            b"\x89PNG\r\n\x1a\n"
            + struct.pack(">I", 13)
            + b"IHDR"
            + head
            + struct.pack(">I", zlib.crc32(b"IHDR" + head))
        )
        made += bytes(many(chance, 1, 10_000))
    return letter_with(chance.choice(("a.png", "a.jpg", "a.tif")), made)


def zip_bomb(chance: Chance) -> bytes:
    if chance.random() < 0.3:
        return letter_with("a.zip", zips_in_a_zip(many(chance, 1, 4)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(many(chance, 1, 3_000)):
            made.writestr(f"{'../' * many(chance, 1, 9)}{number}.txt", b"")
        made.writestr("zeros", bytes(many(chance, 1, 60) * MB))
    return letter_with("a.zip", out.getvalue())


def word_bomb(chance: Chance) -> bytes:
    count = many(chance, 1_000, 300_000)
    ways: tuple[Callable[[bytes], bytes], ...] = (
        lambda data: data + b" " * (many(chance, 1, 60) * MB),
        laughing,
        lambda data: data.replace(b"Case A1B2C3", b"<w:r>" * count),
        lambda data: data.replace(b"Case A1B2C3", b"</w:t></w:r></w:p><w:p><w:r><w:t>a" * count),
        lambda data: data.replace(b"<w:body>", b"<w:body " + b" ".join(b"a%d='1'" % n for n in range(count // 10)) + b">"),
        lambda data: data.replace(b"?>", b"?><!DOCTYPE d SYSTEM 'file:///etc/passwd'>", 1),
    )  # fmt: skip
    return letter_with("a.docx", docx(chance.choice(ways)))


def nested_bomb(chance: Chance) -> bytes:
    depth = many(chance, 10, 20_000)
    kind = chance.choice((b"mixed", b"alternative", b"related", b"digest", b"x"))
    if chance.random() < 0.5:  # beside each other
        return beside(
            b"Content-Type: multipart/%s; boundary=b\n\n" % kind
            + b"--b\nContent-Type: text/plain\n\nx\n" * depth
            + b"--b--\n"
        )
    same = chance.random() < 0.3
    name = (lambda n: b"b") if same else (lambda n: b"b%d" % n)
    opened = [b"Content-Type: multipart/%s; boundary=%s\n\n--%s\n" % (kind, name(n), name(n)) for n in range(depth)]
    return beside(b"".join(opened) + b"Content-Type: text/plain\n\nx\n")


def header_bomb(chance: Chance) -> bytes:
    field = chance.choice(
        ("From", "To", "Subject", "Content-Type", "Message-ID", "References", "Received", "Reply-To", "Date", "X-A")
    )
    piece = chance.choice(
        ('"', "(", "<", "a@b, ", ";a=b", "=?utf-8?q?a?= ", "a\n ", "\\", ";n*0*=a", ":", "[", "=?x?B?=?=", "é", "%00")
    )
    long = piece * many(chance, 100, 400_000 // len(piece))
    lines = f"{field}: x\n" * (many(chance, 1, 5_000) if chance.random() < 0.3 else 1)
    return f"{lines}{field}: {long}\n".encode() + mail(WORDS, From="COPYTRACK <case@copytrack.com>")


def html_bomb(chance: Chance) -> bytes:
    tag = chance.choice(
        (
            "div",
            "table><tr><td",
            "b",
            "font",
            "ul><li",
            "blockquote",
            "a href=x",
            "svg",
            "select",
            "p",
            "template",
            "form",
        )
    )
    count = many(chance, 100, 900_000 // (len(tag) + 2))
    made = chance.choice((
        lambda: f"<{tag}>" * count,
        lambda: "<p " + " ".join(f"a{n}=1" for n in range(count // 10)) + ">",
        lambda: "&lt;" * count, lambda: "<!--" * count, lambda: "<" * count, lambda: "<style>" + "a{" * count,
        lambda: "<a href='" + "x" * count + "'>y</a>", lambda: "<td colspan=999999999 rowspan=999999>x" * (count // 20),
    ))()  # fmt: skip
    return beside(f"Content-Type: text/html; charset=utf-8\n\n<p>{WORDS}</p>{made}".encode())


def base64_bomb(chance: Chance) -> bytes:
    size = many(chance, 1_000, 4 * MB)
    data = chance.choice((
        lambda: base64.b64encode(bytes(size)), lambda: b"=" * size, lambda: b"A=" * (size // 2), lambda: b"\xff" * size,
        lambda: b"QUFB\n" * (size // 5), lambda: b" \n" * (size // 2), lambda: base64.b64encode(base64.b64encode(bytes(size))),
    ))()  # fmt: skip
    kind = chance.choice((b"text/plain", b"text/html", b"application/pdf", b"image/png", b"message/rfc822"))
    encoding = chance.choice((b"base64", b"quoted-printable", b"x-uuencode", b"base64"))
    return beside(b"Content-Type: %s\nContent-Transfer-Encoding: %s\n\n%s" % (kind, encoding, data))


def charset_bomb(chance: Chance) -> bytes:
    charset = chance.choice(
        (b"utf-7", b"utf-16", b"utf-32", b"iso-2022-jp", b"hz", b"zip", b"idna", b"unicode_escape", b"punycode", b"x" * 2_000, b"utf-8\0", b"big5", b"bz2")
    )  # fmt: skip
    piece = chance.choice(
        (b"+AAA-", b"\x1b$B", b"~{", b"\\U0010ffff", b"\x00", b"\xff\xfe", b"\xd8\x00", b"a-", b"\xf0\x9f")
    )
    return beside(b"Content-Type: text/plain; charset=%s\n\n%s" % (charset, piece * many(chance, 100, 1_000_000)))


def chain_bomb(chance: Chance) -> bytes:
    depth = many(chance, 10, 20_000)
    inner = chance.choice((b"", b"From: a@b\nSubject: x\n", b"Content-Transfer-Encoding: base64\n"))
    return beside((b"Content-Type: message/rfc822\n" + inner + b"\n") * depth + b"Subject: end\n\nx")


def tnef_bomb(chance: Chance) -> bytes:
    made = struct.pack("<IH", 0x223E9F78, 1)
    for _ in range(many(chance, 1, 20_000)):
        made += (
            struct.pack(
                "<BII", chance.choice((1, 2)), chance.getrandbits(32), chance.choice((0, 4, 0x7FFFFFFF, 0xFFFFFFFF))
            )
            + b"abcd"
        )
    return letter_with(chance.choice(("winmail.dat", "a.msg", "a.pdf")), made)


KINDS: Mapping[str, Callable[[Chance], bytes]] = {
    "PDF": pdf_bomb, "picture": picture_bomb, "zip": zip_bomb, "Word": word_bomb, "nested parts": nested_bomb, "header": header_bomb,
    "HTML": html_bomb, "base64": base64_bomb, "charset": charset_bomb, "chain of mails": chain_bomb, "TNEF": tnef_bomb,
}  # fmt: skip


def bomb(kind: str, number: int) -> bytes:
    """The letter with this bomb."""
    return KINDS[kind](random.Random(f"{kind} {number}"))
