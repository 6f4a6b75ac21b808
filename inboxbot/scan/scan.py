"""A scan: look through the archive, have every mail read that is not known yet, and look again if it changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from inboxbot.scan.crew import Crew, Work
from inboxbot.scan.look import Look
from inboxbot.scan.place import Outcome, Place
from inboxbot.scan.spread import spread

LOOKS = 5  # an archive that changes faster than it can be looked through is left at that, and that is told


def _nothing(_: int) -> None: ...


@dataclass(slots=True)
class Scan:
    """One scan of `paths`. `known` are the ids of mails that have been read, by a run before this one too.

    `troubles` is what could not be looked into and `missed` what was not read, both by path; another run tries again.
    `passed` is told of the bytes of mail that are behind us.
    """

    paths: Sequence[str]
    known: set[str]
    passed: Callable[[int], None] = _nothing
    troubles: dict[str, str] = field(default_factory=dict)
    missed: dict[str, str] = field(default_factory=dict)

    def run(self, work: Work, crew: Crew) -> Iterator[list[Outcome]]:
        """The outcomes of mails that were read, batch by batch; each mail once, however often the archive is looked through."""
        for again in range(LOOKS):
            look = Look(self.paths, self.troubles.__setitem__)
            self.troubles.clear()
            self.missed.clear()
            for outcomes in spread(self._new(look, self.passed if not again else _nothing), work, crew):
                for outcome in outcomes:
                    if outcome.missed is not None:
                        self.known.discard(outcome.place.id)
                        self.missed[str(outcome.place)] = outcome.missed
                read = [outcome for outcome in outcomes if outcome.missed is None]
                self.passed(sum(outcome.place.size for outcome in read))
                if read:
                    yield read
            if not look.changed():
                return
        self.troubles["the archive"] = "kept changing: run the same command again for what came last"

    def _new(self, look: Look, passed: Callable[[int], None]) -> Iterator[Place]:
        for place in look.places():
            if place.id in self.known:
                passed(place.size)
            else:
                self.known.add(place.id)
                yield place
