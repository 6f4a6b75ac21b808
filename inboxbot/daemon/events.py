"""What a webhook or a command is told of: moves in the ledger and changes of an account's condition, as small events.

An event names the account by its short name and the letter by the start of its key; nothing in it is personal, unless
`details` are wished for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inboxbot import wire
from inboxbot.daemon.status import ServiceStatus
from inboxbot.records import Move, Reading, Stage, Step

DETAILS = ("case_number", "amount", "currency", "deadline")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; the same event keeps its `id`, so that whoever gets it twice can tell."""

    id: str
    name: str
    at: datetime
    account: str
    more: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> bytes:
        """As one JSON object."""
        told = {"id": self.id, "event": self.name, "at": self.at.isoformat(), "account": self.account, **self.more}
        return json.dumps(told, ensure_ascii=False).encode()


def of_move(move: Move, account: str, reading: Reading | None = None) -> Event | None:
    """The event that a move in the ledger is, if it is one; with a `reading`, its facts are told too."""
    name = _name(move)
    if name is None:
        return None
    more: dict[str, Any] = {"letter": move.letter[:8], "label": move.label}
    if move.kind:
        more["filing"] = move.kind
    if reading is not None:
        more |= {name: wire.to_plain(getattr(reading.facts, name)) for name in DETAILS}
    return Event(f"move-{move.id}", name, move.at, account, more)


def _name(move: Move) -> str | None:
    if move.kind is not None:
        what = move.kind.partition(":")[0]
        return {Step.FILED.value: f"{what}.filed", Step.UNCERTAIN.value: f"{what}.uncertain"}.get(move.target)
    if move.target == Stage.QUARANTINED.value:
        return "letter.set_aside"
    is_first = move.origin == Stage.SEEN.value
    return "letter.recognised" if is_first and move.target in (Stage.PLANNED.value, Stage.SETTLED.value) else None


@dataclass(slots=True)
class Conditions:
    """How each account was when the status was last told; all start as well."""

    before: dict[str, str] = field(default_factory=dict)

    def changes(self, status: ServiceStatus) -> list[Event]:
        """An event for each account whose condition is another one now."""
        if status.ended_at is not None:
            return []
        changed = []
        for account in status.accounts:
            condition = account.trouble or ("stale" if account.is_stale(status.written_at) else "well")
            if condition != self.before.get(account.name, "well"):
                identity = f"{account.name}-{condition}-{int(status.written_at.timestamp())}"
                changed.append(Event(identity, f"account.{condition}", status.written_at, account.name))
            self.before[account.name] = condition
        return changed
