"""What may be learned from now: the letters of the pile whose labels stand, and what is to be said of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from inboxbot.learn.labels import Said
from inboxbot.learn.pile import Kept, Pile

FROM_FILE = "file"  # the account of a letter that was labelled on the command line and lies in no mailbox


@dataclass(frozen=True, slots=True)
class Harvest:
    """The letters to learn from, those whose label a person has typed (and so confirmed), and those that must wait."""

    letters: tuple[Kept, ...] = ()
    confirmed: frozenset[str] = frozenset()
    fresh: int = 0  # labelled less than a day ago
    contradicted: tuple[str, ...] = ()  # keys of letters under several labels at once
    taken_back: tuple[str, ...] = ()  # keys of letters that nobody labels any more


def collect(pile: Pile, said: Mapping[str, Said], now: datetime) -> Harvest:
    """Compare the pile with what people say; changes nothing."""
    letters: list[Kept] = []
    confirmed: set[str] = set()
    fresh, contradicted, taken_back = 0, [], []
    for kept in pile.letters():
        heard = Said(kept.label, counts=kept.at <= now) if kept.account == FROM_FILE else said.get(kept.key, Said())
        if heard.rivals:
            contradicted.append(kept.key)
        elif heard.label is None:
            taken_back.append(kept.key)
        elif not heard.counts:
            fresh += 1
        else:
            letters.append(replace(kept, label=heard.label))
            if kept.account == FROM_FILE or (heard.by and heard.by.by_command):
                confirmed.add(kept.key)
    return Harvest(tuple(letters), frozenset(confirmed), fresh, tuple(contradicted), tuple(taken_back))


def tidy(pile: Pile, harvest: Harvest, before: datetime) -> int:
    """Remove what was taken back, and what was labelled before then; returns how many letters that were."""
    return sum(pile.forget(key) for key in harvest.taken_back) + pile.prune(before)
