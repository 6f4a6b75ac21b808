"""One pass over one mailbox: finish what is unfinished, then take every new letter down the corridor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

import structlog

from inboxbot.daemon.clock import is_within
from inboxbot.daemon.gestures import Act, Hand
from inboxbot.errors import InboxbotError, MailboxError, RefusedError
from inboxbot.flow import Mail, handle, pass_over, patience, settle
from inboxbot.ports import Desk, Ledger, Mailbox
from inboxbot.records import Arrival, Cursor, Entry, Stage, Step

log = structlog.get_logger()
EVERYTHING = date(1970, 1, 1)
HANDFUL, HANDFUL_BYTES = 50, 4 << 20  # so many mails are glanced at together

SINGLY, GIVEN_UP = 3, 6  # so often the line may break over the same mail
AGAIN, FOR_GOOD = timedelta(hours=1), timedelta(days=1)  # a mail that was given up is tried again, and then no more


@dataclass(frozen=True, slots=True)
class Beat:
    """Which folders of an account are swept, and from when: "new", "all" or a date."""

    account: str
    folders: tuple[str, ...]
    since: date | str


@dataclass(slots=True)
class Stumbles:
    """Where the line broke while mails were fetched, and how often in a row: one mail must not stop all others."""

    place: tuple[str, int, int] | None = None
    times: int = 0
    passed_over: dict[tuple[str, int, int], tuple[datetime, datetime]] = field(default_factory=dict)  # first, last

    def over(self, arrival: Arrival, now: datetime) -> bool:
        """The line broke when this mail was next; whether it is passed over from now on."""
        place = _place(arrival)
        self.times = self.times + 1 if place == self.place else 1
        self.place = place
        before = self.passed_over.get(place)
        if before is None and self.times < GIVEN_UP:
            return False
        self.passed_over[place] = (before[0] if before else now, now)
        return True

    def passed(self, arrival: Arrival) -> None:
        """The mail came: if it was the one, all is well."""
        self.passed_over.pop(_place(arrival), None)
        if _place(arrival) == self.place:
            self.place, self.times = None, 0

    def skips(self, arrival: Arrival, now: datetime) -> bool:
        """Whether it is not the mail's turn: it was given up less than an hour ago, or for good."""
        first, last = self.passed_over.get(_place(arrival), (now, now - AGAIN))
        return is_within(AGAIN, last, now) or last - first >= FOR_GOOD

    def reached(self, folder: str, ahead: Cursor) -> Cursor:
        """How far a folder is settled: not beyond a mail that is to be tried again, also by another process."""
        held = [
            uid - 1
            for (name, uidvalidity, uid), (first, last) in self.passed_over.items()
            if (name, uidvalidity) == (folder, ahead.uidvalidity) and last - first < FOR_GOOD
        ]
        return Cursor(ahead.uidvalidity, min([ahead.uid, *held]))


def sweep(
    beat: Beat,
    mailbox: Mailbox,
    ledger: Ledger,
    desk: Desk,
    stop: Callable[[], bool],
    progress: Callable[[], None],
    stumbles: Stumbles | None = None,
    hand: Hand | None = None,
) -> int:
    """Sweep every folder of the beat, and what the user's `hand` says; returns how many letters were taken up.

    MailboxError ends it, and nothing is lost. What the mailbox merely refuses keeps nothing else from being done:
    RefusedError tells of the first refusal at the end.
    """
    return _Sweep(beat, mailbox, ledger, desk, stop, progress, stumbles or Stumbles(), hand).run()


def time_left(mailbox: Mailbox, ledger: Ledger, desk: Desk) -> timedelta | None:
    """How long until the account's interrupted filings may be looked into; None when there are none."""
    open_filings = (filing for entry in ledger.unfinished(mailbox.account) for filing in entry.filings)
    return max((patience(filing, desk.now()) for filing in open_filings if filing.step is Step.INTENT), default=None)


@dataclass(slots=True)
class _Sweep:
    """A sweep at work."""

    beat: Beat
    mailbox: Mailbox
    ledger: Ledger
    desk: Desk
    stop: Callable[[], bool]
    progress: Callable[[], None]
    stumbles: Stumbles
    hand: Hand | None
    taken: int = 0
    refused: RefusedError | None = None

    def run(self) -> int:
        account, started = self.mailbox.account, self.desk.now()
        first_seen = self.ledger.first_seen(account)
        for entry in self.ledger.unfinished(account):
            self._try(partial(settle, entry, self.mailbox, self.ledger, self.desk))
        since = self._since(first_seen, started)
        looks: list[Callable[[], None]] = [partial(self._look_at, folder, since) for folder in self.beat.folders]
        if self.hand is not None:
            looks.append(partial(self.hand.look, self.mailbox, self.ledger, self.desk, self._take))
        for look in (lambda: self._take(self.ledger.awaiting(account)), *looks):
            if self.stop():
                break
            try:
                look()
            except RefusedError as error:
                self.refused = self.refused or error
        if self.refused is not None:
            raise self.refused
        return self.taken

    def _look_at(self, folder: str, since: date | None) -> None:
        """Page by page. The cursor of a first look is kept at its end alone, for only one and the same look knows which
        mails were there before; what it has taken up is known by then."""
        account = self.mailbox.account
        cursor = kept = self.ledger.cursor(account, folder)
        while True:
            ahead, arrivals = self.mailbox.arrivals(folder, cursor, since=since, known=self._known)
            self._take(arrivals)
            if self.stop():
                return
            first_look = kept is None or kept.uidvalidity != ahead.uidvalidity
            reached = self.stumbles.reached(folder, ahead)
            if reached != kept and (not first_look or since is None or ahead == cursor):
                self.ledger.advance(account, folder, reached)
                kept = reached
            if ahead == cursor:
                return
            cursor = ahead

    def _take(self, arrivals: Sequence[Arrival], act: Act | None = None) -> None:
        for mails in _by_the_handful(self._fetched(arrivals)):
            if self.stop():
                return
            for arrival, raw in mails if act else self._without_the_ordinary(mails):
                if self.stop():
                    return
                self._try(partial(act or self._handle, arrival, raw))
                self.taken += act is None
            self.progress()

    def _without_the_ordinary(self, mails: list[Mail]) -> list[Mail]:
        """What is left to be handled once the ordinary mail is noted; a single one costs no less together."""
        if len(mails) == 1 or self.desk.by_hand:
            return mails
        entries, left = pass_over(mails, self.mailbox.account, self.ledger, self.desk)
        for entry in entries:
            self._tell(entry)
        self.taken += len(entries)
        return left

    def _handle(self, arrival: Arrival, raw: bytes) -> Entry:
        return handle(arrival, raw, self.mailbox, self.ledger, self.desk)

    def _fetched(self, arrivals: Sequence[Arrival]) -> Iterator[tuple[Arrival, bytes | None]]:
        """The mails; after the line broke over the same one again and again singly, and at last without it."""
        left = [arrival for arrival in arrivals if not self.stumbles.skips(arrival, self.desk.now())]
        for batch in [[arrival] for arrival in left] if self.stumbles.times >= SINGLY else [left]:
            mails = iter(self.mailbox.fetch(batch))
            for expected in batch:
                try:
                    mail = next(mails)
                except MailboxError as error:
                    if not isinstance(error, RefusedError) and self.stumbles.over(expected, self.desk.now()):
                        about = log.bind(account=self.beat.account, folder=expected.folder, uid=expected.uid)
                        about.error("a mail is passed over for an hour: the line broke each time it was fetched")
                    raise
                self.stumbles.passed(expected)
                yield mail

    def _try(self, act: Callable[[], Entry | None]) -> None:
        """One letter, whose trouble is not the others'."""
        try:
            if entry := act():
                self._tell(entry)
        except RefusedError as error:
            self.refused = self.refused or error
        except InboxbotError:
            raise
        except Exception as error:  # a fault of ours: the letter keeps its attempt, and is set aside in the end
            log.exception("unexpected failure with a letter", account=self.beat.account, why=type(error).__name__)
        self.progress()

    def _known(self, arrival: Arrival) -> bool:
        return self.ledger.known(self.mailbox.account, arrival)

    def _since(self, first_seen: datetime, started: datetime) -> date | None:
        """From when mail is new at a first look at a folder. None: only what comes after what is there now; that needs
        no clock, and is right while the account was first seen in this very sweep."""
        if isinstance(self.beat.since, date):
            return self.beat.since
        if self.beat.since == "all":
            return EVERYTHING
        return None if first_seen >= started else first_seen

    def _tell(self, entry: Entry) -> None:
        """One line a letter, with nothing in it that could identify a person."""
        about = log.bind(account=self.beat.account, letter=entry.key[:8], label=entry.label)
        match entry.stage:
            case Stage.QUARANTINED:
                about.error("letter set aside", why=entry.last_error, mend=f"inboxbot retry {entry.key[:8]}")
            case Stage.SEEN:
                about.warning("letter will be tried again", attempts=entry.attempts, why=entry.last_error)
            case Stage.SILENT:
                about.debug("nothing to file", why=entry.silence)
            case _:
                for filing in entry.filings:
                    if filing.step is Step.UNCERTAIN:
                        about.error("filing uncertain", filing=filing.kind, why=filing.why)
                    else:
                        about.info("filing", filing=filing.kind, step=filing.step.value)


def _by_the_handful(mails: Iterable[tuple[Arrival, bytes | None]]) -> Iterator[list[Mail]]:
    """The mails that are still there, some at a time; those that came before the line broke are handed out first."""
    hand: list[Mail] = []
    try:
        for arrival, raw in mails:
            if raw is not None:  # None: moved or expunged between the look and the fetch
                hand.append((arrival, raw))
            if len(hand) == HANDFUL or sum(len(each) for _, each in hand) >= HANDFUL_BYTES:
                yield hand
                hand = []
    except MailboxError:
        if hand:
            yield hand
        raise
    if hand:
        yield hand


def _place(arrival: Arrival) -> tuple[str, int, int]:
    return arrival.folder, arrival.uidvalidity, arrival.uid
