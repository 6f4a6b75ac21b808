"""Batches of mails over workers that may die, each outcome once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait

from inboxbot.errors import WorkersError
from inboxbot.scan.batch import batches
from inboxbot.scan.crew import Crew, Work
from inboxbot.scan.place import Outcome, Place

AHEAD = 2  # batches a worker: enough that none is idle, few enough that little is held
PATIENCE = 30.0  # seconds until it is asked whether there is anybody at all
HOPELESS = 5  # deaths in a row with nothing read between


def spread(places: Iterable[Place], work: Work, crew: Crew) -> Iterator[list[Outcome]]:
    """The outcomes, batch by batch as they come.

    A batch whose worker died is read again; one over which a second worker died is read mail by mail with nothing
    beside it, so that a mail which kills workers is found, and is the only one to pay. WorkersError when workers die
    before they have read anything.
    """
    return _Spread(work, crew).run(batches(places))


class _Spread:
    def __init__(self, work: Work, crew: Crew) -> None:
        self._work, self._crew = work, crew
        self._open: dict[Future[list[Outcome]], Sequence[Place]] = {}
        self._again: deque[Sequence[Place]] = deque()
        self._suspects: deque[Place] = deque()
        self._survived: set[str] = set()  # the first mails of batches over which one worker has died
        self._hopeless = 0

    def run(self, waiting: Iterator[Sequence[Place]]) -> Iterator[list[Outcome]]:
        while True:
            while len(self._open) < max(1, self._crew.width) * AHEAD and (batch := self._next(waiting)):
                self._submit(batch)
            if not self._open and self._suspects:
                yield self._alone(self._suspects.popleft())
            elif not self._open:
                return
            else:
                yield from self._finished()

    def _next(self, waiting: Iterator[Sequence[Place]]) -> Sequence[Place] | None:
        return self._again.popleft() if self._again else next(waiting, None)

    def _submit(self, batch: Sequence[Place]) -> None:
        self._open[self._crew.submit(self._work, batch)] = batch

    def _finished(self) -> Iterator[list[Outcome]]:
        """What is done; once a worker has died, all that is open: its fellows may be dying with it."""
        done = self._done()
        broken: list[Sequence[Place]] = []
        while done:
            for future in done:
                batch = self._open.pop(future)
                try:
                    outcomes = future.result()
                except self._crew.died as error:
                    broken.append(batch)
                    told: BaseException = error
                else:
                    self._hopeless = 0
                    yield outcomes
            done = wait(self._open).done if broken else set()
        if broken:
            self._recover(broken, told)

    def _done(self) -> set[Future[list[Outcome]]]:
        while not (done := wait(self._open, PATIENCE, FIRST_COMPLETED).done):
            if not self._crew.width:
                raise WorkersError("the cluster has no workers: start some, and run the same command again")
        return done

    def _recover(self, broken: list[Sequence[Place]], error: BaseException) -> None:
        self._renew(error)
        for batch in broken:
            if batch[0].id in self._survived:
                self._suspects.extend(batch)
            else:
                self._survived.add(batch[0].id)
                self._again.append(batch)

    def _alone(self, place: Place) -> list[Outcome]:
        self._submit((place,))
        (done,) = self._done()
        self._open.clear()
        try:
            outcomes = done.result()
        except self._crew.died as error:
            self._renew(error)
            return [Outcome(place, error="the worker that read it died, three times")]
        self._hopeless = 0
        return outcomes

    def _renew(self, error: BaseException) -> None:
        self._hopeless += 1
        if self._hopeless == HOPELESS:
            raise WorkersError(f"the workers die before they have read anything ({type(error).__name__})") from error
        self._crew.renew()
