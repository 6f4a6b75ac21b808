"""What is on the shelf is verified, then opened; what does not fit its card never is."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from inboxbot.errors import SetupError
from inboxbot.model import shelf
from inboxbot.model.judge import Rule
from inboxbot.model.pipeline import Vocabulary, Weights

MADE = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def weights(bias: float = 0.0) -> Weights:
    return Weights(
        rooms=("copytrack",),
        words=Vocabulary({"pay": 0}, idf=np.array([1.0]), weights=np.array([0.5])),
        signs=Vocabulary({"a reply": 0}, idf=np.array([1.0]), weights=np.array([-0.5])),
        intercept=bias,
        temperature=1.0,
    )


def saved(root: Path, bias: float = 0.0, minute: int = 0) -> str:
    return shelf.save(root, weights(bias), Rule(), {"counts": {}}, MADE.replace(minute=minute))


def test_a_model_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    opened = shelf.open_model(tmp_path / saved(tmp_path, 0.25), strict=True)
    assert opened.weights.intercept == 0.25
    assert opened.weights.words.terms == {"pay": 0}
    assert opened.rule == Rule()


def test_a_candidate_is_not_current_until_it_is_promoted(tmp_path: Path) -> None:
    version = saved(tmp_path)
    assert shelf.current(tmp_path) is None
    shelf.promote(tmp_path, version)
    assert shelf.current(tmp_path) == version


def test_rollback_copies_nothing_and_trains_nothing(tmp_path: Path) -> None:
    first, second = saved(tmp_path, 0.1, 1), saved(tmp_path, 0.2, 2)
    for version in (first, second):
        shelf.promote(tmp_path, version)
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*.joblib")}
    assert shelf.rollback(tmp_path) == first
    assert {path: path.stat().st_ino for path in tmp_path.rglob("*.joblib")} == before


def test_rollback_goes_to_the_one_before(tmp_path: Path) -> None:
    first, second = saved(tmp_path, 0.1, 1), saved(tmp_path, 0.2, 2)
    shelf.promote(tmp_path, first)
    shelf.promote(tmp_path, second)
    assert shelf.rollback(tmp_path) == first
    assert shelf.current(tmp_path) == first


def test_there_is_nothing_to_go_back_to_at_first(tmp_path: Path) -> None:
    shelf.promote(tmp_path, saved(tmp_path))
    with pytest.raises(SetupError, match="no earlier model"):
        shelf.rollback(tmp_path)


def test_five_versions_are_kept(tmp_path: Path) -> None:
    for minute in range(8):
        shelf.promote(tmp_path, saved(tmp_path, minute / 10, minute))
    assert len(shelf.versions(tmp_path)) == shelf.KEPT


def test_the_same_weights_have_the_same_content_digest(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    cards = [shelf.card_of(root, saved(root)) for root in (one, other)]
    assert cards[0]["content_digest"] == cards[1]["content_digest"]


def _bit(folder: Path) -> None:
    path = folder / "model.joblib"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def _program(folder: Path) -> None:
    """A pickle that would write a file if it were ever opened."""

    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return (os.system, (f"touch {folder.parent / 'owned'}",))

    import joblib

    joblib.dump(Evil(), folder / "model.joblib")


def _swapped(folder: Path) -> None:
    other = folder.parent / saved(folder.parent, 0.9, 30)
    shutil.copy(other / "model.joblib", folder / "model.joblib")


def _edited_card(folder: Path, **changes: object) -> None:
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, **changes}))


TAMPERINGS: dict[str, Callable[[Path], object]] = {
    "a bit flipped": _bit,
    "cut": lambda folder: (folder / "model.joblib").write_bytes((folder / "model.joblib").read_bytes()[:-20]),
    "lengthened": lambda folder: (folder / "model.joblib").write_bytes((folder / "model.joblib").read_bytes() + b"x"),
    "empty": lambda folder: (folder / "model.joblib").write_bytes(b""),
    "gone": lambda folder: (folder / "model.joblib").unlink(),
    "another model's file": _swapped,
    "a program": _program,
    "a directory": lambda folder: ((folder / "model.joblib").unlink(), (folder / "model.joblib").mkdir()),
    "a link": lambda folder: (
        shutil.move(folder / "model.joblib", folder / "real"),
        (folder / "model.joblib").symlink_to("real"),
    ),
    "writable by the group": lambda folder: (folder / "model.joblib").chmod(0o660),
    "writable by all": lambda folder: (folder / "model.joblib").chmod(0o606),
    "another owner": lambda folder: os.chown(folder / "model.joblib", 65534, 65534),
    "no card": lambda folder: (folder / "card.json").unlink(),
    "an empty card": lambda folder: (folder / "card.json").write_text(""),
    "a card that is no JSON": lambda folder: (folder / "card.json").write_text("{"),
    "a card without a digest": lambda folder: _edited_card(folder, sha256=None),
    "a card with another digest": lambda folder: _edited_card(folder, sha256="0" * 64),
    "a card of another format": lambda folder: _edited_card(folder, format=1),
    "a card without thresholds": lambda folder: _edited_card(folder, rule=None),
    "a card with a threshold that there is not": lambda folder: _edited_card(folder, rule={"generous": 1}),
    "a card that is a list": lambda folder: (folder / "card.json").write_text("[]"),
    "a card that is a link": lambda folder: (
        shutil.move(folder / "card.json", folder / "real"),
        (folder / "card.json").symlink_to("real"),
    ),
    "a card that others may write": lambda folder: (folder / "card.json").chmod(0o666),
    "a pipe": lambda folder: ((folder / "model.joblib").unlink(), os.mkfifo(folder / "model.joblib")),
    "a folder that others may write": lambda folder: folder.chmod(0o777),
    "a folder that is a link": lambda folder: (
        shutil.move(folder, folder.parent / "real"),
        folder.symlink_to("real"),
    ),
    "a shelf that others may write": lambda folder: folder.parent.chmod(0o777),
}


def test_twenty_kinds_of_tampering_are_known() -> None:
    assert len(TAMPERINGS) >= 20


@pytest.mark.parametrize("how", TAMPERINGS)
def test_a_tampered_model_is_refused_and_nothing_in_it_runs(tmp_path: Path, how: str) -> None:
    version = saved(tmp_path)
    if how == "another owner" and os.geteuid() != 0:
        how = "writable by all"  # only root can give a file away
    TAMPERINGS[how](tmp_path / version)
    with pytest.raises(SetupError):
        shelf.open_model(tmp_path / version, strict=True)
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("line", ["", "../../etc", "/etc/passwd", ".hidden", "nowhere", "\x00"])
def test_a_current_that_names_no_version_falls_back_to_the_packaged_model(tmp_path: Path, line: str) -> None:
    saved(tmp_path)
    (tmp_path / "current").write_text(line)
    opened = shelf.open_current(tmp_path)
    assert opened is not None


def test_a_broken_current_gives_way_to_the_last_good_one(tmp_path: Path) -> None:
    first, second = saved(tmp_path, 0.1, 1), saved(tmp_path, 0.2, 2)
    shelf.promote(tmp_path, first)
    shelf.promote(tmp_path, second)
    _bit(tmp_path / second)
    opened = shelf.open_current(tmp_path)
    assert opened is not None
    assert opened.version == first
    told = shelf.fault(tmp_path)
    assert told is not None
    assert "its digest is not the one on its card" in told


def test_of_a_shelf_that_is_well_no_fault_is_told(tmp_path: Path) -> None:
    assert shelf.fault(tmp_path) is None
    shelf.promote(tmp_path, saved(tmp_path))
    assert shelf.fault(tmp_path) is None
