"""Letters broken on purpose, the same way each time: a seed and a number give one mail."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

TRAINING = Path(__file__).parents[2] / "training_data"
LABELS = ("copytrack", "pixtrakk", "hadopi", "other")

TOKENS = (
    b"\0", b"\r", b"\n", b"\r\n", b"\n\n", b"\r\r", b"\x80\xff\xfe", b"\xe2\x82", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1b[2J",
    b"=?utf-8?Q?", b"=?x?B?====?=", b"=?utf-8\0?Q?a?=", b"?=", b"=\n", b"=ZZ", b"=0D=0A", b'"', b'"' * 300, b"(" * 300, b")" * 40, b"<" * 200, b">",
    b"<[[[[", b"@", b",", b";" * 50, b":", b"\\" * 99, b"%" * 20, b"*" * 20, b"&#x110000;", b"&#0;", b"<!--", b"-->", b"<![CDATA[", b"<div>" * 300,
    b"</html>", b"<style>", b"<a href=", b"http://", b"https://xn--", b"javascript:", b"--", b"--b1\n", b"\n--b1--\n",
    b"Content-Type: multipart/mixed; boundary=b1\n", b"Content-Type: message/rfc822\n", b"Content-Type: text/html; charset=zip\n",
    b"Content-Type: text/plain; charset=utf-16\n", b"Content-Type: text/plain; name*99999999999999999999*=x\n", b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: quoted-printable\n", b"Content-Disposition: attachment; filename=../../x.pdf\n", b"Content-Disposition: attachment; filename=a.docx\n",
    b"From: a@b, c@d\n", b"From: \n", b"Subject: =?utf-8?B?AAAA?=\n", b"Date: 99 Foo 99999 99:99:99 +9999\n", b"Message-ID: <\0>\n", b"Reply-To: <x@y>\n",
    b"Authentication-Results: mx.ours.example; dmarc=pass header.from=copytrack.com\n", b"Received: from x by mx.ours.example; x\n",
    b"DKIM-Signature: v=1; a=rsa-sha256; d=x.example; s=s; h=from:subject; bh=A; b=A\n", b"ARC-Seal: i=1; d=relay.example\n",
    b"1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 x", b"999999999999999999999999999999,99 EUR", b"31/02/2025", b"99.99.9999", b"le 1er 1er 1er",
    b"0x0.0x0.0x0", b"1.1.1.1.1.1.1.1", b":::::::", b"-----Original Message-----\n", b"---------- Forwarded message ---------\nFrom: a@b\n",
    b"Le lun. 3 mars 2025 a ecrit :\n> > > >", b"%PDF-1.4", b"PK\x03\x04", "ſßİıﬃ\u202e\u200b\ufeff\u0345".encode(), "\U000f0000\ue000".encode(),
)  # fmt: skip


def letters() -> list[tuple[str, bytes]]:
    """(label, bytes) of the training letters, in one order."""
    return [(label, path.read_bytes()) for label in LABELS for path in sorted((TRAINING / label).glob("*.eml"))]


def mutated(corpus: list[tuple[str, bytes]], number: int, seed: int = 20250312) -> tuple[str, bytes]:
    """The label of the letter it was, and the broken mail of this number."""
    chance = random.Random(seed * 1_000_003 + number)
    label, raw = chance.choice(corpus)
    raw = raw[:60_000]
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8, 20))):
        raw = chance.choice(WAYS)(raw, chance, corpus)
    return label, raw[:200_000]


Corpus = list[tuple[str, bytes]]
Way = Callable[[bytes, random.Random, Corpus], bytes]


def _span(raw: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(raw) + 1)
    return start, min(len(raw), start + chance.choice((1, 2, 5, 20, 80, 400)))


def _insert(raw: bytes, chance: random.Random, _: Corpus) -> bytes:
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + chance.choice(TOKENS) * chance.choice((1, 1, 1, 2, 10)) + raw[at:]


def _insert_line(raw: bytes, chance: random.Random, _: Corpus) -> bytes:
    """At the beginning of a line, where a field or boundary counts."""
    lines = raw.split(b"\n")
    lines.insert(chance.randrange(min(len(lines), 40) + 1), chance.choice(TOKENS).rstrip(b"\n"))
    return b"\n".join(lines)


def _flip(raw: bytes, chance: random.Random, _: Corpus) -> bytes:
    if not raw:
        return raw
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ (1 << chance.randrange(8))]) + raw[at + 1 :]


def _delete(raw: bytes, chance: random.Random, _: Corpus) -> bytes:
    start, end = _span(raw, chance)
    return raw[:start] + raw[end:]


def _double(raw: bytes, chance: random.Random, _: Corpus) -> bytes:
    start, end = _span(raw, chance)
    return raw[:end] + raw[start:end] * chance.choice((1, 2, 30)) + raw[end:]


def _cut(raw: bytes, chance: random.Random, _: Corpus) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def _swap_lines(raw: bytes, chance: random.Random, _: Corpus) -> bytes:
    lines = raw.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _splice(raw: bytes, chance: random.Random, corpus: Corpus) -> bytes:
    other = chance.choice(corpus)[1][:60_000]
    return raw[: chance.randrange(len(raw) + 1)] + other[chance.randrange(len(other) + 1) :]


def _line_ends(raw: bytes, chance: random.Random, _: Corpus) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\r", b"\n")))


def _transcode(raw: bytes, chance: random.Random, _: Corpus) -> bytes:
    text = raw.decode("utf-8", "replace")
    return text.encode(chance.choice(("latin-1", "cp1252", "utf-16", "utf-7", "utf-8")), "replace")


WAYS: tuple[Way, ...] = (
    _insert, _insert, _insert, _insert_line, _insert_line, _flip, _flip, _delete, _double, _cut, _swap_lines, _splice, _line_ends, _transcode,
)  # fmt: skip
