"""The folder for the lawyer: whole, checkable, readable, and harmless to unpack."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest

from inboxbot.cases.case import case_letter, taken_in
from inboxbot.cases.dossier import Papers, archive
from inboxbot.records import Case, CaseDraft, Fate, Filing, Reading
from tests.cases.readings import FACTS, NOW, reading
from tests.cases.test_case import ME, answer

KEY = "first".ljust(64, "0")
MAIL = (
    b"From: case@copytrack.com\r\nSubject: Case\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nPlease.\r\n"
    b'--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="../../etc/passwd"\r\n\r\n%PDF-1\r\n'
    b'--b\r\nContent-Type: application/x-msdownload\r\nContent-Disposition: attachment; filename="proof.exe"\r\n\r\nMZ\r\n'
    b"--b--\r\n"
)
DRAFT = Filing(
    KEY,
    "draft:evidence",
    "<draft@localhost.invalid>",
    "Drafts",
    (),
    b"Subject: Re: Case\r\n\r\nHello\r\n",
    intended_at=NOW,
)


def papers(language: str = "en", mail: bytes | None = MAIL, **changes: object) -> Papers:
    read: Reading = reading(**changes)
    case: Case = taken_in([], ME, read, case_letter(KEY, read, NOW))
    sent = replace(answer("first", 0), sent_at=NOW + timedelta(days=3))
    draft = CaseDraft(KEY, "draft:evidence", DRAFT.message_id, "Drafts", filed_at=NOW, fate=Fate.SENT)
    case = replace(case, answers=(sent,), drafts=(draft,))
    return Papers(case, {KEY: mail}, {KEY: read}, [DRAFT], {sent.message_id: b"Subject: Re\r\n\r\nMine\r\n"})


def unpacked(given: Papers, language: str = "en") -> dict[str, bytes]:
    _, packed = archive(given, language, date(2025, 11, 2))
    with zipfile.ZipFile(io.BytesIO(packed)) as folder:
        return {name: folder.read(name) for name in folder.namelist()}


def test_it_holds_the_mails_as_they_came() -> None:
    files = unpacked(papers())
    assert files["letters/01-2025-10-15-notice.eml"] == MAIL
    assert files["drafts/01-evidence.eml"] == DRAFT.raw
    assert files["sent/01-2025-10-18.eml"] == b"Subject: Re\r\n\r\nMine\r\n"


def test_every_file_has_its_checksum() -> None:
    files = unpacked(papers())
    told = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS"].decode().splitlines())
    assert told == {
        name: hashlib.sha256(raw).hexdigest() for name, raw in files.items() if name not in ("SHA256SUMS", "index.html")
    }
    assert all(digest in files["index.html"].decode() for digest in told.values())


def test_facts_stand_with_their_passages() -> None:
    (told,) = json.loads(unpacked(papers())["facts.json"])
    assert told["facts"]["case_number"] == "K7Q2XB"
    assert told["facts"]["evidence"]["case_number"]["quote"] == "case number K7Q2XB"


def test_the_timeline_tells_what_came_and_what_went_in_order() -> None:
    rows = list(csv.reader(io.StringIO(unpacked(papers())["timeline.csv"].decode())))
    assert [row[1] for row in rows[1:]] == [
        "first demand (case@copytrack.com)",
        "draft prepared (sent by you)",
        "sent by you",
        "deadline",
    ]


def test_attachments_lie_beside_their_letter_and_nowhere_else() -> None:
    files = unpacked(papers())
    assert files["letters/01-attachments/passwd.pdf"] == b"%PDF-1"
    assert not [name for name in files if ".." in name or name.startswith("/") or name.endswith(".exe")]


@pytest.mark.parametrize(
    ("named", "media_type", "file"),
    [
        ("invoice.pdf.exe", "application/pdf", "invoice.pdf.exe.pdf"),
        ("scan.PDF", "application/octet-stream", "scan.pdf"),
        ("CON.png", "image/png", "_CON.png"),
        ("C:\\\\windows\\\\a.txt", "text/plain", "a.txt"),
        ("\u202efdp.exe", "image/jpeg", "_fdp.exe.jpg"),
        ("x" * 300 + ".png", "image/png", "x" * 100 + ".png"),
        ("...", "text/plain", "unnamed.txt"),
    ],
)  # fmt: skip
def test_an_attachment_opens_as_what_its_name_ends_in(named: str, media_type: str, file: str) -> None:
    mail = MAIL.replace(b"application/pdf", media_type.encode()).replace(b"../../etc/passwd", named.encode())
    assert [name for name in unpacked(papers(mail=mail)) if "attachments" in name] == [f"letters/01-attachments/{file}"]


@pytest.mark.parametrize(
    ("named", "media_type"),
    [("page.svg", "image/svg+xml"), ("page.html", "text/html"), ("x.docm", "application/vnd.ms-word"), ("a.zip", "application/zip")],
)  # fmt: skip
def test_what_could_run_stays_inside_its_mail(named: str, media_type: str) -> None:
    mail = MAIL.replace(b"application/pdf", media_type.encode()).replace(b"../../etc/passwd", named.encode())
    files = unpacked(papers(mail=mail))
    assert not [name for name in files if "attachments" in name]
    assert files["letters/01-2025-10-15-notice.eml"] == mail


def test_two_attachments_that_differ_in_capitals_alone_are_two_files() -> None:
    part = (
        b'--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="%s.pdf"\r\n\r\n%%PDF-1\r\n'
    )
    mail = MAIL.replace(b"--b--\r\n", part % b"Claim" + part % b"CLAIM" + b"--b--\r\n")
    names = [name for name in unpacked(papers(mail=mail)) if "attachments" in name]
    assert len({name.casefold() for name in names}) == len(names) == 3


@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_the_index_is_readable_and_asks_for_nothing_from_outside(language: str) -> None:
    index = unpacked(papers(), language)["index.html"].decode()
    assert "K7Q2XB" in index
    assert "Linden Picture Agency" in index
    assert "http" not in index.replace("hxxp", "")


def test_markup_in_a_letter_is_text_in_the_index() -> None:
    files = unpacked(papers(facts=replace(FACTS, rights_holder="<script>x</script>")))
    assert "<script>" not in files["index.html"].decode()


def test_a_subject_is_no_formula_in_a_spreadsheet() -> None:
    head = replace(reading().head, subject='=HYPERLINK("x")')
    assert b"'=HYPERLINK" in unpacked(papers(head=head))["timeline.csv"]


def test_a_mail_that_is_gone_is_named() -> None:
    missing, _ = archive(papers(mail=None), "en", date(2025, 11, 2))
    assert missing == ["Case K7Q2XB"]
    files = unpacked(papers(mail=None))
    assert "This mail is no longer in the mailbox." in files["index.html"].decode()
    assert not [name for name in files if name.startswith("letters/")]


def test_the_same_papers_are_the_same_bytes() -> None:
    assert archive(papers(), "en", date(2025, 11, 2)) == archive(papers(), "en", date(2025, 11, 2))
