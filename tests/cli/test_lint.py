"""`inboxbot lint` on templates and drafts, as a user types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from inboxbot.cli.main import run


def told(capsys: pytest.CaptureFixture[str], *files: Path, code: int) -> list[str]:
    assert run(["lint", *map(str, files)]) == code
    return capsys.readouterr().out.splitlines()


def test_a_template_is_told_what_the_start_would_refuse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path := tmp_path / "reply.evidence.fr.j2").write_text("Dossier {{ dosier }}\n\nNous sommes désolés.\n")
    assert told(capsys, path, code=1) == [
        f"{path}:1: unknown value “dosier”",
        f"{path}:3: reads as an admission or an apology (“désolés”)",
    ]
    path.write_text("Dossier\n\n{% if removed %}\nx\n")
    assert "Unexpected end of template" in told(capsys, path, code=1)[0]


def test_a_template_may_lean_on_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path := tmp_path / "reply.observations.de.j2").write_text(
        '{% extends "frame.de.j2" %}{% block words %}Sachverhalt: {{ blank("was geschah") }}.{% endblock %}\n'
    )
    assert told(capsys, path, code=0) == [f"{path}: nothing to object to"]


def test_a_draft_is_told_line_by_line_and_a_missing_file_stops_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (draft := tmp_path / "mine.txt").write_text("Dear Counsel,\n\nWe will pay.\n")
    (good := tmp_path / "good.txt").write_text("Nothing is admitted.\n")
    assert run(["lint", str(tmp_path / "none.txt"), str(draft), str(good)]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        f"{draft}:3: promises or offers to pay (“We will pay”, promise)",
        f"{good}: nothing to object to",
    ]
    assert err == f"inboxbot: {tmp_path / 'none.txt'}: cannot be read: No such file or directory\n"
