"""What goes wrong is told apart, each with its mend, on real servers."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from inboxbot.model import shelf
from tests.main_job.service import configured, inboxbot
from tests.model.test_keeping import put
from tests.servers import imapservers
from tests.servers.imapservers import Server


def findings(home: Path, config: Path, *more: str) -> dict[str, dict[str, str]]:
    """What was found, by what was looked at."""
    done = inboxbot(home, "check", "--json", "--config", str(config), *more)
    assert "Traceback" not in done.stderr
    return {found["what"]: found for found in map(json.loads, done.stdout.splitlines())}


def changed(config: Path, old: str, new: str) -> Path:
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new), encoding="utf-8")
    return config


def test_all_is_well_on_a_well_kept_account(dovecot: Server, user: str, tmp_path: Path) -> None:
    found = findings(tmp_path, configured(tmp_path, dovecot, user), "--fix")
    assert {what: each["state"] for what, each in found.items() if each["state"] == "failed"} == {}
    assert found["drafts"]["told"] == "Drafts (marked \\Drafts by the server)"
    assert found["login"]["told"] == user


def test_missing_own_folders_are_a_warning_until_they_are_made(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    found = findings(tmp_path, config)
    assert found["own folders"]["state"] == "warning"
    assert found["own folders"]["mend"] == "inboxbot check --fix"
    findings(tmp_path, config, "--fix")
    assert findings(tmp_path, config)["own folders"]["state"] == "ok"
    client = dovecot.client(user)
    subscribed = {name for _, _, name in client.list_sub_folders()}
    client.logout()
    assert {
        "Inboxbot.Cases",
        "Inboxbot.Label.Copytrack",
        "Inboxbot.Label.Other",
        "Inboxbot.Reply.Evidence",
    } <= subscribed


def test_a_wrong_password_is_a_matter_of_login(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    (tmp_path / "office.password").write_text("wrong\n")
    assert findings(tmp_path, config)["login"]["state"] == "failed"


def test_a_password_file_that_others_may_read_is_named_with_its_mend(
    dovecot: Server, user: str, tmp_path: Path
) -> None:
    config = configured(tmp_path, dovecot, user)
    (tmp_path / "office.password").chmod(0o644)
    found = findings(tmp_path, config)["secret"]
    assert found["state"] == "failed"
    assert found["mend"].startswith("run chmod 600")


def test_an_unknown_host_is_a_matter_of_dns(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = changed(configured(tmp_path, dovecot, user), 'host = "localhost"', 'host = "imap.invalid"')
    assert findings(tmp_path, config)["DNS"]["state"] == "failed"


def test_a_closed_port_is_a_matter_of_tcp(dovecot: Server, user: str, tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound, not listening: nothing else can get it meanwhile
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        config = changed(configured(tmp_path, dovecot, user), f"port = {dovecot.imaps}", f"port = {port}")
        assert findings(tmp_path, config)["TCP"]["state"] == "failed"


def test_a_certificate_of_an_unknown_authority_is_a_matter_of_tls(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = changed(configured(tmp_path, dovecot, user), f'ca_file = "{dovecot.ca}"\n', "")
    found = findings(tmp_path, config)["TLS"]
    assert found["state"] == "failed"
    assert "certificate" in found["told"]


def test_a_certificate_that_ends_soon_is_a_warning(user: str, tmp_path: Path) -> None:
    with imapservers.dovecot(CERT="ending") as server:
        found = findings(tmp_path, configured(tmp_path, server, user))["TLS"]
    assert found["state"] == "warning"
    assert found["mend"].startswith("renew it")


@pytest.mark.parametrize(("hidden", "state"), [("", "ok"), ("-CONDSTORE -QRESYNC", "warning")])
def test_claims_need_a_server_that_numbers_changes(user: str, tmp_path: Path, hidden: str, state: str) -> None:
    with imapservers.dovecot(CAPS=hidden) as server:
        found = findings(tmp_path, configured(tmp_path, server, user, "keywords = true\n"))
    assert found["claims"]["state"] == state


@pytest.mark.parametrize("name", ["Nowhere", "Entwürfe"])
def test_a_drafts_folder_that_is_not_there_is_refused_by_name(
    dovecot: Server, user: str, tmp_path: Path, name: str
) -> None:
    config = configured(tmp_path, dovecot, user, f'drafts = "{name}"\n')
    found = findings(tmp_path, config)["drafts"]
    assert found["state"] == "failed"
    assert name in found["told"] + found["mend"]


def test_a_model_that_stands_in_for_a_broken_one_is_told(dovecot: Server, user: str, tmp_path: Path) -> None:
    config, models = configured(tmp_path, dovecot, user), tmp_path / "state" / "models"
    good, broken = (put(models, number) for number in (1, 2))
    for version in (good, broken):
        shelf.promote(models, version)
    assert findings(tmp_path, config)["model"]["told"] == broken
    (models / broken / "model.joblib").write_bytes(b"")
    found = findings(tmp_path, config)["model"]
    assert found["state"] == "warning"
    assert found["told"].startswith(f"{good} stands in: ")
    assert "its digest is not the one on its card" in found["told"]
    done = inboxbot(tmp_path, "run", "--once", "--config", str(config))
    assert done.returncode == 0, done.stderr


# --- whose word on senders to believe ---------------------------------------------------------------------------------

BORDER = (
    b"Received: from a.example (a.example [192.0.2.1]) by in7.mx.client.example; Mon, 3 Mar 2025 10:00:00 +0100\r\n"
)
RESULTS = b"Authentication-Results: %s; dmarc=pass header.from=a.example\r\n"
MAIL = b"From: a@a.example\r\nSubject: x\r\n\r\nHello.\r\n"
OWN, FORGED = RESULTS % b"in7.mx.client.example", RESULTS % b"mx.evil.example"


@pytest.mark.parametrize(
    ("mail", "configured", "state", "words"),
    [
        (OWN + BORDER + FORGED + MAIL, "", "warning", 'set authserv_id = "in7.mx.client.example"'),
        (BORDER + FORGED + MAIL, "", "warning", "recent mail does not tell whose to believe"),
        (OWN + BORDER + MAIL, "*.mx.client.example", "ok", "is believed"),
        (OWN + BORDER + MAIL, "mx.other.example", "warning", 'recent mail carries "in7.mx.client.example"'),
    ],
    ids=["own above a forged one", "forged below", "set for all machines", "set to another"],
)
def test_the_name_of_the_own_server_is_proposed_from_recent_mail(
    dovecot: Server, user: str, tmp_path: Path, mail: bytes, configured: str, state: str, words: str
) -> None:
    config = configured_account(tmp_path, dovecot, user, configured)
    client = dovecot.client(user)
    for _ in range(3):
        client.append("INBOX", mail)
    client.logout()
    found = findings(tmp_path, config)["authserv_id"]
    assert found["state"] == state
    assert words in found["told"] + found["mend"]


def configured_account(home: Path, server: Server, user: str, authserv_id: str) -> Path:
    line = 'authserv_id = "mx.client.example"\n'
    return changed(
        configured(home, server, user), line, line.replace("mx.client.example", authserv_id) if authserv_id else ""
    )
