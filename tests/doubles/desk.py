"""A desk for tests of what lies around it: a reader that goes by the subject, and a writer of one draft and one sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from inboxbot.errors import LetterError, NoModelError
from inboxbot.letter.compose import draft_message
from inboxbot.letter.identity import filing_message_id
from inboxbot.letter.parse import read_letter
from inboxbot.ports import Desk
from inboxbot.records import Brief, Filing, Glance, Identity, Reading, Reply, Standing, Trust, Verdict

DRAFT, SHEET = "draft:evidence", "sheet:1"


class Clock:
    """A time that passes when told."""

    def __init__(self, start: datetime | None = None) -> None:
        self.now = start or datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


class SubjectReader:
    """ "Case …" is a demand letter, "Poison …" cannot be read, "Bug …" meets a fault of ours, anything else is other."""

    def __init__(self) -> None:
        self.has_model = True
        self.read_subjects: Counter[str] = Counter()
        self.briefs: list[Brief] = []

    def glance(self, raws: Sequence[bytes], brief: Brief) -> Glance:
        subjects = [read_letter(raw).head.subject for raw in raws] if brief.glance else []
        if any(subject.startswith("Poison") for subject in subjects):
            raise LetterError("the reader crashed")
        ordinary = [not subject.startswith(("Case", "Bug")) for subject in subjects] or [False] * len(raws)
        return Glance(tuple(ordinary), ordinary_reading())

    def read(self, raw: bytes, brief: Brief) -> Reading:
        if not self.has_model:
            raise NoModelError("there is no model to judge with")
        head = read_letter(raw).head
        self.read_subjects[head.subject] += 1
        self.briefs.append(brief)
        if head.subject.startswith("Poison"):
            raise LetterError("the reader crashed")
        if head.subject.startswith("Bug"):
            raise ZeroDivisionError
        claim = head.subject.startswith("Case") or brief.label is not None
        label = brief.label or ("copytrack" if claim else "other")
        reply = (
            Reply(brief.scenario or "evidence", "en", None, head.subject, "Please show your rights.") if claim else None
        )
        return Reading(
            head=head,
            verdict=Verdict(label, 0.99, {label: 0.99}, 0.9, 0.2, "test", by_hand=brief.label is not None),
            language="en",
            trust=Trust(Standing.UNVERIFIED, ()),
            reply=reply,
            silence=None if reply else "not a demand letter",
        )


def ordinary_reading() -> Reading:
    """What there is to say of mail that names no issuer."""
    verdict, trust = Verdict("other", 1.0, {"other": 1.0}, 0.9, 0.2, "test"), Trust(Standing.UNVERIFIED, ())
    return Reading(
        head=read_letter(b"").head, verdict=verdict, language=None, trust=trust, silence="it names no issuer"
    )


def writer(drafts: str, sheets: str | None) -> Callable[[str, Reading], Sequence[Filing]]:
    """The draft of a reading's reply, and a sheet where there is a folder for it."""
    identity, date = Identity("Claire Durand", "contact@client.example"), datetime(2026, 3, 2, 12, tzinfo=UTC)

    def write(key: str, reading: Reading) -> Sequence[Filing]:
        filings = []
        if reading.reply is not None:
            kind = f"draft:{reading.reply.scenario}"
            name = filing_message_id(key, kind)
            raw = draft_message(reading.head, reading.reply, identity, name, date)
            filings.append(Filing(key, kind, name, drafts, ("\\Draft", "\\Seen"), raw))
        if sheets is not None and reading.verdict.label != "other":
            name = filing_message_id(key, SHEET)
            raw = f"From: inboxbot@localhost.invalid\r\nSubject: Case sheet\r\nMessage-ID: {name}\r\n\r\nLook.\r\n".encode()
            filings.append(Filing(key, SHEET, name, sheets, (), raw))
        return filings

    return write


def desk(
    drafts: str = "Drafts",
    sheets: str | None = None,
    *,
    reader: SubjectReader | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    brief: Brief | None = None,
    may_file: Callable[[Filing], bool] = lambda _: True,
) -> Desk:
    return Desk(reader or SubjectReader(), brief or Brief(), writer(drafts, sheets), now, may_file)
