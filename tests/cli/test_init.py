from __future__ import annotations

import stat
from pathlib import Path

from inboxbot import config
from tests.main_job.service import inboxbot

FLAGS = (
    "init",
    "--yes",
    "--config",
    "inboxbot.toml",
    "--host",
    "imap.client.example",
    "--address",
    "contact@client.example",
)


def test_flags_alone_write_a_configuration_that_is_accepted(tmp_path: Path) -> None:
    done = inboxbot(tmp_path, *FLAGS, "--name", 'Atelier "Durand"')
    assert done.returncode == 0, done.stderr
    written = config.load(tmp_path / "inboxbot.toml")
    assert written.identity.name == 'Atelier "Durand"'
    assert (written.account[0].host, written.account[0].effective_port) == ("imap.client.example", 993)
    assert written.account[0].user == "contact@client.example"


def test_the_next_two_steps_are_said(tmp_path: Path) -> None:
    said = inboxbot(tmp_path, *FLAGS).stdout
    assert "chmod 600" in said
    assert "inboxbot check --fix" in said


def test_a_configuration_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    inboxbot(tmp_path, *FLAGS)
    assert stat.S_IMODE((tmp_path / "inboxbot.toml").stat().st_mode) == 0o600


def test_an_existing_configuration_is_kept_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "inboxbot.toml").write_text("# mine\n")
    done = inboxbot(tmp_path, *FLAGS)
    assert done.returncode == 78
    assert "--force" in done.stderr
    assert (tmp_path / "inboxbot.toml").read_text() == "# mine\n"
    assert inboxbot(tmp_path, *FLAGS, "--force").returncode == 0


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    done = inboxbot(tmp_path, "init", "--yes", "--config", "inboxbot.toml")
    assert done.returncode == 2
    assert "--host and --address needed" in done.stderr
    assert not (tmp_path / "inboxbot.toml").exists()
