"""One label in ten is wrong: such a pile is refused, or costs at most one point in a hundred."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from inboxbot.learn.lesson import School, learn
from inboxbot.learn.pile import Pile
from inboxbot.letter.parse import read_letter
from inboxbot.model import dataset, shelf
from inboxbot.model.judge import open_judge
from inboxbot.model.train import train
from inboxbot.records import OTHER
from tests.learn.letters import DATA, rooms
from tests.learn.post import corpus
from tests.learn.school import LATER, TIMID, labelled, opened

pytestmark = [pytest.mark.timeout(3600), pytest.mark.filterwarnings("ignore::UserWarning")]

KNOWN = ("copytrack", "pixtrakk")
Labelled = Sequence[tuple[str, bytes]]


def flipped(letters: Labelled, random: random.Random) -> tuple[Labelled, set[bytes]]:
    """The letters, every tenth under a wrong label, and which these are: demands as other mail, other mail as a demand."""
    wrong = set(random.sample(range(len(letters)), len(letters) // 10))
    told = [
        (("copytrack" if label == OTHER else OTHER) if number in wrong else label, raw)
        for number, (label, raw) in enumerate(letters)
    ]
    return told, {letters[number][1] for number in wrong}


def points(school: School, unseen: Labelled) -> float:
    """How many of a hundred unseen letters the model in use judges rightly."""
    judge = open_judge(school.shelf, rooms())
    return 100 * sum(judge(read_letter(raw)).label == label for label, raw in unseen) / len(unseen)


def test_a_tenth_of_wrong_labels_is_asked_about_and_costs_nothing(tmp_path: Path) -> None:
    letters, unseen = (
        [(label, raw) for label, _, raw in corpus(KNOWN, numbers, ("copytrack",))]
        for numbers in (range(20, 24), range(70, 72))
    )
    school = opened(tmp_path, KNOWN, TIMID, hands=("anna", "bert"))
    timid = points(school, unseen)
    told, wrong = flipped(letters, random.Random(1))
    result = learn(school, labelled(school, told), LATER)
    assert result.promoted, result.finding.why
    assert {label for _, label, _ in result.finding.doubtful} == {"copytrack", OTHER}
    assert len(result.finding.doubtful) <= len(wrong)
    assert points(school, unseen) >= 99 > timid


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(4))
def test_a_tenth_of_wrong_labels_in_hard_mail_is_refused_or_costs_a_point(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    groups: dict[str, list[Path]] = {}
    for path in sorted(DATA.glob("*/*.eml")):
        groups.setdefault(f"{path.parent.name}/{path.name.rpartition('-')[0]}", []).append(path)
    names = sorted(groups)
    chance.shuffle(names)
    quarter = len(names) // 8
    parts = [
        [path for name in names[n::8] for path in groups[name]] for n in range(4)
    ]  # half of it: minutes, not hours
    assert quarter
    data, held_out = (laid_out(tmp_path / name, part) for name, part in zip(("data", "held-out"), parts, strict=False))
    letters, unseen = ([(path.parent.name, path.read_bytes()) for path in part] for part in parts[2:])
    letters = chance.sample(letters, 120)
    told, _ = flipped(letters, chance)
    reached: dict[str, float] = {}
    for kind, these in (("clean", letters), ("poisoned", told)):
        school = School(Pile(tmp_path / kind / "pile"), tmp_path / kind / "models", data=data, held_out=held_out)
        version, _ = train(dataset.load(data, rooms()), rooms(), school.shelf)
        shelf.promote(school.shelf, version)
        reached[f"before {kind}"] = points(school, unseen)
        result = learn(school, labelled(school, these), LATER)
        reached[kind] = points(school, unseen)
    if result.promoted:
        assert reached["poisoned"] >= reached["before poisoned"] - 1
        assert reached["poisoned"] >= reached["clean"] - 1
    else:
        assert reached["poisoned"] == reached["before poisoned"]


def laid_out(target: Path, paths: Sequence[Path]) -> Path:
    for path in paths:
        place = target / path.parent.name
        place.mkdir(parents=True, exist_ok=True)
        for each in path.parent.glob(f"{path.name}*"):
            (place / each.name).write_bytes(each.read_bytes())
    return target
