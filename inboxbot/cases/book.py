"""Keeps the case book up to date as letters come: each is put into its case before anything is filed for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from inboxbot.cases.case import History, case_letter, history, is_of_a_case, taken_in
from inboxbot.ports import CaseBook
from inboxbot.records import Reading


@dataclass(frozen=True, slots=True)
class Clerk:
    """Puts one account's letters into their cases; safe to repeat, for a letter is in one case by its key."""

    book: CaseBook
    account: str
    now: Callable[[], datetime]

    def __call__(self, key: str, reading: Reading) -> History | None:
        """The letter's history, its case kept; None for a letter that belongs to no case."""
        if not is_of_a_case(reading):
            self.book.leave(key)
            return None
        letter = case_letter(key, reading, self.now())
        cases = self.book.near(self.account, reading.verdict.label, letter)
        case = taken_in(cases, self.account, reading, letter)
        self.book.keep(case)
        return history(cases, case, letter)
