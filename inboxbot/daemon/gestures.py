"""What a person says by moving or marking a letter: it is this issuer's, or: answer it so.

`Inboxbot/Label/<Label>` and `Inboxbot/Reply/<Scenario>` are looked into at every sweep, and `$Inboxbot-<Label>` is looked
for in the watched folders. First it is noted what lies there, then it is acted on, so that a letter under two labels is
seen to be one. Nothing else is ever a label: not Trash, Junk or Archive, and not what the bot or the user wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

import structlog

from inboxbot.errors import InboxbotError, LetterError, RefusedError
from inboxbot.flow import handle
from inboxbot.learn.labels import LABEL, REPLY, Said, said
from inboxbot.learn.pile import Kept, Pile
from inboxbot.letter.header import fields, first, split_head
from inboxbot.letter.identity import is_filing, letter_key
from inboxbot.ports import Desk, Gestures, Ledger, Mailbox
from inboxbot.reader.process import Seen
from inboxbot.records import Arrival, Brief, Entry, Gesture, Stage

log = structlog.get_logger()

FOLDERS = {LABEL: "Inboxbot/Label", REPLY: "Inboxbot/Reply"}
KEYWORD = "$Inboxbot-{}"

Act = Callable[[Arrival, bytes], Entry | None]
Take = Callable[[Sequence[Arrival], Act], None]


class Eyes(Protocol):
    """Sees a letter as learning keeps it."""

    def see(self, raw: bytes) -> Seen:
        """Raises LetterError when the letter cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where lying means something: `kind` and `value` say what."""

    place: str
    folder: str
    kind: str
    value: str
    keywords: tuple[str, ...] = ()


@dataclass(slots=True)
class Hand:
    """One account's gestures: what they may say, where they are noted, and what is kept of the letters to learn from."""

    labels: Sequence[str]  # every room and "other"
    scenarios: Sequence[str]  # alone and with what may be added: "evidence+removed"
    watched: Sequence[str]  # the folders in which keywords count
    book: Gestures
    pile: Pile
    eyes: Eyes
    alias: str  # the account as the user calls it
    _told: set[str] = field(default_factory=set)

    def look(self, mailbox: Mailbox, ledger: Ledger, desk: Desk, take: Take) -> None:
        """Note every gesture that is new and every one that was taken back, then act on what waits.

        `take` fetches mails and hands each to its second argument. RefusedError tells of the first refusal at the end.
        """
        refused: RefusedError | None = None
        spots = list(self._spots(mailbox))
        for spot in spots:
            try:
                self._look_at(spot, mailbox, desk, take)
            except RefusedError as error:
                refused = refused or error
        self.book.vanished(mailbox.account, [spot.place for spot in spots], desk.now())
        for gesture in self.book.waiting(mailbox.account):
            self._act_on(gesture, mailbox, ledger, desk, take)
        if refused is not None:
            raise refused

    # --- noting -------------------------------------------------------------------------------------------------------

    def _spots(self, mailbox: Mailbox) -> Iterator[Spot]:
        for kind, known in ((LABEL, self.labels), (REPLY, self.scenarios)):
            values = {_plain(value): value for value in known}
            for last, folder in mailbox.beneath(FOLDERS[kind]).items():
                if value := values.get(_plain(last)):
                    yield Spot(folder, folder, kind, value)
                else:
                    names = ", ".join(value for value in known if "+" not in value)
                    self._tell(f"{folder}: no {kind} is called so: there are {names}")
        every = tuple(KEYWORD.format(label) for label in self.labels)
        for folder in self.watched:
            if mailbox.present(folder, every)[1]:
                for label, keyword in zip(self.labels, every, strict=True):
                    yield Spot(f"{folder} {keyword}", folder, LABEL, label, (keyword,))

    def _look_at(self, spot: Spot, mailbox: Mailbox, desk: Desk, take: Take) -> None:
        validity, uids = mailbox.present(spot.folder, spot.keywords)
        new = self.book.presence(mailbox.account, spot.place, validity, uids, desk.now())
        if new:
            take(mailbox.look(spot.folder, new), partial(self._note, spot, mailbox, desk))

    def _note(self, spot: Spot, mailbox: Mailbox, desk: Desk, arrival: Arrival, raw: bytes) -> None:
        key = letter_key(mailbox.account, raw)
        ours = _is_ours(raw, desk.brief)
        gesture = Gesture(
            account=mailbox.account,
            place=spot.place,
            folder=spot.folder,
            uidvalidity=arrival.uidvalidity,
            uid=arrival.uid,
            letter=key,
            kind="" if ours else spot.kind,
            value="" if ours else spot.value,
            at=desk.now(),
        )
        self.book.note(gesture, done=ours)

    # --- acting -------------------------------------------------------------------------------------------------------

    def _act_on(self, gesture: Gesture, mailbox: Mailbox, ledger: Ledger, desk: Desk, take: Take) -> None:
        heard = said(self.book.of(gesture.letter), desk.now())
        if gesture.kind == LABEL and heard.rivals:
            self._tell(f"letter {gesture.letter[:8]} bears several labels at once: {', '.join(heard.rivals)}: keep one")
            return
        if gesture.kind == LABEL and heard.label != gesture.value:  # something newer was said
            self.book.done(gesture)
            return
        acted = False

        def act(arrival: Arrival, raw: bytes) -> Entry | None:
            nonlocal acted
            if acted or letter_key(mailbox.account, raw) != gesture.letter:
                return None
            acted = True
            return self._act(gesture, heard, mailbox, ledger, desk, arrival, raw)

        if not gesture.by_command:
            take(mailbox.look(gesture.folder, [gesture.uid]), act)
            return
        for place in self.book.places(gesture.letter):
            if not acted:
                take([place], act)
        if not acted:
            self._tell(f"letter {gesture.letter[:8]} is not where it was: move it to {FOLDERS[LABEL]} to label it")

    def _act(
        self,
        gesture: Gesture,
        heard: Said,
        mailbox: Mailbox,
        ledger: Ledger,
        desk: Desk,
        arrival: Arrival,
        raw: bytes,
    ) -> Entry:
        """A letter that was read in vain waits for another try; a fault of ours is not met again and again."""
        scenario = gesture.value if gesture.kind == REPLY else None
        told = replace(desk, brief=replace(desk.brief, label=heard.label, scenario=scenario))
        try:
            entry = handle(arrival, raw, mailbox, ledger, told)
        except InboxbotError:
            raise
        except Exception:
            self.book.done(gesture)
            raise
        if gesture.kind == LABEL:
            self._keep(gesture, raw)
        if entry.stage is not Stage.SEEN:
            self.book.done(gesture)
        return entry

    def _keep(self, gesture: Gesture, raw: bytes) -> None:
        """Lay the letter on the pile; whether its label counts is decided when it is learned from."""
        about = log.bind(account=self.alias, letter=gesture.letter[:8], label=gesture.value)
        try:
            seen = self.eyes.see(raw)
            folder = gesture.place or "inboxbot label"
            self.pile.keep(
                Kept(gesture.letter, gesture.value, self.alias, folder, gesture.at, seen.language, seen.sights), raw
            )
        except (LetterError, OSError) as error:
            about.warning("labelled, but it cannot be learned from", why=str(error))
        else:
            about.info("labelled by hand")

    def _tell(self, what: str) -> None:
        if what not in self._told:
            self._told.add(what)
            log.warning("a gesture that is not understood", account=self.alias, why=what)


def _plain(name: str) -> str:
    """A folder's last part, whatever its capitals and the order of what is added in it: "Evidence+Removed"."""
    first, *added = name.casefold().split("+")
    return "+".join((first, *sorted(added)))


def _is_ours(raw: bytes, brief: Brief) -> bool:
    """What the bot filed, and what the user answered: with a whole thread these are moved too, and are no letters."""
    if is_filing(raw):
        return True
    head = fields(split_head(raw)[0])
    sender = first(head, "from").decode("utf-8", "replace").lower()
    return bool(first(head, "in-reply-to")) and any(own in sender for own in brief.ours)
