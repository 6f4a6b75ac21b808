"""A whole claim on a real server, through the watching service: one case, at every step where it should be."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from tests.main_job import conversation
from tests.main_job.service import configured, inboxbot, mails, running, until
from tests.servers.imapservers import Server


def cases(home: Path, config: Path, *more: str) -> list[dict[str, Any]]:
    done = inboxbot(home, "cases", "list", "--json", *more, "--config", str(config))
    assert done.returncode == 0, done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


def stands_at(home: Path, config: Path, status: str) -> bool:
    return [case["status"] for case in cases(home, config, "--all")] == [status]


def fates(home: Path, config: Path) -> list[str]:
    (case,) = cases(home, config, "--all")
    return [draft["fate"] for draft in case["drafts"]]


def discard(client: IMAPClient, message_id: str) -> None:
    """What a mail program does with a draft once it is edited or sent."""
    client.select_folder("Drafts")
    client.delete_messages([client.search(["HEADER", "Message-ID", message_id])[0]])
    client.expunge()
    client.unselect_folder()


def test_five_mails_become_one_case(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    assert inboxbot(tmp_path, "check", "--fix", "--config", str(config)).returncode == 0
    client = dovecot.client(user)
    with running(tmp_path, config) as service:
        dovecot.deliver(user, conversation.notice())
        until(lambda: stands_at(tmp_path, config, "drafted"), "a case with a draft")
        (case,) = cases(tmp_path, config)
        assert (case["stage"], case["case_number"], case["amount"]) == ("notice", "K7Q2XB", "350.00")
        assert case["days_left"] == -14

        dovecot.deliver(user, conversation.reminder())  # in a thread of its own
        until(lambda: stands_at(tmp_path, config, "reminded"), "the reminder in its case")
        (first, _), (second, _) = mails(dovecot, user, "Drafts")
        sheet = mails(dovecot, user, "Inboxbot.Cases")[-1][0].get_body(("plain",))
        assert sheet is not None
        said = " ".join(sheet.get_content().split())
        assert "This is letter 2 of a case opened on" in said
        assert "An older draft still waits in “Drafts”" in said

        client.append("Drafts", conversation.edited(), ["\\Draft", "\\Seen"])
        discard(client, second["Message-ID"])
        until(lambda: fates(tmp_path, config) == ["waiting", "edited"], "the draft seen edited")

        client.append("Sent", conversation.answer(), ["\\Seen"])
        discard(client, "<e1@client.example>")
        until(lambda: stands_at(tmp_path, config, "answered"), "the answer seen in Sent")

        dovecot.deliver(user, conversation.final())
        until(lambda: stands_at(tmp_path, config, "reminded"), "the final notice in its case")
        (case,) = cases(tmp_path, config)
        assert (case["stage"], case["days_left"]) == ("final", 6)

        dovecot.deliver(user, conversation.closing())
        until(lambda: stands_at(tmp_path, config, "closed"), "the case closed")
        until(lambda: len(mails(dovecot, user, "Inboxbot.Cases")) == 4, "four sheets")
        assert service.stop() == 0

    assert cases(tmp_path, config) == []
    (case,) = cases(tmp_path, config, "--all")
    assert [letter["stage"] for letter in case["letters"]] == ["notice", "reminder", "final", "closing"]
    assert [letter["deadline"] is not None for letter in case["letters"]] == [True, True, True, False]
    assert case["deadline"] is None
    assert [draft["fate"] for draft in case["drafts"]] == ["waiting", "sent", "waiting"]
    assert {answer["message_id"] for answer in case["answers"]} == {"<a1@client.example>"}
    left = [draft["Message-ID"] for draft, _ in mails(dovecot, user, "Drafts")]
    assert len(left) == 2
    assert left[0] == first["Message-ID"]
    assert {draft["In-Reply-To"] for draft, _ in mails(dovecot, user, "Drafts")} == {
        "<n1@copytrack.com>",
        "<f1@copytrack.com>",
    }
    assert len(mails(dovecot, user, "Sent")) == 1

    exported = inboxbot(
        tmp_path, "cases", "export", "k7q2xb", "--output", "for-the-lawyer.zip", "--config", str(config)
    )
    assert exported.returncode == 0, exported.stderr
    with zipfile.ZipFile(tmp_path / "for-the-lawyer.zip") as folder:
        names = folder.namelist()
        assert sum(name.startswith("letters/") for name in names) == 4
        assert sum(name.startswith("drafts/") for name in names) == 3
        assert sum(name.startswith("sent/") for name in names) == 1
        for line in folder.read("SHA256SUMS").decode().splitlines():
            digest, name = line.split("  ", 1)
            assert hashlib.sha256(folder.read(name)).hexdigest() == digest
        assert "Linden Picture Agency" in folder.read("index.html").decode()
    flags = {flag for _, flags in mails(dovecot, user, "INBOX") for flag in flags}
    assert "\\Seen" not in flags
