"""An operator's mistakes: one line with the mend, the right exit code, and a service that is well once the cause is gone."""

from __future__ import annotations

import resource
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from inboxbot.store.engine import HEAD, open_store
from tests.main_job.service import configured, environment, inboxbot, mails, running
from tests.main_job.test_main_job import LETTER
from tests.servers.imapservers import Server
from tests.store.earlier import store_of

ACCOUNT = '[[account]]\nname = "office"\nhost = "127.0.0.1"\nport = 1\nuser = "contact"\npassword_env = "X"\n'
FAILED, TEMPORARY, CONFIGURATION = 1, 75, 78


def written(home: Path, text: str) -> Path:
    path = home / "inboxbot.toml"
    path.write_text(text, encoding="utf-8")
    return path


def told(home: Path, config: Path, *verb: str) -> tuple[int, str]:
    """Exit code and what was said, which is one line."""
    done = inboxbot(home, *(verb or ("run", "--once")), "--config", str(config))
    (line,) = done.stderr.splitlines()
    return done.returncode, line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ACCOUNT + "quoat = true\n", "unknown key account[1].quoat (did you mean quote?)"),
        (ACCOUNT + ACCOUNT, 'two accounts are called "office": give each its own name'),
        (ACCOUNT.replace("office", "home") + ACCOUNT, "two accounts open the same mailbox"),
        ("", "no [[account]]: add the mailbox to watch"),
        (ACCOUNT + '[store]\nurl = "postgres:/x"\n', "[store] url is no database URL: give sqlite:///FILE or"),
        (ACCOUNT + '[store]\nurl = "mysql://u:canary@db/x"\n', "begins with mysql, which is not known here: give"),
    ],
)
def test_a_mistake_in_the_configuration_is_told_in_a_line(tmp_path: Path, text: str, said: str) -> None:
    code, line = told(tmp_path, written(tmp_path, text))
    assert code == CONFIGURATION
    assert said in line
    assert "canary" not in line


def test_a_database_that_is_down_is_a_matter_of_time(tmp_path: Path) -> None:
    url = "postgresql+psycopg://inboxbot:canary@127.0.0.1:1/inboxbot"
    code, line = told(tmp_path, written(tmp_path, f'{ACCOUNT}[store]\nurl = "{url}"\n'))
    assert code == TEMPORARY
    assert "check [store] url, or start the database" in line
    assert "canary" not in line


def test_a_state_directory_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the directory should be")
    code, line = told(tmp_path, written(tmp_path, ACCOUNT))
    assert code == TEMPORARY
    assert f"{tmp_path / 'state'} cannot be written" in line
    assert "check its owner and free space" in line


def test_a_broken_store_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "state.db").write_bytes(b"no database at all" * 100)
    code, line = told(tmp_path, written(tmp_path, ACCOUNT))
    assert code == TEMPORARY
    assert "file is not a database: move it away and start again" in line


def test_an_older_program_refuses_a_newer_store_in_a_line(tmp_path: Path) -> None:
    open_store("sqlite:///state.db", tmp_path / "state").dispose()
    with sqlite3.connect(tmp_path / "state" / "state.db") as store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
    code, line = told(tmp_path, written(tmp_path, ACCOUNT))
    assert code == CONFIGURATION
    assert "was written by a newer inboxbot (schema 9999): upgrade inboxbot, or restore the backup" in line


def test_a_store_of_an_earlier_version_is_carried_forward_and_kept_as_it_was_beside(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    store_of(state, "0001").dispose()
    assert inboxbot(tmp_path, "quarantine", "--config", str(written(tmp_path, ACCOUNT))).returncode == 0
    with sqlite3.connect(state / "state.db") as store, sqlite3.connect(state / "state.db.0001.backup") as backup:
        assert store.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
        assert backup.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    assert (state / "state.db.0001.backup").stat().st_mode & 0o777 == 0o600


def test_a_second_service_on_the_mailbox_is_refused_by_name(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    with running(tmp_path, config):
        code, line = told(tmp_path, config)
    assert code == CONFIGURATION
    assert 'account "office": another inboxbot is running on it: stop that one first' in line


def test_a_full_disk_ends_the_service_for_a_while_and_then_the_letter_gets_its_draft(
    dovecot: Server, user: str, tmp_path: Path
) -> None:
    config = configured(tmp_path, dovecot, user)
    assert inboxbot(tmp_path, "run", "--once", "--config", str(config)).returncode == 0
    dovecot.deliver(user, LETTER)

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))  # some pages of the write-ahead log, then no more

    full = subprocess.run(
        [sys.executable, "-m", "inboxbot", "run", "--once", "--config", str(config)],
        env=environment(tmp_path), cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False, preexec_fn=no_room,
    )  # fmt: skip
    assert full.returncode == TEMPORARY, full.stderr
    assert "make room on its disk" in full.stderr
    assert mails(dovecot, user, "Drafts") == []
    assert inboxbot(tmp_path, "run", "--once", "--config", str(config)).returncode == 0
    assert len(mails(dovecot, user, "Drafts")) == 1


def test_a_password_file_that_others_may_read_is_told_until_it_is_mended(
    dovecot: Server, user: str, tmp_path: Path
) -> None:
    config = configured(tmp_path, dovecot, user)
    secret = tmp_path / "office.password"
    secret.chmod(0o640)
    done = inboxbot(tmp_path, "run", "--once", "--config", str(config))
    assert done.returncode == FAILED
    assert f"may be read by others: run chmod 600 {secret}" in done.stderr
    secret.chmod(0o600)
    assert inboxbot(tmp_path, "run", "--once", "--config", str(config)).returncode == 0
