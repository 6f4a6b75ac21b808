from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.main_job.service import environment, inboxbot

KEYS = {
    "path", "message_id", "digest", "label", "confidence", "probabilities", "threshold", "model", "stage", "language",
    "trust", "facts", "evidence", "draft", "silence", "defects",
}  # fmt: skip
FACTS = {
    "case_number", "amount", "currency", "amounts", "deadline", "deadline_rolled", "image_urls", "page_urls", "portal_url",
    "rights_holder", "author", "facts_at", "ip_address", "isp", "software", "first_warning_on",
}  # fmt: skip
ORDINARY = b"From: a@client.example\nTo: b@client.example\nSubject: lunch\n\nAt noon?\n"


def test_each_mail_is_one_line_with_every_key_of_the_contract(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(ORDINARY)
    (tmp_path / "two.eml").write_bytes(b"")
    done = inboxbot(tmp_path, "classify", "--json", "one.eml", "two.eml")
    assert done.returncode == 0
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["path"] for each in told] == ["one.eml", "two.eml"]
    for each in told:
        assert set(each) == KEYS
        assert set(each["facts"]) == FACTS
        assert (each["draft"] is None) != (each["silence"] is None)
        assert each["label"] == "other"


def test_standard_input_is_a_mail_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "inboxbot", "classify", "--json", "-"],
        input=ORDINARY, env=environment(tmp_path), cwd=tmp_path, capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["path"] == "-"


def test_a_file_that_is_not_there_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(ORDINARY)
    done = inboxbot(tmp_path, "classify", "--json", "gone.eml", "one.eml")
    assert done.returncode == 1
    assert "gone.eml: cannot be read: No such file or directory" in done.stderr
    assert json.loads(done.stdout)["path"] == "one.eml"


def test_no_file_at_all_is_bad_usage(tmp_path: Path) -> None:
    assert inboxbot(tmp_path, "classify").returncode == 2


def test_it_writes_no_state(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(ORDINARY)
    inboxbot(tmp_path, "classify", "one.eml")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.eml"]


def test_a_draft_is_refused_for_ordinary_mail_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(ORDINARY)
    done = inboxbot(tmp_path, "draft", "one.eml")
    assert done.returncode == 1
    assert "no draft" in done.stderr
    assert done.stdout == ""


def test_why_shows_what_a_verdict_stands_on(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(ORDINARY)
    said = inboxbot(tmp_path, "why", "one.eml").stdout
    assert "decision: at least" in said
    assert "other" in said


def test_version_and_help_need_nothing(tmp_path: Path) -> None:
    assert inboxbot(tmp_path, "--version").returncode == 0
    said = inboxbot(tmp_path, "--help").stdout
    for verb in ("demo", "init", "check", "run", "classify", "draft", "why"):
        assert verb in said
