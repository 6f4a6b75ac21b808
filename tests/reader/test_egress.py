"""Nothing remote is ever fetched: the kernel is asked (strace) for every socket that reading opens, and where it connects."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

from tests.letter.mails import message, pdf, word
from tests.main_job.service import configured, environment
from tests.servers.imapservers import Server

TORTURE = sorted((Path(__file__).parents[1] / "letter" / "torture").glob("*.eml"))
LETTER = Path(__file__).parents[1] / "main_job" / "copytrack.eml"
REMOTE = "http://egress.example/a"


def luring() -> bytes:
    """A letter of Copytrack's with everything that a mail client might fetch, and a program might follow."""
    page = f"""<html><head><link rel="stylesheet" href="{REMOTE}.css"><base href="{REMOTE}/">
    <meta http-equiv="refresh" content="0;url={REMOTE}"><style>@import url({REMOTE}.css);</style></head>
    <body background="{REMOTE}.png"><p>COPYTRACK GmbH: your case number is A1B2C3. Please pay 350.00 EUR.</p>
    <img src="{REMOTE}.png"><iframe src="{REMOTE}"></iframe><object data="{REMOTE}.pdf"></object><video src="{REMOTE}">
    <svg><image href="{REMOTE}.svg"/></svg><script src="{REMOTE}.js"></script><a href="{REMOTE}">Your case</a></body></html>"""
    made = message(
        None,
        page,
        From="COPYTRACK <case@copytrack.com>",
        Disposition_Notification_To="spy@egress.example",
        List_Unsubscribe=f"<{REMOTE}>",
    )
    made.add_attachment(pdf(f"See {REMOTE}"), maintype="application", subtype="pdf", filename="letter.pdf")
    made.add_attachment(_calling_word(), maintype="application", subtype="octet-stream", filename="letter.docx")
    made.add_attachment(
        b"", maintype="message", subtype="external-body", filename="x", params={"access-type": "URL", "URL": REMOTE}
    )
    return made.as_bytes()


def _calling_word() -> bytes:
    """A Word document whose XML names an external entity, and whose template lies elsewhere."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(word("Case A1B2C3"))) as honest, zipfile.ZipFile(out, "w") as made:
        for name in honest.namelist():
            data = honest.read(name)
            if name == "word/document.xml":
                doctype = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{REMOTE}">]>'.encode()
                data = data.replace(b"?>", b"?>" + doctype, 1).replace(b"Case A1B2C3", b"Case &x;")
            made.writestr(name, data)
    return out.getvalue()


def traced(home: Path, *command: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """The command under strace, and what it and its children asked of the network."""
    log = home / "network"
    strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=%network", "-e", "signal=none", "-o", str(log)]
    done = subprocess.run(
        [*strace, sys.executable, "-m", "inboxbot", *command],
        env=environment(home), cwd=home, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    return done, log.read_text().splitlines()


def test_reading_asks_nothing_of_the_network(tmp_path: Path) -> None:
    (tmp_path / "luring.eml").write_bytes(luring())
    done, asked = traced(tmp_path, "classify", "--json", "luring.eml", str(LETTER), *map(str, TORTURE))
    assert len(done.stdout.splitlines()) == len(TORTURE) + 2, done.stderr
    assert [line for line in asked if "AF_INET" in line] == []


def test_the_service_talks_to_its_mail_server_alone(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    for raw in (luring(), LETTER.read_bytes()):
        dovecot.deliver(user, raw)
    done, asked = traced(tmp_path, "run", "--once", "--config", str(config))
    assert done.returncode == 0, done.stderr
    goes = [line for line in asked if re.search(r"\b(?:connect|sendto|sendmsg|sendmmsg)\(", line) and "AF_INET" in line]
    assert {int(port) for line in goes for port in re.findall(r"htons\((\d+)\)", line)} == {dovecot.imaps}
