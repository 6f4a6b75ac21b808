"""Archives of small mails for the tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.letter.mails import mail


def numbered(number: int, body: str = "At noon?\n") -> bytes:
    """A mail that is no letter, with a Message-ID of its own."""
    headers = {"From": "a@client.example", "Subject": f"lunch {number}", "Message-ID": f"<{number}@client.example>"}
    return mail(body, **headers)


def mbox(path: Path, mails: Iterable[bytes], postmark: str = "From a@client.example Mon Jan  1 10:00:00 2024") -> Path:
    """The mails in an mbox, as mail programs write it."""
    path.write_bytes(b"".join(postmark.encode() + b"\n" + raw + b"\n" for raw in mails))
    return path


def maildir(path: Path, mails: Iterable[bytes]) -> Path:
    """The mails in a Maildir, seen and answered."""
    for part in ("cur", "new", "tmp"):
        (path / part).mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(mails):
        (path / "cur" / f"17000000{number:02d}.M1P1.host:2,RS").write_bytes(raw)
    return path


def folder(path: Path, mails: Iterable[bytes]) -> Path:
    """The mails as files of their own."""
    path.mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(mails):
        (path / f"{number:03d}.eml").write_bytes(raw)
    return path
