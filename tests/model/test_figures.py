"""The packaged model, rules and trust held against mails that nothing was tuned on (tests/evaluation, written by other hands).

The figures are what was reached, not what is wanted: docs/decisions/0003-the-classifier.md tells the distance. They may be
raised, never lowered.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from inboxbot.flow import understand
from inboxbot.issuers.room import open_rooms
from inboxbot.model.judge import NamedJudge
from inboxbot.model.shelf import open_current
from inboxbot.reader.known import known
from inboxbot.reader.ocr import find_ocr
from inboxbot.records import Brief, Reading

HELD_OUT = Path(__file__).parents[1] / "evaluation"


@pytest.fixture(scope="module")
def read() -> list[tuple[str, Reading]]:
    """(what a person says, what was understood) of every held-out mail, by the packaged model."""
    rooms, bundle = open_rooms(), open_current(None)
    assert bundle is not None, "no packaged model: make train"
    judge, ocr = NamedJudge(bundle.weights, bundle.rule, bundle.version, known(rooms)), find_ocr()
    return [
        (path.parent.name, understand(path.read_bytes(), Brief(), judge, rooms, ocr))
        for path in sorted(HELD_OUT.glob("*/*.eml"))
    ]


def test_letters_are_recognised(read: list[tuple[str, Reading]]) -> None:
    letters = [(label, reading.verdict.label) for label, reading in read if label != "other"]
    assert sum(label == decided for label, decided in letters) / len(letters) >= RECALL
    missed = Counter(decided for label, decided in letters if decided != label)
    assert missed["other"] / len(letters) <= MISSED
    assert sum(count for decided, count in missed.items() if decided not in ("other", "unsure")) == 0


def test_other_mail_gets_hardly_ever_a_draft(read: list[tuple[str, Reading]]) -> None:
    drafted = [reading.head.subject for label, reading in read if label == "other" and reading.reply]
    assert len(drafted) <= FALSE_DRAFTS, drafted


def test_mail_that_names_no_issuer_is_never_a_question(read: list[tuple[str, Reading]]) -> None:
    unnamed = [reading for label, reading in read if label == "other" and reading.verdict.confidence == 1.0]
    assert unnamed
    assert {reading.verdict.label for reading in unnamed} == {"other"}


def test_no_imitation_with_a_hard_sign_gets_a_draft(read: list[tuple[str, Reading]]) -> None:
    assert [r.head.subject for _, r in read if r.trust.verdict == "suspect" and r.reply] == []


RECALL, MISSED, FALSE_DRAFTS = 0.92, 0.013, 1  # of 156 letters, 156 letters, 165 other mails
