"""What the service writes to its log: enough to act on, and nothing that identifies a person."""

from __future__ import annotations

import json
from pathlib import Path

from inboxbot.cli.logs import nameless
from inboxbot.config import Account
from tests.main_job.service import configured, inboxbot
from tests.main_job.test_main_job import LETTER
from tests.servers.imapservers import Server

OFFICE = Account(name="office", host="imap.client.example", user="contact@client.example", password_env="X")


def test_a_run_says_what_it_did_and_of_whom_nothing(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user, '[log]\nlevel = "debug"\nformat = "json"\n')
    dovecot.deliver(user, LETTER)
    done = inboxbot(tmp_path, "run", "--once", "--config", str(config))
    assert done.returncode == 0
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert any(line["event"] == "filing" and line["step"] == "filed" for line in lines)
    assert {line["account"] for line in lines} == {"office"}
    for word in (user, "AAAAAA", "copytrack.com", "Your use of images", "secret", "Claire", "contact@"):
        assert word not in done.stderr


def test_a_wrong_password_is_told_without_the_login(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    (tmp_path / "office.password").write_text("canary-password\n")
    done = inboxbot(tmp_path, "run", "--once", "--config", str(config))
    assert done.returncode == 1
    assert "wrong user or password for office" in done.stderr
    assert user not in done.stderr
    assert "canary" not in done.stderr


def test_the_login_gives_way_to_the_short_name_wherever_it_stands() -> None:
    mask = nameless([OFFICE])
    line = {"account": "contact@client.example@imap.client.example", "why": "no (contact@client.example.)", "n": 1}
    assert mask(None, "", line) == {"account": "office", "why": "no (office.)", "n": 1}
    other = {"why": "contact@client.example.org, my-contact@client.example-x"}
    assert mask(None, "", dict(other)) == other
