"""What the user wants gone is gone: by `erase`, and by itself once its time is over."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from tests.main_job.service import configured, inboxbot, mails
from tests.servers.imapservers import Server

LETTER = (Path(__file__).parent / "copytrack.eml").read_bytes()
NUMBER, SENDER = "AAAAAA", "case@copytrack.com"


def swept(home: Path, config: Path) -> None:
    done = inboxbot(home, "run", "--once", "--config", str(config))
    assert done.returncode == 0, done.stderr


def on_disk(home: Path, *words: str) -> list[str]:
    """The files of the state directory that hold one of the words."""
    files = [path for path in (home / "state").rglob("*") if path.is_file() and "models" not in path.parts]
    return [path.name for path in files if any(word.encode() in path.read_bytes() for word in words)]


def test_an_erased_letter_is_gone_and_is_never_drafted_again(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user, '[learning]\nkeep = "raw"\n')
    dovecot.deliver(user, LETTER)
    client = dovecot.client(user)
    client.create_folder("Inboxbot.Label.Copytrack")
    client.append("Inboxbot.Label.Copytrack", LETTER)
    swept(tmp_path, config)
    assert on_disk(tmp_path, NUMBER, SENDER)
    receipt = inboxbot(tmp_path, "erase", "--sender", SENDER.upper(), "--config", str(config))
    assert "erased 1 letter" in receipt.stdout, receipt.stderr
    assert "1 letter(s) from the pile" in receipt.stdout
    assert on_disk(tmp_path, NUMBER, SENDER) == []
    client.select_folder("Drafts")
    client.delete_messages(client.search())
    client.expunge()
    client.logout()
    dovecot.deliver(user, LETTER)
    swept(tmp_path, config)
    assert mails(dovecot, user, "Drafts") == []
    assert on_disk(tmp_path, NUMBER, SENDER) == []


def test_a_letter_kept_whole_to_learn_from_is_erased_too(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = str(configured(tmp_path, dovecot, user, '[learning]\nkeep = "raw"\n'))
    (tmp_path / "letter.eml").write_bytes(LETTER)
    assert inboxbot(tmp_path, "label", "letter.eml", "--as", "copytrack", "--config", config).returncode == 0
    assert on_disk(tmp_path, NUMBER)
    receipt = inboxbot(tmp_path, "erase", "--sender", SENDER, "--config", config)
    assert "1 letter(s) from the pile" in receipt.stdout, receipt.stderr
    assert on_disk(tmp_path, NUMBER, SENDER) == []


def test_after_its_time_the_service_forgets_by_itself(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user, "[store]\nretention_days = 30\n")
    dovecot.deliver(user, LETTER)
    swept(tmp_path, config)
    assert NUMBER in inboxbot(tmp_path, "cases", "--config", str(config)).stdout
    with contextlib.closing(sqlite3.connect(tmp_path / "state" / "state.db")) as store, store:
        store.execute("UPDATE letters SET first_seen_at = '2020-01-02 00:00:00'")
        store.execute("UPDATE case_letters SET seen_at = '2020-01-02 00:00:00'")
    swept(tmp_path, config)
    assert NUMBER not in inboxbot(tmp_path, "cases", "--config", str(config)).stdout
    assert on_disk(tmp_path, NUMBER, SENDER) == []
    swept(tmp_path, config)
    assert len(mails(dovecot, user, "Drafts")) == 1
