"""A ledger in memory: trusted as a double because it passes the same contract suite as the real one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from inboxbot.records import Arrival, Cursor, Entry, Fence, Filing, Reading, Stage, Step


class MemoryLedger:
    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self.letters: dict[str, Entry] = {}
        self.readings: dict[str, Reading] = {}
        self.places: dict[tuple[str, str, int, int], tuple[str, str, int]] = {}
        self.cursors: dict[tuple[str, str], Cursor] = {}
        self.accounts: dict[str, datetime] = {}

    def open(self, key: str, account: str, arrival: Arrival) -> Entry:
        entry = self.letters.get(key) or Entry(key=key, account=account, stage=Stage.SEEN, attempts=0)
        if entry.stage is Stage.SEEN:
            entry = replace(entry, attempts=entry.attempts + 1)
        self.places.setdefault(
            (account, arrival.folder, arrival.uidvalidity, arrival.uid), (key, arrival.envelope, arrival.size)
        )
        return self._keep(entry)

    def pass_over(self, account: str, mails: Mapping[str, Arrival], reading: Reading) -> list[Entry]:
        new = [key for key in mails if key not in self.letters]
        return [self.silent(self.open(key, account, mails[key]), reading) for key in new]

    def refund(self, entry: Entry) -> None:
        here = self.letters[entry.key]
        if here.stage is Stage.SEEN and here.attempts > 0:
            self._keep(replace(here, attempts=here.attempts - 1))

    def strike(self, entry: Entry, why: str) -> Entry:
        return self._keep(replace(self.letters[entry.key], last_error=why))

    def quarantine(self, entry: Entry, why: str) -> Entry:
        return self._keep(replace(self.letters[entry.key], stage=Stage.QUARANTINED, last_error=why))

    def retry(self, key: str) -> Entry:
        return self._keep(replace(self.letters[key], stage=Stage.SEEN, attempts=0, last_error=None, silence=None))

    def silent(self, entry: Entry, reading: Reading) -> Entry:
        here = self.letters[entry.key]
        if here.stage is not Stage.SEEN:
            return here
        return self._keep(self._understood(replace(here, stage=Stage.SILENT), reading))

    def plan(self, entry: Entry, reading: Reading, planned: Sequence[Filing]) -> Entry:
        here = self.letters[entry.key]
        had = {filing.kind for filing in here.filings}
        filings = here.filings + tuple(f for f in planned if f.kind not in had)
        stage = Stage.PLANNED if any(_open(f) for f in filings) else Stage.SETTLED
        return self._keep(self._understood(replace(here, stage=stage, filings=filings), reading))

    def intend(self, filing: Filing, fence: Fence) -> Filing:
        return self._step(replace(filing, step=Step.INTENT, fence=fence, intended_at=self.now(), why=None))

    def replan(self, filing: Filing) -> Filing:
        return self._step(replace(filing, step=Step.PLANNED, fence=None, intended_at=None, why="proved not appended"))

    def filed(self, filing: Filing, why: str | None = None) -> Filing:
        return self._step(replace(filing, step=Step.FILED, why=why))

    def uncertain(self, filing: Filing, why: str) -> Filing:
        return self._step(replace(filing, step=Step.UNCERTAIN, why=why))

    def known(self, account: str, arrival: Arrival) -> bool:
        for (owner, folder, uidvalidity, uid), (key, envelope, size) in self.places.items():
            if (owner, folder) != (account, arrival.folder) or self.letters[key].stage is Stage.SEEN:
                continue
            if (uidvalidity, uid) == (arrival.uidvalidity, arrival.uid):
                return True
            if uidvalidity != arrival.uidvalidity and (envelope, size) == (arrival.envelope, arrival.size):
                return True
        return False

    def unfinished(self, account: str) -> list[Entry]:
        return [e for e in self.letters.values() if e.account == account and e.stage is Stage.PLANNED]

    def awaiting(self, account: str) -> list[Arrival]:
        found = {}
        for (owner, folder, uidvalidity, uid), (key, envelope, size) in self.places.items():
            if owner == account and self.letters[key].stage is Stage.SEEN:
                found[key] = Arrival(folder, uidvalidity, uid, size, envelope=envelope)
        return list(found.values())

    def cursor(self, account: str, folder: str) -> Cursor | None:
        return self.cursors.get((account, folder))

    def advance(self, account: str, folder: str, cursor: Cursor) -> None:
        self.cursors[account, folder] = cursor

    def first_seen(self, account: str) -> datetime:
        return self.accounts.setdefault(account, self.now())

    def drafts_since(self, account: str, moment: datetime) -> int:
        mine = (f for e in self.letters.values() if e.account == account for f in e.filings)
        return sum(f.kind.startswith("draft:") and f.intended_at is not None and f.intended_at >= moment for f in mine)

    def _understood(self, entry: Entry, reading: Reading) -> Entry:
        self.readings[entry.key] = reading
        return replace(entry, label=reading.verdict.label, silence=reading.silence, last_error=None)

    def _step(self, filing: Filing) -> Filing:
        entry = self.letters[filing.letter]
        filings = tuple(filing if f.kind == filing.kind else f for f in entry.filings)
        settled = entry.stage is Stage.PLANNED and not any(_open(f) for f in filings)
        self._keep(replace(entry, filings=filings, stage=Stage.SETTLED if settled else entry.stage))
        return filing

    def _keep(self, entry: Entry) -> Entry:
        self.letters[entry.key] = entry
        return entry


def _open(filing: Filing) -> bool:
    return filing.step in (Step.PLANNED, Step.INTENT)
