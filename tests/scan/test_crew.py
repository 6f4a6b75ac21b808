"""A real Dask cluster on loopback: what it does, and what happens when parts of it are killed."""

from __future__ import annotations

import json
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest

from inboxbot.errors import WorkersError
from inboxbot.scan import crew as crews
from inboxbot.scan import spread as spreading
from inboxbot.scan.crew import DaskCrew
from inboxbot.scan.spread import spread
from tests.cli.test_scan import LETTER
from tests.main_job.service import inboxbot
from tests.scan.archive import folder, mbox, numbered
from tests.scan.cluster import cluster
from tests.scan.work import note, places

ALL = sorted(place.path for place in places(600))
SLOWLY = partial(note, pause=0.1)


def test_a_scan_on_a_cluster_reads_what_it_reads_here(tmp_path: Path) -> None:
    folder(tmp_path / "archive", [numbered(0), LETTER.read_bytes()])
    mbox(tmp_path / "archive" / "old", map(numbered, range(1, 4)))
    with cluster() as cloud:
        arguments = ("--backend", "dask", "--scheduler", cloud.address)
        done = inboxbot(tmp_path, "scan", "archive", "--output", "there.jsonl", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    inboxbot(tmp_path, "scan", "archive", "--output", "here.jsonl", "--jobs", "1")
    there, here = (
        {row["id"]: row for row in map(json.loads, (tmp_path / name).open())} for name in ("there.jsonl", "here.jsonl")
    )
    assert there == here
    assert len(here) == 5


def test_a_worker_that_is_killed_costs_no_mail() -> None:
    with cluster() as cloud, closing(DaskCrew(cloud.address, None)) as crew:
        outcomes = []
        for batch in spread(places(600), SLOWLY, crew):
            outcomes += batch
            cloud.workers[0].kill()
    assert sorted(outcome.place.path for outcome in outcomes) == ALL


def test_a_scheduler_that_comes_back_is_found_again_and_each_mail_comes_out_once() -> None:
    with ExitStack() as stack:
        cloud = stack.enter_context(cluster())
        crew = stack.enter_context(closing(DaskCrew(cloud.address, None)))
        outcomes = []
        for batch in spread(places(600), SLOWLY, crew):
            if not outcomes:
                cloud.stop()
                stack.enter_context(cluster(cloud.port))
            outcomes += batch
    assert sorted(outcome.place.path for outcome in outcomes) == ALL


def test_a_scheduler_that_stays_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "RETURN_SECONDS", 1.0)
    with cluster() as cloud, closing(DaskCrew(cloud.address, None)) as crew:
        batches = spread(places(600), SLOWLY, crew)
        next(batches)
        cloud.stop()
        with pytest.raises(WorkersError, match=f"no Dask scheduler at {cloud.address}"):
            list(batches)


def test_a_cluster_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with cluster() as cloud, closing(DaskCrew(cloud.address, None)) as crew:
        batches = spread(places(600), SLOWLY, crew)
        next(batches)
        monkeypatch.setattr(spreading, "PATIENCE", 1.0)
        for worker in cloud.workers:
            worker.kill()
        with pytest.raises(WorkersError, match="the cluster has no workers"):
            list(batches)


def test_no_scheduler_at_all_is_told_in_one_line_with_exit_code_75(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from inboxbot.cli.main import run

    monkeypatch.setattr(crews, "RETURN_SECONDS", 1.0)
    assert run(["scan", str(tmp_path), "--backend", "dask", "--scheduler", "tcp://127.0.0.1:1"]) == 75
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("inboxbot: no Dask scheduler at tcp://127.0.0.1:1")
