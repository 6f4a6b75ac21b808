"""The nouns of the program: frozen values that pass from room to room; no open dicts between stages.

Times are aware unless a field says otherwise, money is `Decimal`, and a fact that a letter does not give is `None`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

OTHER = "other"
UNSURE = "unsure"


# --- a letter, as read from its carrier -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322 §3.4; `addr` is as written, without control characters."""

    name: str
    addr: str

    @property
    def domain(self) -> str:
        return self.addr.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the letter: what it shows and where it goes (as in the href, nothing removed)."""

    text: str
    href: str
    source: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the letter's own body. `text` is what could be read from it, `unread` why it could not."""

    name: str
    media_type: str
    size: int
    sha256: str
    text: str = ""
    unread: str | None = None
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """An older letter that this one quotes: never a source of sums or deadlines."""

    text: str
    sender: Address | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What a reply needs to know of the mail that carried the letter: identity, thread, who and when."""

    digest: str
    message_id: str | None
    references: tuple[str, ...]
    in_reply_to: tuple[str, ...]
    sent_at: datetime | None
    sender: Address | None
    recipients: tuple[Address, ...]
    subject: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, read: the letter's own words apart from what it quotes, forwards and carries.

    `body` holds the words of the newest letter, normalised (NFC, NBSP and its kin as plain spaces, no zero-width or
    control characters). Where a person forwarded a letter, `body` is the forwarded letter, `covering_note` the words
    above it and `forwarded` its inner, unauthenticated head. `source` says where `body` came from: "body" or "html".
    `own_date` is the date that the letter itself carries (PDF, forwarded letter, "Berlin, 12.03.2025").
    """

    head: Head
    body: str
    source: str
    senders: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    forwarded: Head | None = None
    covering_note: str = ""
    quoted: tuple[Quoted, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    links: tuple[Link, ...] = ()
    language: str | None = None
    own_date: date | None = None
    trace: tuple[tuple[str, str], ...] = ()
    automatic: str | None = None
    bulk: bool = False
    unread: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()

    def pieces(self) -> tuple[tuple[str, str], ...]:
        """(source, text) of the letter's own words in the order a person would look: subject, body, attachments."""
        return (
            ("subject", self.subject),
            (self.source, self.body),
            *((f"attachment:{a.name}", a.text) for a in self.attachments if a.text),
        )

    @property
    def subject(self) -> str:
        """The letter's own subject: the forwarded one where there is one."""
        return self.forwarded.subject if self.forwarded and self.forwarded.subject else self.head.subject


# --- what was understood ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clue:
    """One word or phrase and how much it spoke for the label (negative: against), in log-odds."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judge's decision; `label` is a room, "other" or "unsure"."""

    label: str
    confidence: float
    probabilities: Mapping[str, float]
    threshold: float
    margin: float
    model: str
    likely: str | None = None
    clues: tuple[Clue, ...] = ()
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a fact was read: the quoted words, the carrier and the rule that read them."""

    quote: str
    source: str
    rule: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum printed in the letter. `kind`: compensation, licence, fee, total, net or other."""

    value: Decimal
    currency: str
    kind: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the letter says, each fact with its passage in `evidence`; absent or ambiguous is None or empty."""

    case_number: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    amounts: tuple[Amount, ...] = ()
    deadline: date | None = None
    deadline_rolled: date | None = None
    image_urls: tuple[str, ...] = ()
    page_urls: tuple[str, ...] = ()
    portal_url: str | None = None
    rights_holder: str | None = None
    author: str | None = None
    facts_at: datetime | None = None  # local and naive, as printed
    ip_address: str | None = None
    isp: str | None = None
    software: str | None = None
    first_warning_on: date | None = None
    evidence: Mapping[str, Passage] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()  # facts that are ambiguous, in words


class Standing(StrEnum):
    """Whether the letter is what it says it is."""

    GENUINE = "genuine"
    UNVERIFIED = "unverified"
    SUSPECT = "suspect"


@dataclass(frozen=True, slots=True)
class Trust:
    """The verdict on the sender, its reasons in words for a lay person, and the address a reply may go to."""

    verdict: Standing
    reasons: tuple[str, ...]
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it would be filed, before it becomes a message; `blanks` are the places left to the user."""

    scenario: str
    language: str
    to: str | None
    subject: str
    body: str
    blanks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything understood of one mail. `reply` is None exactly when `silence` says why."""

    head: Head
    verdict: Verdict
    language: str | None
    trust: Trust
    stage: str | None = None
    facts: Facts = field(default_factory=Facts)
    reply: Reply | None = None
    silence: str | None = None
    issuer: str = ""  # the room's title: who writes
    offers: tuple[str, ...] = ()  # scenarios that a person may ask for
    advice: tuple[str, ...] = ()  # what to know and do, in the user's language
    unread: tuple[str, ...] = ()  # what of the letter could not be read, and why
    forwarded: Head | None = None
    defects: tuple[str, ...] = ()


# --- what the reader is told besides the bytes ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the user is: signs the drafts and owns the case sheets."""

    name: str = ""
    address: str = ""
    signature: str = ""
    kind: str = "person"  # person | company | association
    siren: str | None = None
    language: str = "fr"
    reply_language: str | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whose word on the sender to believe; with everything unset nobody's is believed (RFC 8601 §7.1: fail closed)."""

    authserv_id: str | None = None
    arc_sealers: tuple[str, ...] = ()
    microsoft: bool = False
    dkim_keys: Mapping[str, bytes] | None = None  # selector._domainkey.domain → TXT record, resolved by the parent


@dataclass(frozen=True, slots=True)
class Brief:
    """What the reader needs to know about a mail besides its bytes; plain values only."""

    identity: Identity = field(default_factory=Identity)
    receiver: Receiver = field(default_factory=Receiver)
    arrived_at: datetime | None = None
    ours: frozenset[str] = frozenset()  # the user's own addresses, lower-case
    label: str | None = None  # a human label: the judge is not asked
    scenario: str | None = None  # a reply that a person asked for
    printed: bool = False  # it is only to be shown, not filed: a person may see any reply, even to a suspect letter
    language: str | None = None
    quote: bool = True
    explain: bool = False
    glance: bool = False  # look first whether the mail may name an issuer, and read with care only what may


# --- issuers: what trust may know of a room ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern (RE2) that no sentence of one room's genuine letters matches, and why, by language, for a lay person.

    It meets sentences in small letters without accents ("régler" as "regler"). A sentence that also matches `unless` is
    innocent. A hard sign decides alone. With `direct`, only letters that came straight by mail count, not scans and
    forwards of a posted one.
    """

    pattern: str
    reason: Mapping[str, str]
    hard: bool
    unless: str | None = None
    direct: bool = False


@dataclass(frozen=True, slots=True)
class TrustProfile:
    """What a room states about its genuine letters, for `trust` to weigh."""

    room: str
    title: str
    domains: tuple[str, ...] = ()  # the issuer's own registrable domains
    neutral: tuple[str, ...] = ()  # domains of unclear standing: neither proof nor imitation
    desks: tuple[str, ...] = ()  # addresses a draft may be addressed to
    answers: bool = True  # False: a draft of this room is addressed to nobody
    relayed: bool = False  # genuine letters come through somebody else's servers (ISP, law firm)
    never: tuple[Sign, ...] = ()  # what genuine letters never contain
    by_post_only: tuple[str, ...] = ()  # stages that never come directly by mail
    expected: tuple[str, ...] = ()  # facts that every genuine letter of a known stage carries
    lookalikes: tuple[str, ...] = ()  # brand labels to compare look-alike domains with
    accounts: tuple[str, ...] = ()  # countries (ISO 3166) of the bank accounts that it uses; empty: not known


# --- the mailbox and the ledger ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail as seen in a folder: a location, never an identity (RFC 3501 §2.3.1.1)."""

    folder: str
    uidvalidity: int
    uid: int
    size: int
    flags: frozenset[str] = frozenset()
    arrived_at: datetime | None = None  # INTERNALDATE
    envelope: str = ""  # digest of Message-ID, From, Subject and Date: tells a mail already known from a new one


@dataclass(frozen=True, slots=True)
class Cursor:
    """Every UID up to and including `uid` has been opened in the ledger, as long as UIDVALIDITY stays the same."""

    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Fence:
    """UIDVALIDITY and UIDNEXT of a folder before an APPEND: what is appended later has a UID at or beyond it."""

    uidvalidity: int
    uidnext: int


@dataclass(frozen=True, slots=True)
class Drift:
    """What happened in a folder since a fence: `present` maps each UID now at or beyond it to its Message-ID."""

    fence: Fence
    present: Mapping[int, str]


class Stage(StrEnum):
    """Of a letter: seen → silent | planned | quarantined; planned → settled. Planned and later are never judged again."""

    SEEN = "seen"
    SILENT = "silent"
    PLANNED = "planned"
    SETTLED = "settled"
    QUARANTINED = "quarantined"


class Step(StrEnum):
    """Of a filing: planned → intent → filed | uncertain. `filed` and `uncertain` are final."""

    PLANNED = "planned"
    INTENT = "intent"
    FILED = "filed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Glance:
    """A first look at several mails: which of them name no issuer, and what there is to say of each of these."""

    ordinary: tuple[bool, ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class Filing:
    """One thing to be filed exactly once: (letter, kind). Its bytes and Message-ID are fixed before any APPEND."""

    letter: str  # the letter's key
    kind: str  # draft:<scenario> | sheet:<n>
    message_id: str
    folder: str
    flags: tuple[str, ...]
    raw: bytes
    step: Step = Step.PLANNED
    fence: Fence | None = None
    intended_at: datetime | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A letter's row in the ledger."""

    key: str
    account: str
    stage: Stage
    attempts: int
    label: str | None = None
    silence: str | None = None
    filings: tuple[Filing, ...] = ()
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge (or a person, before it) said of a letter that is in the store, and when it was first seen."""

    letter: str
    account: str
    at: datetime
    verdict: Verdict


# --- what a person says by moving or marking a letter -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gesture:
    """A person put a letter into one of the bot's folders, marked it with a keyword, or named it on the command line.

    `kind` is "label" or "reply", `value` the label or scenario; what turned out to be no letter has neither. `place` is
    the folder, with the keyword if it was one; `at` is when it was first seen there, `gone_at` when it was there no more.
    """

    account: str
    place: str
    folder: str
    uidvalidity: int
    uid: int
    letter: str  # the letter's key
    kind: str
    value: str
    at: datetime
    gone_at: datetime | None = None

    @property
    def by_command(self) -> bool:
        """Whether it was typed: then nothing can be moved out again."""
        return not self.place


# --- the case book: what belongs together -----------------------------------------------------------------------------


class Status(StrEnum):
    """Where a case stands, as seen from the mailbox."""

    NEW = "new"
    DRAFTED = "drafted"
    ANSWERED = "answered"
    REMINDED = "reminded"
    CLOSED = "closed"


class Fate(StrEnum):
    """What became of a draft: observed, never brought about."""

    WAITING = "waiting"
    EDITED = "edited"
    SENT = "sent"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class CaseLetter:
    """A letter of a case: what tells where it belongs, and what it asks by when."""

    key: str
    seen_at: datetime
    sent_at: datetime  # the letter's own, where it has one
    sender: str
    subject: str
    message_id: str | None = None
    thread: tuple[str, ...] = ()  # the Message-IDs that it refers to
    stage: str | None = None
    number: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    deadline: date | None = None
    deadline_rolled: date | None = None
    deadline_quote: str = ""
    first_warning_on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A draft that was filed for a letter of a case, and what became of it."""

    letter: str
    kind: str
    message_id: str
    folder: str
    fence: Fence | None = None
    filed_at: datetime | None = None
    fate: Fate = Fate.WAITING


@dataclass(frozen=True, slots=True)
class Census:
    """How much of what the ledger holds: letters by account, label ("" while undecided) and stage; filings by account,
    draft or sheet, and step."""

    letters: Mapping[tuple[str, str, Stage], int]
    filings: Mapping[tuple[str, str, Step], int]

    def of(self, account: str) -> Census:
        """The share of one account."""
        return Census(
            {key: number for key, number in self.letters.items() if key[0] == account},
            {key: number for key, number in self.filings.items() if key[0] == account},
        )

    def letters_at(self, stage: Stage) -> int:
        """How many letters stand there."""
        return sum(number for (_, _, place), number in self.letters.items() if place is stage)

    def filings_at(self, *steps: Step) -> int:
        """How many filings have come so far."""
        return sum(number for (_, _, step), number in self.filings.items() if step in steps)


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a letter (or, with a kind, of one of its filings) in the ledger: what happened, when and to what."""

    id: int
    account: str
    letter: str
    label: str | None
    kind: str | None
    origin: str
    target: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail of the user's own, in Sent, that answers a letter of a case."""

    letter: str
    message_id: str
    sent_at: datetime
    folder: str
    uidvalidity: int
    uid: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Case:
    """One claim: its letters oldest first, the drafts filed for them, and what the user sent."""

    id: str
    account: str
    room: str
    title: str
    number: str | None
    counterparty: str  # the domain that the first letter came from
    rights_holder: str | None
    standing: Standing
    letters: tuple[CaseLetter, ...]
    drafts: tuple[CaseDraft, ...] = ()
    answers: tuple[Answer, ...] = ()
    closed_at: datetime | None = None  # by the user; a later letter opens it again
