"""Whether the matter of a letter is over: then it asks for no sum and sets no deadline, whatever it names."""

from __future__ import annotations

from collections.abc import Sequence

import re2

from inboxbot.issuers.kinds.sentences import read_piece
from inboxbot.issuers.kinds.vocabulary import Cue, cues_in

_SENTENCES = 200  # of a piece that are read
_IF = re2.compile(  # what is only to come, or depends
    r"\b(?:if|once|when|upon|provided|as soon as|after|until|unless|will|would|shall|si|des|apres|une fois|lorsque|sous reserve|jusqu'a|sera|seront|serait|"
    r"wenn|bei|falls|sobald|nach|sofern|wird|werden|damit|cuando|una vez|quando|se|una volta|sara|als|zodra|wanneer|indien|wordt|no|not|pas|aucune?|ni|kein\w*|nicht|geen|niet|nessun\w*|non|ningun\w*|sin)\b"
    r"|\b(?:fur|for|pour|contre|gegen|moyennant|voor|por|per)\s(?:€|£|\$|\d|eur|gbp|chf)"
)


def is_over(pieces: Sequence[tuple[str, str]]) -> bool:
    """Whether the letter says that what it asked is paid or dropped, and orders nothing any more."""
    over = False
    for source, text in pieces:
        for sentence in read_piece(source, text).sentences[:_SENTENCES]:
            cues = cues_in(sentence.text, "matter")
            if any(cue.meaning == "order" for cue in cues):
                return False
            over = over or any(cue.meaning == "over" and not _IF.search(_around(sentence.text, cue)) for cue in cues)
    return over


def still_asks(pieces: Sequence[tuple[str, str]]) -> bool:
    """Whether the letter says that what was asked before still is."""
    return any(
        cue.meaning == "still"
        for source, text in pieces
        for sentence in read_piece(source, text).sentences[:_SENTENCES]
        for cue in cues_in(sentence.text, "matter")
    )


def _around(text: str, cue: Cue) -> str:
    return f"{text[: cue.start]} {text[cue.end :]}"
