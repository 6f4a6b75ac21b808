"""Which authserv-id the user's own server writes, as recent mail shows it: a proposal, which a person must confirm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from inboxbot.trust.authentication import authserv_id
from inboxbot.trust.hosts import registrable, same_owner
from inboxbot.trust.route import hop


def propose(traces: Iterable[Sequence[tuple[str, str]]]) -> str | None:
    """The id that most of these mails' trace fields (header order) speak for, as `authserv_id` would have it.

    Counted is only an Authentication-Results that no sender can have written: above the Received by which the mail came
    in, and of the owner of the host that wrote that one. Where machines of one parent name sign in turn, it is
    `*.parent`. None where no mail shows one, as with Gmail, which writes its field below (docs/trust.md).
    """
    counted = Counter(found for trace in traces if (found := _own_id(trace)))
    if not counted:
        return None
    best = max(counted, key=lambda found: (counted[found], found))
    parent = best.partition(".")[2]
    siblings = sum(count for found, count in counted.items() if found.partition(".")[2] == parent)
    if siblings > counted[best] and same_owner(parent, best) and registrable(parent):
        best, counted[f"*.{parent}"] = f"*.{parent}", siblings
    return best if counted[best] * 2 > sum(counted[found] for found in counted if not found.startswith("*.")) else None


def _own_id(trace: Sequence[tuple[str, str]]) -> str | None:
    """The topmost id above the border that fits the server which wrote the Received below it."""
    topmost = None
    for name, value in trace:
        low = name.lower()
        if low == "authentication-results" and topmost is None:
            topmost = authserv_id(value)
            if topmost is None:
                return None
        elif low == "received":
            here = hop(value)
            if topmost and same_owner(here.by, topmost):
                return topmost
            if here.from_outside:
                return None
    return None
