"""A case book in memory, beside a ledger in memory: trusted because it passes the same contract suite as the real one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from inboxbot.cases.case import status_of
from inboxbot.records import Answer, Case, CaseDraft, CaseLetter, Fate, Reading, Status, Step
from tests.doubles.memory_ledger import MemoryLedger


class MemoryCaseBook:
    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger
        self._cases: dict[str, Case] = {}
        self._answers: dict[tuple[str, str], Answer] = {}
        self._fates: dict[tuple[str, str], Fate] = {}

    def cases(self, account: str | None = None, *, closed: bool = True) -> list[Case]:
        mine = [self._whole(case) for case in self._cases.values() if account in (None, case.account)]
        shown = [case for case in mine if closed or status_of(case) is not Status.CLOSED]
        return sorted(shown, key=lambda case: (case.letters[0].sent_at, case.id))

    def near(self, account: str, room: str, letter: CaseLetter) -> list[Case]:
        return self.cases(account)

    def keep(self, case: Case) -> None:
        for letter in case.letters:
            self.leave(letter.key)
        letters = tuple(sorted(case.letters, key=lambda each: (each.sent_at, each.seen_at, each.key)))
        self._cases[case.id] = replace(case, letters=letters, drafts=(), answers=())

    def leave(self, letter: str) -> None:
        left = {
            name: replace(case, letters=tuple(each for each in case.letters if each.key != letter))
            for name, case in self._cases.items()
        }
        self._cases = {name: case for name, case in left.items() if case.letters}

    def close(self, case: str, moment: datetime | None) -> None:
        self._cases[case] = replace(self._cases[case], closed_at=moment)

    def observe(self, letter: str, kind: str, fate: Fate, moment: datetime) -> None:
        self._fates[letter, kind] = fate

    def answer(self, answer: Answer) -> None:
        self._answers[answer.letter, answer.message_id] = answer

    def reading(self, letter: str) -> Reading | None:
        return self._ledger.readings.get(letter)

    def told(self, account: str, kind: str) -> bool:
        entries = (entry for entry in self._ledger.letters.values() if entry.account == account)
        return any(filing.kind == kind for entry in entries for filing in entry.filings)

    def _whole(self, case: Case) -> Case:
        keys = {letter.key for letter in case.letters}
        filed = [
            filing
            for key in keys
            for filing in (self._ledger.letters[key].filings if key in self._ledger.letters else ())
            if filing.kind.startswith("draft:") and filing.step in (Step.FILED, Step.UNCERTAIN)
        ]
        drafts = tuple(
            CaseDraft(
                f.letter, f.kind, f.message_id, f.folder, f.fence, f.intended_at,
                self._fates.get((f.letter, f.kind), Fate.WAITING),
            )
            for f in filed
        )  # fmt: skip
        sent = sorted((a for a in self._answers.values() if a.letter in keys), key=lambda answer: answer.sent_at)
        return replace(case, drafts=drafts, answers=tuple(sent))
