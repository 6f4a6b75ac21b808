"""No personal data in a model file: a thousand canaries are sung to it in training, and none is found in what is saved."""

from __future__ import annotations

import io
import json
import random
import re
import zlib
from datetime import UTC, datetime
from pathlib import Path

import joblib
import pytest

from inboxbot.issuers.room import open_rooms
from inboxbot.model import dataset, shelf
from inboxbot.model.judge import Rule
from inboxbot.model.pipeline import fit
from inboxbot.reader.known import known

LETTERS = Path(__file__).parents[2] / "training_data"
LABELS = ("copytrack", "pixtrakk", "hadopi", "other")
EACH = 25  # letters a label, ten canaries a letter

# What stands in every letter, as a client's own name and numbers do: only masks keep it out.
EVERYWHERE = {
    "name": "Canaria Kanarienvogel",
    "address": "canaria@vogelhaus.example",
    "telephone": "+33 6 57 57 57 57",
    "account": "FR76 5757 5757 5757 5757 5757 575",
    "number": "CANARY57X",
    "page": "https://www.vogelhaus.example/canary/57",
}


_PART = re.compile(r"[a-z]{3,}|\d{2,}")


def own(number: int) -> list[str]:
    """What stands in one letter alone, as plain a word as any: ten words without a digit."""
    chance = random.Random(number)
    return ["".join(chance.choices("bcdfghjklmnpqrstvwz", k=12)) for _ in range(10)]


def with_canaries(raw: bytes, number: int) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw[:8000] else b"\n\n")
    lines = [line for line in head.splitlines() if not line.lower().startswith((b"to:", b"content-", b"mime-"))]
    kept = [line for line in lines if not line.startswith((b" ", b"\t"))]
    text = " ".join([*EVERYWHERE.values(), *own(number)]).encode()
    to = f"To: {EVERYWHERE['name']} <{EVERYWHERE['address']}>".encode()
    plain = body.decode("utf-8", "replace").encode()
    return b"\n".join([*kept, to, b"Content-Type: text/plain; charset=utf-8"]) + b"\n\n" + text + b"\n" + plain


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that learned from letters with canaries in them, as it lies on the shelf."""
    home = tmp_path_factory.mktemp("canaries")
    number = 0
    for label in LABELS:
        paths = [path for path in sorted((LETTERS / label).glob("*.eml")) if b"multipart" not in path.read_bytes()]
        for path in paths[:: max(1, len(paths) // EACH)][:EACH]:
            target = home / "data" / label / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(with_canaries(path.read_bytes(), number))
            number += 1
    examples = dataset.load(home / "data", known(open_rooms()))
    assert len(examples) * 10 >= 1000
    weights = fit(dataset.cases_of(examples))
    assert len(weights.words.terms) > 100
    facts = {"counts": {}, "data_digest": dataset.digest(examples)}
    return home / "shelf" / shelf.save(home / "shelf", weights, Rule(0.9, 0.9, 0.3), facts, datetime.now(UTC))


def content(saved: Path) -> str:
    """Everything in the model's files, unpacked, in lower case."""
    data = (saved / "model.joblib").read_bytes()
    plain = joblib.load(io.BytesIO(data))
    whole = json.dumps(plain, default=lambda value: value.tolist(), ensure_ascii=False)
    unpacked = zlib.decompress(data).decode("latin-1")
    return (whole + unpacked + (saved / "card.json").read_text()).lower()


def test_no_canary_is_found_in_the_model(saved: Path) -> None:
    whole = content(saved)
    words = [word for number in range(len(LABELS) * EACH) for word in own(number)]
    assert len(set(words)) == 1000
    assert [word for word in words if word[:6] in whole] == []


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_what_stands_in_every_letter_of_a_client_is_not_found_either(saved: Path, kind: str) -> None:
    weights = shelf.open_model(saved, strict=True).weights
    learned = {*weights.words.terms, *weights.signs.terms}
    parts = [part for part in _PART.findall(EVERYWHERE[kind].lower()) if part not in ("https", "www", "example")]
    assert parts
    assert [term for term in learned for part in parts if part in term] == []
