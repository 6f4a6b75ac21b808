"""The output of a scan is whole, harmless, and where another run goes on."""

from __future__ import annotations

import csv
import json
import resource
from pathlib import Path
from typing import Any

import pytest

from inboxbot.errors import StoreError
from inboxbot.scan.output import ForeignFileError, Form, JsonLines, Output, Table

COLUMNS = ("path", "subject", "model", "id")
FORMS = [pytest.param(JsonLines(), id="jsonl"), pytest.param(Table(COLUMNS), id="csv")]


def row(number: int, subject: str = "lunch") -> dict[str, Any]:
    return {"path": f"{number}.eml", "subject": subject, "model": "m1", "id": f"m{number}"}


def written(path: Path, form: Form, *numbers: int) -> None:
    output = Output(path, form)
    output.add(map(row, numbers))
    output.close()


def ids(path: Path, form: Form) -> set[str]:
    output = Output(path, form)
    output.close()
    return output.ids


@pytest.mark.parametrize("form", FORMS)
def test_another_run_knows_what_is_there_and_adds_to_it(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "out"
    written(path, form, 1, 2)
    written(path, form, 3)
    assert ids(path, form) == {"m1", "m2", "m3"}


@pytest.mark.parametrize("form", FORMS)
def test_wherever_the_file_breaks_off_only_whole_lines_stay(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "out"
    written(path, form, 1, 2)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        there = ids(path, form)
        written(path, form, *(number for number in (1, 2) if f"m{number}" not in there))
        assert path.read_bytes() == whole


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("foreign", [b"minutes of the meeting\n", b"minutes", b"a,b\n1,2\n", b'{"a": 1}\n', b"[]\n"])
def test_a_file_that_is_not_ours_stays_as_it_is(tmp_path: Path, form: Form, foreign: bytes) -> None:
    path = tmp_path / "out"
    path.write_bytes(foreign)
    with pytest.raises(ForeignFileError):
        Output(path, form)
    assert path.read_bytes() == foreign


def test_two_scans_do_not_write_one_file(tmp_path: Path) -> None:
    first = Output(tmp_path / "out", JsonLines())
    with pytest.raises(StoreError, match="another scan"):
        Output(tmp_path / "out", JsonLines())
    first.close()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file or directory"):
        Output(tmp_path / "gone" / "out", JsonLines())


def test_a_disk_that_takes_no_more_is_told_with_the_mend_and_the_next_run_goes_on(tmp_path: Path) -> None:
    path, (soft, hard) = tmp_path / "out", resource.getrlimit(resource.RLIMIT_FSIZE)
    output = Output(path, JsonLines())
    output.add([row(1)])
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20, hard))
    try:
        with pytest.raises(StoreError, match="File too large: mend that and run the same command again"):
            output.add([row(2)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    output.close()
    assert ids(path, JsonLines()) == {"m1"}


def test_what_strangers_write_is_no_formula_and_breaks_no_line(tmp_path: Path) -> None:
    path, form = tmp_path / "out.csv", Table(COLUMNS)
    subjects = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1+1", "a\r\n=1", "＝1", " 'x", 'say "a, b"', "Zoë 350 €"]
    output = Output(path, form)
    output.add(row(number, subject) for number, subject in enumerate(subjects))
    output.close()
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [each["subject"] for each in csv.DictReader(file)]
    assert cells == [
        "'=HYPERLINK(1)",
        "'+1",
        "'-1",
        "'@SUM(A1)",
        "'=1+1",
        "a =1",
        "'＝1",
        "'x",
        'say "a, b"',
        "Zoë 350 €",
    ]
    assert path.read_bytes().count(b"\n") == len(subjects) + 1


def test_a_path_that_is_not_utf8_is_written_all_the_same(tmp_path: Path) -> None:
    output = Output(tmp_path / "out", JsonLines())
    output.add([{**row(1), "path": "caf\udce9.eml"}])
    output.close()
    assert json.loads((tmp_path / "out").read_text())["path"] == "caf?.eml"
