"""`inboxbot scan` as a user runs it."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from inboxbot import demo
from tests.cli.test_classify import KEYS
from tests.main_job.service import PATIENCE, environment, inboxbot, until
from tests.scan.archive import folder, maildir, mbox, numbered

LETTER = Path(demo.__file__).parent / "post" / "01-copytrack-html.eml"
WHERE = {"number", "offset", "size", "id"}


def scanning(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A scan at work, in a process group of its own; it hears Ctrl-C also where the tests run in the background."""
    return subprocess.Popen(
        [sys.executable, "-m", "inboxbot", "scan", *arguments],
        env=environment(home), cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - it takes no lock
    )  # fmt: skip


def killed_midway(process: subprocess.Popen[bytes], output: Path, kill: Callable[[], None]) -> None:
    until(lambda: output.exists() and output.stat().st_size > 0, f"rows in {output}")
    kill()
    process.wait(PATIENCE)
    assert process.stderr is not None
    process.stderr.close()


def test_all_archives_come_out_as_classify_says_and_where_each_mail_lay(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    folder(archive / "letters", [numbered(0), LETTER.read_bytes()])
    maildir(archive / "Mail", [numbered(1)])
    mbox(archive / "old", [numbered(2), LETTER.read_bytes()])
    done = inboxbot(tmp_path, "scan", "archive", "--output", "out.jsonl", "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "5 mails read: 2 copytrack" in done.stdout
    rows = {(row["path"], row["number"]): row for row in map(json.loads, (tmp_path / "out.jsonl").open())}
    assert all(set(row) == KEYS | WHERE for row in rows.values())
    alone, within = rows["archive/letters/001.eml", None], rows["archive/old", 2]
    assert {key: alone[key] for key in KEYS - {"path"}} == {key: within[key] for key in KEYS - {"path"}}
    assert within["offset"] == (archive / "old").read_bytes().index(b"\nFrom ", 10) + 1
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_scan_that_is_killed_goes_on_where_it_was_and_reads_no_mail_twice(tmp_path: Path) -> None:
    folder(tmp_path / "letters", map(numbered, range(50)))
    mbox(tmp_path / "letters" / "old", map(numbered, range(50, 100)))
    output = tmp_path / "out.csv"
    first = scanning(tmp_path, "letters", "--output", "out.csv", "--jobs", "2")
    killed_midway(first, output, first.kill)
    done = inboxbot(tmp_path, "scan", "letters", "--output", "out.csv")
    assert done.returncode == 0, done.stderr
    with output.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["message_id"] for row in rows) == sorted(f"<{number}@client.example>" for number in range(100))
    again = inboxbot(tmp_path, "scan", "letters", "--output", "out.csv")
    assert again.stdout.startswith("0 mails read: no letter")
    assert "100 by the run before" in again.stdout


def test_ctrl_c_ends_it_at_once_and_quietly(tmp_path: Path) -> None:
    folder(tmp_path / "letters", map(numbered, range(300)))
    process = scanning(tmp_path, "letters", "--output", "out.jsonl", "--jobs", "1")
    until(lambda: (tmp_path / "out.jsonl").exists() and (tmp_path / "out.jsonl").stat().st_size, "a row")
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert b"Traceback" not in said
    for line in (tmp_path / "out.jsonl").open():
        json.loads(line)


def test_a_mail_of_200_mb_and_a_broken_mbox_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    with (tmp_path / "huge.eml").open("wb") as huge:
        huge.write(numbered(1))
        huge.truncate(200 << 20)
    broken = mbox(tmp_path / "broken.mbox", [LETTER.read_bytes(), numbered(2)])
    broken.write_bytes(b"lost beginning\n\n" + broken.read_bytes()[:-20])
    done = inboxbot(tmp_path, "scan", "huge.eml", "broken.mbox", "gone", "--output", "out.jsonl", "--jobs", "1")
    assert done.returncode == 1
    assert done.stderr == "inboxbot: gone: cannot be read: No such file or directory\n"
    rows = {(row["path"], row["number"]): row for row in map(json.loads, (tmp_path / "out.jsonl").open())}
    assert rows["huge.eml", None]["defects"][-1] == "only the first 2 MB of 210 MB were read"
    assert [rows["broken.mbox", number]["label"] for number in (1, 2, 3)] == ["other", "copytrack", "other"]


def test_without_an_output_the_letters_are_listed(tmp_path: Path) -> None:
    mbox(tmp_path / "old", [numbered(1), LETTER.read_bytes()])
    done = inboxbot(tmp_path, "scan", "old", "--jobs", "1")
    line, summary = done.stdout.splitlines()
    assert line.startswith("copytrack")
    assert line.endswith("old, mail 2")
    assert summary.startswith("2 mails read: 1 copytrack in")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_after_a_glance_the_same_letters_are_found(tmp_path: Path) -> None:
    mbox(tmp_path / "old", [numbered(1), LETTER.read_bytes(), numbered(2)])
    done = inboxbot(tmp_path, "scan", "old", "--jobs", "1", "--glance")
    assert "3 mails read: 1 copytrack" in done.stdout
    assert done.stdout.splitlines()[0].endswith("old, mail 2")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["old", "--output", "out.txt"], "--output out.txt: its name must end in .csv or .jsonl"),
        (["old", "--output", "minutes.csv"], "--output minutes.csv: it is not written by a scan"),
        (["old", "--scheduler", "tcp://127.0.0.1:1"], "--scheduler is for --backend dask"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    mbox(tmp_path / "old", [numbered(1)])
    (tmp_path / "minutes.csv").write_text("minutes\n")
    done = inboxbot(tmp_path, "scan", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert (tmp_path / "minutes.csv").read_text() == "minutes\n"
