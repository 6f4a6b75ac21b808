"""`inboxbot run` in a hurry: what it waits for lasts a hundredth, so that minutes are hours of service. hurried.py CONFIG"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial

from inboxbot.cli import build, main
from inboxbot.daemon import sweep, watch
from inboxbot.mailbox import imap, refusal, rest
from inboxbot.mailbox.connect import Deadlines

FACTOR = 100


def hurry() -> None:
    """Pauses between attempts, rests on the server and the pauses that servers ask for; patience with one answer less so."""
    watch.HEALTHY_AFTER /= FACTOR
    watch.LONGEST_PAUSE /= FACTOR
    sweep.AGAIN /= FACTOR
    rest.SLICE /= FACTOR
    rest.POLL /= FACTOR
    for pauses in (refusal._PASSING, refusal._LASTING):
        pauses.update({code: seconds / FACTOR for code, seconds in pauses.items()})
    imap.Deadlines = partial(Deadlines, connect=3.0, login=3.0, command=5.0, fetch=5.0, done=1.0, leave=0.2)  # type: ignore[assignment, misc]
    usual = build.watches

    def watches(*arguments: object) -> list[watch.Watch]:
        return [
            replace(
                each,
                poll_seconds=each.poll_seconds / FACTOR,
                first_pause=each.first_pause / FACTOR,
                refused_pause=each.refused_pause / FACTOR,
            )
            for each in usual(*arguments)  # type: ignore[arg-type]
        ]

    build.watches = watches


if __name__ == "__main__":
    hurry()
    sys.exit(main.run(["run", "--config", sys.argv[1]]))
