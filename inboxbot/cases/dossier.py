"""A case as a folder for the lawyer: the mails as they came, what they say and where, what was drafted and what was sent.

Pure: the mails' bytes go in, named files come out; whoever asks writes them into a .zip.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes
from unicodedata import normalize
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import re2

from inboxbot import wire
from inboxbot.cases.case import due, stage_of, status_of
from inboxbot.cases.page import page
from inboxbot.cases.rows import Row, Section, Told
from inboxbot.cases.words import DOSSIER, STAGES, STANDING, STATUS, clock, scenario_in_words
from inboxbot.issuers.wording import day, money
from inboxbot.letter.header import words
from inboxbot.records import Answer, Case, CaseLetter, Fate, Filing, Reading

ENDINGS = {  # what is taken out of a mail, and the ending by which it opens as what it is
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/tiff": ".tif",
    "image/bmp": ".bmp",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/msword": ".doc",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}

_PLAIN = (*ENDINGS.values(), ".jpeg", ".tiff", ".heic")
_UNSAFE = re2.compile(r"[^\pL\pN._ -]+")
_DEVICE = re2.compile(r"(?i)^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")  # no file on Windows can be called so
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Papers:
    """Everything that is known of a case: None where a mail is not in the mailbox any more."""

    case: Case
    letters: Mapping[str, bytes | None]  # by letter key
    readings: Mapping[str, Reading]
    drafts: Sequence[Filing]
    answers: Mapping[str, bytes | None]  # by Message-ID


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    at: datetime
    what: str
    about: str
    file: str = ""


def archive(papers: Papers, language: str, today: date) -> tuple[list[str], bytes]:
    """The folder as a .zip, and what of the case is not in the mailbox any more; the same papers are the same bytes."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as folder:
        for name, content in dossier(papers, language, today):
            folder.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, ZIP_DEFLATED)
    missing = [letter.subject for letter in papers.case.letters if papers.letters.get(letter.key) is None]
    missing += [answer for answer, raw in papers.answers.items() if raw is None]
    return missing, packed.getvalue()


def dossier(papers: Papers, language: str, today: date) -> Iterator[tuple[str, bytes]]:
    """The files of the folder, the index first and the checksums last."""
    kept = list(_mails(papers, language))
    files = {name: raw for event, raw in kept if (name := event.file) and raw is not None}
    files |= dict(_attachments(papers))
    events = sorted((event for event, _ in kept), key=lambda event: event.at)
    files["timeline.csv"] = _timeline(events, papers)
    files["facts.json"] = _facts(papers)
    sums = {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()}
    index = page(
        "dossier.html.j2",
        language=language,
        say=DOSSIER[language],
        title=_title(papers.case, language),
        head=_head(papers.case, language),
        timeline=[(day(event.at.date(), language), event) for event in events],
        letters=[_letter(papers, letter, number, language) for number, letter in enumerate(papers.case.letters, 1)],
        sums=sums,
        made=day(today, language),
    )
    yield "index.html", index.encode()
    yield from files.items()
    yield "SHA256SUMS", "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()


def _mails(papers: Papers, language: str) -> Iterator[tuple[Event, bytes | None]]:
    say, case = DOSSIER[language], papers.case
    for number, letter in enumerate(case.letters, 1):
        raw = papers.letters.get(letter.key)
        stage = STAGES[language].get(letter.stage or "", say["letter"])
        name = f"letters/{number:02}-{letter.sent_at:%Y-%m-%d}-{letter.stage or 'letter'}.eml"
        yield Event(letter.sent_at, f"{stage} ({letter.sender})", letter.subject, name if raw else ""), raw
    for filing in papers.drafts:
        number = next(n for n, letter in enumerate(case.letters, 1) if letter.key == filing.letter)
        fate = next((d.fate for d in case.drafts if (d.letter, d.kind) == (filing.letter, filing.kind)), Fate.WAITING)
        reply = filing.kind.partition(":")[2]
        scenario = scenario_in_words(reply, language)
        name = f"drafts/{number:02}-{_safe(reply)}.eml"
        if filing.intended_at is not None:
            yield Event(filing.intended_at, say["drafted"].format(fate=say[fate.value]), scenario, name), filing.raw
    for number, answer in enumerate(_distinct(case.answers), 1):
        raw = papers.answers.get(answer.message_id)
        name = f"sent/{number:02}-{answer.sent_at:%Y-%m-%d}.eml"
        yield Event(answer.sent_at, say["sent"], answer.message_id, name if raw else ""), raw


def _distinct(answers: Sequence[Answer]) -> list[Answer]:
    """One mail may answer several letters."""
    return list({answer.message_id: answer for answer in answers}.values())


def _attachments(papers: Papers) -> Iterator[tuple[str, bytes]]:
    """The letters' attachments of plain kinds; programs, pages and archives stay inside the mail."""
    for number, letter in enumerate(papers.case.letters, 1):
        taken: set[str] = set()
        for place, (name, content) in enumerate(_parts(papers.letters.get(letter.key) or b""), 1):
            unique = name if name.casefold() not in taken else f"{place}-{name}"
            taken.add(unique.casefold())
            yield f"letters/{number:02}-attachments/{unique}", content


def _parts(raw: bytes) -> Iterator[tuple[str, bytes]]:
    for part in message_from_bytes(raw).walk():
        name = words(str(part.get_filename() or ""))
        ending = _ending(name, part.get_content_type())
        if not name or not ending or part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            yield _safe(name, ending), content


def _ending(name: str, media_type: str) -> str:
    """The ending of a file that is taken out; "" for one that is not: neither name nor type tells of something plain."""
    said = next((ending for ending in _PLAIN if name.strip().lower().endswith(ending)), "")
    return said or ENDINGS.get(media_type, "")


def _safe(name: str, ending: str = "") -> str:
    """A name that is one file in one folder on every system, and is opened as what it ends in."""
    plain = normalize("NFC", _UNSAFE.sub("_", name.replace("\\", "/").rpartition("/")[2])).strip(" .")
    stem = plain[: -len(ending)] if ending and plain.lower().endswith(ending) else plain
    stem = stem.encode()[:_LONGEST].decode(errors="ignore").strip(" .") or "unnamed"
    return f"{'_' if _DEVICE.search(stem) else ''}{stem}{ending}"


def _timeline(events: Sequence[Event], papers: Papers) -> bytes:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["at", "what", "about", "file"])
    for event in events:
        table.writerow([event.at.isoformat(), *map(cell, (event.what, event.about)), event.file])
    for letter in papers.case.letters:
        if letter.deadline:
            table.writerow([letter.deadline.isoformat(), "deadline", cell(letter.deadline_quote), ""])
    return out.getvalue().encode()


def cell(words: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{words}" if words[:1] in "=+-@\t\r" and words else words


def _facts(papers: Papers) -> bytes:
    told = [
        {
            "letter": letter.key,
            "sent_at": letter.sent_at.isoformat(),
            "stage": letter.stage,
            "facts": wire.to_plain(reading.facts),
        }
        for letter in papers.case.letters
        if (reading := papers.readings.get(letter.key))
    ]
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _title(case: Case, language: str) -> str:
    number = f" · {case.number}" if case.number else ""
    return f"{case.title}{number} · {STATUS[language][status_of(case)]}"


def _head(case: Case, language: str) -> Section:
    say, asked = DOSSIER[language], due(case)
    stage = STAGES[language].get(stage_of(case) or "")
    amount = next((letter for letter in reversed(case.letters) if letter.amount is not None), None)
    rows = [
        Row(case.rights_holder or "", say["rights_holder"]),
        Row(case.counterparty, say["counterparty"]),
        Row(STANDING[language][case.standing], say["trust"]),
        Row(stage or "", say["stage"]),
        Row(_sum(amount, language), say["asked"]),
        Row(
            day(asked.deadline, language) if asked and asked.deadline else "",
            say["deadline"],
            asked.deadline_quote if asked else "",
            clock(asked.stage if asked else None, language),
        ),
    ]
    return Section("", tuple(row for row in rows if row.text))


def _sum(letter: CaseLetter | None, language: str) -> str:
    if letter is None or letter.amount is None or not letter.currency:
        return ""
    return money(letter.amount, letter.currency, language)


def _letter(papers: Papers, letter: CaseLetter, number: int, language: str) -> tuple[str, tuple[Section, ...]]:
    title = f"{number}. {STAGES[language].get(letter.stage or '', DOSSIER[language]['letter'])}, {day(letter.sent_at.date(), language)}"
    reading = papers.readings.get(letter.key)
    if reading is None:
        return title, ()
    told = Told(reading.facts, language)
    sections = (
        Section(DOSSIER[language]["sums"], tuple(told.sums())),
        Section(DOSSIER[language]["facts"], tuple(told.rows())),
        Section(DOSSIER[language]["trust"], tuple(Row(reason) for reason in reading.trust.reasons)),
    )
    return title, tuple(section for section in sections if section.rows)
