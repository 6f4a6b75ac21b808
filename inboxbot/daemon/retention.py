"""Once a day, what is older than the user wants to keep is forgotten: from the store, and from what was learned from."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sized
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from inboxbot.daemon.clock import is_within
from inboxbot.learn.pile import Pile

log = structlog.get_logger()

EVERY = timedelta(days=1)


@dataclass(slots=True)
class Retention:
    """`keep` is how long; `expire` takes letters out of the store. All watches share one, whose turns it takes."""

    expire: Callable[[datetime], Sized]
    pile: Pile
    keep: timedelta
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _done_at: datetime | None = None

    def __call__(self, now: datetime) -> None:
        """Forget, unless that was done less than a day ago. StoreError when the store cannot be written."""
        with self._turn:
            if self._done_at is not None and is_within(EVERY, self._done_at, now):
                return
            letters = len(self.expire(now - self.keep))
            learned = 0
            try:
                learned = self.pile.prune(now - self.keep)
            except OSError as error:
                log.error("the pile cannot be tidied", why=str(error.strerror), mend="check its owner and free space")
            if letters or learned:
                log.info("forgotten after its time", letters=letters, learned_from=learned, days=self.keep.days)
            self._done_at = now
