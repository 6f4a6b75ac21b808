"""The service unit as an administrator gets it: really run by a booted systemd, with its sandbox, credential and watchdog."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.main_job.service import configured, mails, until
from tests.main_job.test_main_job import LETTER
from tests.servers.imapservers import Server

pytestmark = pytest.mark.proof

ROOT = Path(__file__).parents[2]
RUN_UNIT = ROOT / "tests" / "servers" / "run_unit.sh"
INTERPRETER = Path(
    "/usr/bin", f"python{sys.version_info.major}.{sys.version_info.minor}"
)  # one that every user may run
COMMAND = """\
#!/opt/inboxbot/bin/python
from inboxbot.__main__ import main
main()
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """What lies in /opt/inboxbot: the wheel, what it needs, and a command."""
    opt = tmp_path / "opt"
    subprocess.run([INTERPRETER, "-m", "venv", "--without-pip", opt], check=True)
    packages = next(opt.glob("lib/python*/site-packages"))
    shutil.copytree(
        Path(pytest.__file__).parents[1], packages, ignore=shutil.ignore_patterns("*inboxbot*"), dirs_exist_ok=True
    )
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--no-deps", "--target", packages, ROOT], check=True)
    command = opt / "bin" / "inboxbot"
    command.write_text(COMMAND)
    command.chmod(0o755)
    return opt


def test_the_unit_files_a_draft_in_its_sandbox_and_stops_when_told(
    dovecot: Server, user: str, tmp_path: Path, installed: Path
) -> None:
    assert os.geteuid() == 0, "only root can boot systemd in a container"
    assert INTERPRETER.exists(), f"{INTERPRETER} is what the unit runs here: apt-get install python3"
    etc = tmp_path / "etc"
    (etc / "credentials").mkdir(parents=True)
    config = configured(etc, dovecot, user)
    shutil.copy(dovecot.ca, etc / "ca.pem")
    words = config.read_text("utf-8").replace('password_file = "office.password"', 'credential = "office"')
    config.write_text(words.replace(dovecot.ca, "/etc/inboxbot/ca.pem"), "utf-8")
    (etc / "office.password").rename(etc / "credentials" / "office")
    unit = tmp_path / "inboxbot.service"
    told = (ROOT / "systemd" / "inboxbot.service").read_text("utf-8")
    unit.write_text(told.replace("# LoadCredential=", "LoadCredential="), "utf-8")
    drafted: list[BaseException | None] = []

    def play() -> None:
        dovecot.deliver(user, LETTER)
        try:
            until(lambda: mails(dovecot, user, "Drafts"), "a draft")
        except BaseException as error:  # noqa: BLE001 - told with the journal
            drafted.append(error)

    player = threading.Timer(5.0, play)
    player.start()
    done = subprocess.run([RUN_UNIT, unit, installed, etc, "30"], capture_output=True, text=True, check=False)
    player.join()
    report = done.stdout + done.stderr
    before, _, after = report.partition("after the stop:")
    assert not drafted, report
    assert "ActiveState=active" in before
    assert "NRestarts=0" in before
    assert "StatusText=office: watching" in before
    assert "Result=success" in after
    assert "ExecMainStatus=0" in after
    assert len(mails(dovecot, user, "Drafts")) == 1
