"""What a person should know and do about a letter, by stage: texts of a room, read once when it is opened.

A room's `advice.<language>.toml` holds a list of sentences a stage; `always` stands for every letter, `person` and
`professional` for those of whom the user is one, `unknown` for a stage that could not be told, `suspect` for an imitation. What a room does not say, the texts for all image claims do.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from inboxbot.issuers.templates import SHARED
from inboxbot.issuers.wording import LANGUAGES
from inboxbot.records import Identity

ALWAYS, UNKNOWN, SUSPECT = "always", "unknown", "suspect"
PERSON, PROFESSIONAL = (
    "person",
    "professional",
)  # who the user is: a company and an association have others on their line


@dataclass(frozen=True, slots=True)
class Advice:
    """language → stage → sentences."""

    texts: Mapping[str, Mapping[str, tuple[str, ...]]]

    def for_stage(self, stage: str | None, user: Identity, *, suspect: bool = False) -> tuple[str, ...]:
        """The sentences for a letter, the most particular first; English where the user's language has none."""
        texts = self.texts.get(user.language) or self.texts.get("en") or {}
        if suspect:
            return texts.get(SUSPECT, ())
        who = PERSON if user.kind == "person" else PROFESSIONAL
        return tuple(sentence for key in (stage or UNKNOWN, who, ALWAYS) for sentence in texts.get(key, ()))


def open_advice(room: Path) -> tuple[Advice, list[str]]:
    """A room's advice and everything wrong with its files, as "file: what"."""
    texts: dict[str, dict[str, tuple[str, ...]]] = {}
    problems: list[str] = []
    for language in LANGUAGES:
        for folder in (SHARED, room):
            path = folder / f"advice.{language}.toml"
            if not path.is_file():
                continue
            try:
                table = tomllib.loads(path.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                problems.append(f"{path}: {error}")
                continue
            wrong = [key for key, said in table.items() if not _is_sentences(said)]
            problems += [f"{path}: {key}: expected a list of sentences" for key in wrong]
            said = {key: tuple(said) for key, said in table.items() if key not in wrong}
            texts[language] = {**texts.get(language, {}), **said}
    return Advice(texts), problems


def _is_sentences(said: object) -> bool:
    return isinstance(said, list) and all(isinstance(sentence, str) and sentence.strip() for sentence in said)
