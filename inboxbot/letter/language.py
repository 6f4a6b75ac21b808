"""The language of a letter, from its own words: footers, addresses and numbers have no say."""

from __future__ import annotations

from functools import cache
from typing import Any

import re2

from inboxbot.letter import phrases

LANGUAGES = ("fr", "en", "de", "es", "it", "nl")
_FEWEST_WORDS = 4  # below, the best identifier is wrong in one case of twenty (libraries study §4)
_MOST = 20_000
_LONGEST_FOOTER = 3000

_NOISE = re2.compile(
    r"(?i)(?:https?://|www\.)\S+|\S+@\S+|[\w.-]+\.(?:com|fr|de|org|net|jpe?g|png|html?)\b\S*|\d[\d.,:/-]*|[<>*_|#=]+"
)
_BOILERPLATE = re2.compile(rf"(?is){phrases.BOILERPLATE}")
_SENT_FROM = re2.compile(rf"(?im){phrases.SENT_FROM}")
_SIGNATURE = re2.compile(r"(?m)^-- ?$")
_PARAGRAPH = re2.compile(r"\n\s*\n")


def language_of(*texts: str) -> str | None:
    """fr, en, de, es, it or nl by the words of the first text that has enough of them, else None."""
    for text in texts:
        votes: dict[str, int] = {}
        for paragraph in _paragraphs(without_footers(text[:_MOST])):
            count = len(paragraph.split())
            language = _identify(paragraph)
            votes[language] = votes.get(language, 0) + count
        if votes:
            return max(votes, key=lambda language: votes[language])
    return None


def ready() -> None:
    """Load the identifier's tables, which are unpacked through a temporary file: while this process may still write one."""
    _identifier()


def without_footers(text: str) -> str:
    """The text without signature block, confidentiality notice, list tail and "sent from my phone"."""
    if (signature := _SIGNATURE.search(text)) and signature.start() > 0:
        text = text[: signature.start()]
    kept = [p for p in _PARAGRAPH.split(text) if not 20 <= len(p) <= _LONGEST_FOOTER or not _BOILERPLATE.search(p)]
    return str(_SENT_FROM.sub("", "\n\n".join(kept)))


def _paragraphs(text: str) -> list[str]:
    """Stretches long enough to tell a language by: short paragraphs are read together."""
    stretches: list[str] = []
    short: list[str] = []
    for paragraph in _PARAGRAPH.split(text):
        said = str(_NOISE.sub(" ", paragraph)).strip()
        (stretches if len(said.split()) >= 12 else short).append(said)
    rest = " ".join(filter(None, short))
    return [*stretches, rest] if len(rest.split()) >= _FEWEST_WORDS else stretches


def _identify(text: str) -> str:
    return str(_identifier().classify(text[:4000])[0])


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - numpy and a table, once a process

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(LANGUAGES)
    return identifier
