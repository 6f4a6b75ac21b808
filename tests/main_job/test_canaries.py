"""A canary for a password and one for a letter's words: where they may be found, and that they are found nowhere else."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path

from tests.main_job.service import configured, running, until
from tests.servers import imapservers

SECRET, WORDS, FRIEND = "canary-Pa55-7Q2", "canariparrot", "canarifriend"
LETTER = (Path(__file__).parent / "copytrack.eml").read_bytes()
ORDINARY = (
    f"From: {FRIEND} <{FRIEND}@client.example>\nTo: contact@client.example\nSubject: lunch {FRIEND}\n"
    f"Message-ID: <{FRIEND}@client.example>\nDate: Mon, 3 Mar 2025 10:00:00 +0100\n\nLunch on Friday, {FRIEND}?\n"
).encode()


def with_a_canary(raw: bytes) -> bytes:
    """The letter with a paragraph more, which holds no fact."""
    letter = BytesParser(policy=policy.default).parsebytes(raw)
    body = letter.get_body(("plain",))
    body.set_content(body.get_content() + f"\n\nOur office keeps a {WORDS} that likes to sing in the morning.\n")
    return letter.as_bytes()


def family(pid: int) -> Iterator[int]:
    """The process and all that descend from it."""
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            for child in (thread / "children").read_text().split():
                yield from family(int(child))


def rows_with(store: Path, word: str) -> set[str]:
    """Which columns of the store hold the word."""
    found: set[str] = set()
    with contextlib.closing(sqlite3.connect(store)) as opened:
        tables = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            cursor = opened.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            for row in cursor:
                found |= {f"{table}.{name}" for name, cell in zip(names, row, strict=True) if word in _text(cell)}
    return found


def _text(cell: object) -> str:
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)


def test_neither_the_password_nor_the_letter_is_found_where_it_does_not_belong(tmp_path: Path) -> None:
    with imapservers.dovecot(USERS=f"claire:{SECRET}") as server:
        config = configured(tmp_path, server, "claire", '[log]\nlevel = "debug"\n')
        (tmp_path / "office.password").write_text(f"{SECRET}\n")
        client = server.client("claire", SECRET)
        client.append("INBOX", with_a_canary(LETTER))
        client.append("INBOX", ORDINARY)
        with running(tmp_path, config) as service:
            until(lambda: client.folder_status("Drafts", ["MESSAGES"])[b"MESSAGES"], "a draft")
            processes = list(family(service.pid))
            assert len(processes) > 1
            seen = {
                pid: [Path(f"/proc/{pid}/{what}").read_bytes() for what in ("cmdline", "environ")] for pid in processes
            }
            for pid in processes[1:]:
                os.kill(pid, signal.SIGKILL)  # the reader crashes …
            client.append("INBOX", ORDINARY.replace(b"lunch", b"dinner"))
            service.says("nothing to file", times=2)
            service.signal(signal.SIGABRT)  # … and then the service
            until(service.has_ended, "the end")
        client.logout()
    told = "\n".join(service.lines)
    for canary in (SECRET, WORDS, FRIEND):
        assert canary not in told
        assert not [pid for pid, shown in seen.items() if any(canary.encode() in each for each in shown)]
    kept = {path: path.read_bytes() for path in (tmp_path / "state").rglob("*") if path.is_file()}
    assert not [path.name for path, held in kept.items() if SECRET.encode() in held or FRIEND.encode() in held]
    assert rows_with(tmp_path / "state" / "state.db", WORDS) == {"filings.raw"}  # the draft quotes the letter
    assert not list(tmp_path.rglob("core*"))
