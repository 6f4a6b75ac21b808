"""A service that is watched over from outside: figures for Prometheus and events for a webhook, as configured."""

from __future__ import annotations

import contextlib
import urllib.request
from pathlib import Path

from tests.daemon.test_herald import SECRET, Receiver
from tests.daemon.test_metrics import figures, free_port
from tests.main_job.service import configured, inboxbot, running, until
from tests.main_job.test_main_job import LETTER
from tests.servers.imapservers import Server


def test_a_letter_is_told_to_the_webhook_and_counted_for_prometheus(dovecot: Server, user: str, tmp_path: Path) -> None:
    (tmp_path / "webhook.secret").write_text(SECRET)
    (tmp_path / "webhook.secret").chmod(0o600)
    port = free_port()
    with contextlib.closing(Receiver()) as receiver:
        metrics = f'[metrics]\nlisten = "127.0.0.1:{port}"\ntextfile = "inboxbot.prom"\n'
        webhook = f'[webhook]\nurl = "{receiver.url}"\nsecret_file = "webhook.secret"\n'
        config = configured(tmp_path, dovecot, user, metrics + webhook)
        with running(tmp_path, config) as service:
            until((tmp_path / "state" / "webhook.reached").exists, "the webhook's first look")
            dovecot.deliver(user, LETTER)
            until(lambda: "draft.filed" in receiver.names, "the draft's event")
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                told = figures(answer.read().decode())
            assert service.stop() == 0
    assert receiver.names[0] == "letter.recognised"
    assert user.encode() not in b"".join(body for _, body in receiver.got)
    assert told["inboxbot_filings", "office", "draft", "filed"] == 1
    assert figures((tmp_path / "inboxbot.prom").read_text())["inboxbot_connections_total", "office"] >= 1


def test_a_port_that_is_taken_is_a_matter_of_configuration(tmp_path: Path, dovecot: Server, user: str) -> None:
    config = configured(tmp_path, dovecot, user, f'[metrics]\nlisten = "127.0.0.1:{dovecot.imap}"\n')
    done = inboxbot(tmp_path, "run", "--config", str(config))
    assert done.returncode == 78
    assert "give another port" in done.stderr
