"""The errors of the program, named for how far the damage reaches, not for where they were raised."""

from __future__ import annotations

from collections.abc import Sequence


class InboxbotError(Exception):
    """Anything that the program itself reports; its text is one line that a person can act on."""


class LetterError(InboxbotError):
    """This letter cannot be handled: it gets a strike and, on the third, is set aside; the others go on."""


class MailboxError(InboxbotError):
    """The connection to one mailbox is lost: drop it, refund the attempt, come back after a pause.

    `retry_after` is the pause in seconds that the server itself asked for, if it did.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RefusedError(MailboxError):
    """The mailbox answered and said no (wrong password, read-only, no Drafts): waiting alone will not mend it."""


class SignInError(RefusedError):
    """The login was refused: each further try brings the provider nearer to locking the account."""


class StoreError(InboxbotError):
    """The store cannot be read or written: nothing may be filed; the service stops with exit code 75."""


class StoreAwayError(StoreError):
    """The database server cannot be reached now: nothing is lost, and the work goes on when it is back."""


class SetupError(InboxbotError):
    """The configuration or an installed file is wrong; every problem is told at once, exit code 78."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))

    def __reduce__(self) -> tuple[type[SetupError], tuple[tuple[str, ...]]]:
        return SetupError, (self.problems,)  # from a worker of a scan it comes whole


class NoModelError(InboxbotError):
    """There is no model to judge with: the letter waits undecided, at no cost to it."""


class WorkersError(InboxbotError):
    """The workers of a scan are gone: what they have read is kept, and another run goes on from there (exit code 75)."""
