"""From exec to ready: the reader and the commands that only print, against a process that imports scikit-learn (G6), and
how much memory the daemon and its reader hold against that process (G7)."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from email.message import EmailMessage

import mailroom

from inboxbot.reader.process import Furniture, ReaderProcess
from inboxbot.records import Brief

ROUNDS = 7
BARE = (
    "from sklearn.feature_extraction.text import TfidfVectorizer; from sklearn.linear_model import LogisticRegression"
)
_MIB = 1 << 20


def main() -> None:
    ready, printing = [], []
    for _ in range(ROUNDS):
        bare = lasting([sys.executable, "-c", BARE])
        ready.append(lasting_reader() / bare)
        printing.append(lasting([sys.executable, "-m", "inboxbot", "--version"]) / bare)
    mailroom.told("G6 reader ready to judge, as a share of importing scikit-learn", ready)
    mailroom.told("G6 inboxbot --version, as a share of it", printing)
    bare_size = size_of_bare()
    reader = ReaderProcess(Furniture(ocr=False))
    try:
        assert reader.ready
        rest = mailroom.resident(reader)
        reader.read(mailroom.letter(), Brief())
        print(
            f"the reader holds {rest / _MIB:.0f} MB at rest, {mailroom.resident(reader) / _MIB:.0f} MB after a letter"
        )
        mailroom.told("G7 reader at rest, as a share of scikit-learn alone", [rest / bare_size])
        large = with_attachment()
        reader.read(large, Brief())
        mailroom.told("G7 memory for a mail of 24 MB, as times its size", [(peak(reader) - rest) / len(large)])
    finally:
        reader.close()


def lasting(command: list[str]) -> float:
    """Seconds from exec to the end."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=mailroom.ROOT)
    return time.perf_counter() - began


def lasting_reader() -> float:
    """Seconds until a reader says that it is ready."""
    began = time.perf_counter()
    reader = ReaderProcess(Furniture(ocr=False))
    try:
        assert reader.ready
        return time.perf_counter() - began
    finally:
        reader.close()


def size_of_bare() -> int:
    """Bytes that scikit-learn's text features and linear models hold once imported."""
    script = f"{BARE}; print(int(open('/proc/self/statm').read().split()[1]) * {resource.getpagesize()})"
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return int(told.stdout)


def with_attachment() -> bytes:
    """A letter with as large an attachment as is fetched whole."""
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "case@copytrack.com", "Copytrack case 4KD82P"
    letter.set_content("Your case number at Copytrack is 4KD82P.")
    letter.add_attachment(os.urandom(18_000_000), maintype="application", subtype="zip", filename="pictures.zip")
    return letter.as_bytes()


def peak(reader: ReaderProcess) -> int:
    """The most that the reader's process has held, in bytes."""
    lines = mailroom.about(reader, "status").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
