"""SIGHUP: what a configuration read again changes at once, and what is told to wait for a restart."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.main_job.service import CONFIGURATION, configured, inboxbot, mails, running, until
from tests.main_job.test_main_job import LETTER
from tests.servers.imapservers import Server

HOME = CONFIGURATION.partition("[[account]]")[2].replace('"office"', '"home"')


def test_an_account_more_is_watched_from_then_on_and_held_against_a_second_service(
    dovecot: Server, user: str, tmp_path: Path
) -> None:
    other = f"{user}-home"
    config = configured(tmp_path, dovecot, user)
    with running(tmp_path, config) as service:
        configured(tmp_path, dovecot, user, "[[account]]" + HOME.format(port=dovecot.imaps, ca=dovecot.ca, user=other))
        service.signal(signal.SIGHUP)
        service.says("configuration read again")
        dovecot.deliver(other, LETTER)
        until(lambda: mails(dovecot, other, "Drafts"), "a draft for the new account")
        alone = tmp_path / "alone.toml"
        alone.write_text(config.read_text("utf-8").partition("[[account]]")[0] + "[[account]]" + HOME.format(
            port=dovecot.imaps, ca=dovecot.ca, user=other), "utf-8")  # fmt: skip
        second = inboxbot(tmp_path, "run", "--once", "--config", str(alone))
        assert (second.returncode, len(second.stderr.splitlines())) == (78, 1)
        assert 'account "home": another inboxbot is running on it' in second.stderr
        assert service.stop() == 0


def test_what_is_read_at_the_start_only_is_told_in_a_line(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    with running(tmp_path, config) as service:
        configured(tmp_path, dovecot, user, '[metrics]\ntextfile = "inboxbot.prom"\n')
        service.signal(signal.SIGHUP)
        service.says("configuration read again")
        (line,) = [line for line in service.lines if "read at the start only" in line]
        assert "metrics" in line
        assert "restart the service" in line
        assert service.stop() == 0


def test_another_store_is_refused_and_the_old_one_goes_on(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    with running(tmp_path, config) as service:
        configured(tmp_path, dovecot, user, '[store]\nurl = "sqlite:///another.db"\n')
        service.signal(signal.SIGHUP)
        service.says("[store] url is another one now: restart the service")
        dovecot.deliver(user, LETTER)
        until(lambda: mails(dovecot, user, "Drafts"), "a draft")
        assert service.stop() == 0
    assert not (tmp_path / "state" / "another.db").exists()
