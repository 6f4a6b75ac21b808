"""Holds what the rules read against what a person wrote down: `python -m tests.issuers.scoring [FOLDER...]`.

A gold file is `NAME.json` beside `NAME.eml`, or in a folder of its own whose letters lie in training_data/<room>/. Of a
scan only case number and amount are compared: what a page image says beyond them is up to OCR. Facts that a gold file
names in `open` are not compared: there two careful readers would differ.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from inboxbot.issuers.facts import find_facts, find_stage
from inboxbot.issuers.room import open_rooms
from inboxbot.letter.parse import read_letter
from inboxbot.ports import Ocr
from inboxbot.reader.ocr import find_ocr
from inboxbot.records import OTHER, Brief

GOLD = Path(__file__).parent / "gold"
LETTERS = Path(__file__).parents[2] / "training_data"

OF_ALL = ("stage", "language", "case_number")
OF_CLAIMS = ("amount", "currency", "amounts", "deadline", "deadline_rolled", "image_urls", "page_urls", "portal_url")
OF_PARTIES = ("rights_holder", "author")
OF_WARNINGS = ("facts_at", "ip_address", "isp", "software", "first_warning_on")
FACTS = (*OF_ALL, *OF_CLAIMS, *OF_PARTIES, *OF_WARNINGS)
OF_SCANS = frozenset({"case_number", "amount"})
WARNINGS_ROOM = "hadopi"  # no other room's letters tell of a line, so they would only sweeten these figures

# What may stand before a name without making it another one.
_TITLES = re.compile(
    r"\b(?:l['’]agence|la|le|les|the|die|der|das|il|lo|de|het|el|agence|agency|agentur|agenzia|agencia|bildagentur|photographe"
    r"|photographer|fotograf|mme|mlle|mr|mrs|ms|m|monsieur|madame|mademoiselle|mister|herr|herrn|frau|sig|sra|dhr|mevr)\b[.’']?"
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact of one letter: as the person wrote it down, and as the rules read it."""

    letter: str
    room: str
    fact: str
    gold: Any
    found: Any

    @property
    def right(self) -> bool:
        """Whether both say the same."""
        same = _SAME.get(self.fact, _equal)
        return bool(same(self.gold, self.found))

    @property
    def wrong(self) -> bool:
        """Whether something false was read, which is worse than nothing; a list that only lacks something is not false."""
        if isinstance(self.found, list):
            return not set(map(_said, self.found)) <= set(map(_said, self.gold))
        return not self.right and self.found is not None


@dataclass(frozen=True, slots=True)
class Figures:
    """How well one fact is read: letters compared, those in which it stands, and what came of both."""

    fact: str
    letters: int
    present: int
    right: int
    right_present: int
    wrong: int

    @property
    def accuracy(self) -> float:
        """Letters in which the fact (or that it is absent) was read exactly, of all."""
        return self.right / self.letters if self.letters else 1.0

    @property
    def recall(self) -> float:
        """The same over the letters in which the fact stands."""
        return self.right_present / self.present if self.present else 1.0

    @property
    def falsehood(self) -> float:
        """Letters in which a false value was read where null would have done, of all."""
        return self.wrong / self.letters if self.letters else 0.0


def compare(folders: Iterable[Path] = (GOLD,), ocr: Ocr | None = None) -> list[Comparison]:
    """Every fact of every letter with a gold file beneath the folders; scans only where `ocr` can read them."""
    rooms = open_rooms()
    found: list[Comparison] = []
    for path in sorted(path for folder in folders for path in folder.rglob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        room = gold["label"]
        if room == OTHER or (gold.get("scan") and ocr is None):
            continue
        letter = read_letter(letter_of(path, room).read_bytes(), ocr)
        facts, stage = find_facts(letter, rooms[room], Brief(arrived_at=None)), find_stage(letter, rooms[room])
        read = {"stage": stage, "language": letter.language} | _plain(
            {name: getattr(facts, name) for name in gold["facts"]}
        )
        wanted = {"stage": gold["stage"], "language": gold["language"]} | gold["facts"]
        found += [
            Comparison(f"{room}/{path.stem}", room, fact, wanted[fact], read[fact])
            for fact in FACTS
            if _comparable(fact, gold)
        ]
    return found


def _comparable(fact: str, gold: Mapping[str, Any]) -> bool:
    if fact in gold.get("open", ()) or (fact in OF_WARNINGS and gold["label"] != WARNINGS_ROOM):
        return False
    return fact in OF_SCANS or not gold.get("scan")


def letter_of(gold: Path, room: str) -> Path:
    """The letter that a gold file is about."""
    beside = gold.with_suffix(".eml")
    return beside if beside.exists() else LETTERS / room / beside.name


def figures(comparisons: Sequence[Comparison]) -> dict[str, Figures]:
    """The figures of each fact, in the order of `FACTS`."""
    return {fact: _figures(fact, [c for c in comparisons if c.fact == fact]) for fact in FACTS}


def _figures(fact: str, comparisons: Sequence[Comparison]) -> Figures:
    present = [c for c in comparisons if c.gold not in (None, [])]
    return Figures(
        fact=fact,
        letters=len(comparisons),
        present=len(present),
        right=sum(c.right for c in comparisons),
        right_present=sum(c.right for c in present),
        wrong=sum(c.wrong for c in comparisons),
    )


def table(comparisons: Sequence[Comparison]) -> str:
    """One line a fact: accuracy over all letters, over those in which it stands, and false values."""
    lines = [f"{'fact':<18}{'letters':>8}{'right':>9}{'standing':>10}{'right':>9}{'false':>9}"]
    lines += [
        f"{f.fact:<18}{f.letters:>8}{f.accuracy:>9.1%}{f.present:>10}{f.recall:>9.1%}{f.falsehood:>9.1%}"
        for f in figures(comparisons).values()
    ]
    return "\n".join(lines)


def mismatches(comparisons: Sequence[Comparison]) -> str:
    """One line a mismatch: fact, letter, what the person wrote and what was read; `!` before a false value."""
    return "\n".join(
        f"{'!' if c.wrong else ' '} {c.fact:<16} {c.letter:<40} gold {_said(c.gold)} found {_said(c.found)}"
        for c in sorted(comparisons, key=lambda c: FACTS.index(c.fact))
        if not c.right
    )


# --- when two values are one ------------------------------------------------------------------------------------------


def _equal(gold: Any, found: Any) -> bool:
    return bool(gold == found)


def _as_set(gold: Any, found: Any) -> bool:
    return set(map(_said, gold)) == set(map(_said, found))


def _same_words(gold: str | None, found: str | None) -> bool:
    """Equal but for case, accents and blanks."""
    return _folded(gold) == _folded(found)


def _same_party(gold: str | None, found: str | None) -> bool:
    """Equal but for case, accents, articles and titles: "l'agence Marée Haute" is Marée Haute."""
    return _untitled(gold) == _untitled(found)


def _as_printed(gold: str | None, found: str | None) -> bool:
    """Equal but for the width of a blank."""
    return " ".join((gold or "").split()) == " ".join((found or "").split())


def _folded(text: str | None) -> str:
    plain = unicodedata.normalize("NFKD", text or "").replace("µ", "μ")
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def _untitled(text: str | None) -> str:
    return " ".join(re.sub(r"[^\w&]+", " ", _TITLES.sub(" ", _folded(text))).split())


_SAME: Mapping[str, Callable[[Any, Any], bool]] = {
    "case_number": _as_printed,
    "amounts": _as_set,
    "image_urls": _as_set,
    "page_urls": _as_set,
    "isp": _same_words,
    "software": _same_words,
    "rights_holder": _same_party,
    "author": _same_party,
}


def _plain(value: Any) -> Any:
    """Facts as JSON has them: money as a decimal string, dates as ISO 8601."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each if isinstance(each, str) else asdict(each)) for each in value]
    return value


def _said(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


if __name__ == "__main__":
    compared = compare([Path(name) for name in sys.argv[1:]] or [GOLD], find_ocr())
    sys.stdout.write(f"{table(compared)}\n\n{mismatches(compared)}\n")
