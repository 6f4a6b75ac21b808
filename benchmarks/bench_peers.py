"""Raw mail to verdict beside SpamAssassin's spamd and bogofilter, the same mails, one at a time (G3).

Needs Debian's spamassassin, spamd, spamc and bogofilter. bogofilter is taught from every second mail of the training data
which are letters; its verdicts on the others are printed, for it is the filter that a user could have instead.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import mailroom

from inboxbot.reader.process import Furniture, ReaderProcess
from inboxbot.records import Brief

MAILS, ROUNDS, PORT = 300, 5, "7835"


def main() -> None:
    missing = [name for name in ("spamd", "spamc", "bogofilter") if shutil.which(name) is None]
    if missing:
        sys.exit(f"not measured: {', '.join(missing)} missing (apt-get install spamassassin spamd spamc bogofilter)")
    mails = mailroom.ordinary(MAILS)
    reader = ReaderProcess(Furniture(ocr=False))
    with tempfile.TemporaryDirectory() as home, spamd(home):
        taught(home)
        says(home)
        glancing = Brief(glance=True)
        ways: dict[str, Callable[[bytes], object]] = {
            "inboxbot": lambda raw: reader.read(raw, glancing),
            "spamd": lambda raw: piped(["spamc", "-p", PORT, "-c"], raw),
            "bogofilter": lambda raw: piped(["bogofilter", "-t", "-d", home], raw),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for way in ways.values():
            took(mails[:20], way)
        for _ in range(ROUNDS):
            for name, way in ways.items():
                some = mails[:30] if name == "spamd" else mails  # it takes long
                times[name].append(took(some, way) / len(some))
        bulk = [bulky(home, mails) / len(mails) for _ in range(ROUNDS)]
    reader.close()
    print(", ".join(f"{name} {min(each) * 1e3:.1f} ms a mail" for name, each in times.items()))
    ours = times["inboxbot"]
    mailroom.told("G3 times as fast as spamd", [b / a for a, b in zip(ours, times["spamd"], strict=True)])
    mailroom.told(
        "G3 times as fast as bogofilter, a process a mail",
        [b / a for a, b in zip(ours, times["bogofilter"], strict=True)],
    )
    mailroom.told("G3 times as fast as bogofilter in bulk", [b / a for a, b in zip(ours, bulk, strict=True)])


def took(mails: Sequence[bytes], way: Callable[[bytes], object]) -> float:
    """Seconds for all of them."""
    began = time.perf_counter()
    for raw in mails:
        way(raw)
    return time.perf_counter() - began


def piped(command: list[str], raw: bytes) -> bytes:
    """What a filter says of a mail."""
    return subprocess.run(command, input=raw, capture_output=True, check=False).stdout


def bulky(home: str, mails: Sequence[bytes]) -> float:
    """Seconds for bogofilter over a directory of these mails."""
    folder = Path(home) / "bulk"
    folder.mkdir(exist_ok=True)
    for number, raw in enumerate(mails):
        (folder / str(number)).write_bytes(raw)
    names = "\n".join(str(folder / str(number)) for number in range(len(mails))).encode()
    began = time.perf_counter()
    piped(["bogofilter", "-t", "-d", home, "-b"], names)
    return time.perf_counter() - began


def taught(home: str) -> None:
    """Teach bogofilter every second mail: letters as its spam, others as its ham."""
    for path in sorted(mailroom.LETTERS.glob("*/*.eml"))[::2]:
        piped(["bogofilter", "-n" if path.parent.name == "other" else "-s", "-d", home], path.read_bytes())


def says(home: str) -> None:
    """Print how well bogofilter does on the other half."""
    rest = sorted(mailroom.LETTERS.glob("*/*.eml"))[1::2]
    told = [
        (path.parent.name != "other", piped(["bogofilter", "-t", "-d", home], path.read_bytes())[:1]) for path in rest
    ]
    letters = [verdict for is_letter, verdict in told if is_letter]
    others = [verdict for is_letter, verdict in told if not is_letter]
    print(
        f"bogofilter, taught half the training data, on the other half: of {len(letters)} letters {letters.count(b'S')} "
        f"found, {letters.count(b'U')} unsure; of {len(others)} others {others.count(b'S')} taken for letters, {others.count(b'U')} unsure"
    )


@contextlib.contextmanager
def spamd(home: str) -> Iterator[None]:
    """SpamAssassin's daemon, local tests only, one child."""
    command = ["spamd", "-L", "-m", "1", "-p", PORT, "-H", home, "--max-conn-per-child", "100000", "-s", "null"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while piped(["spamc", "-p", PORT, "-K"], b"") == b"" and child.poll() is None:
            time.sleep(0.3)
        yield
    finally:
        child.terminate()
        child.wait()


if __name__ == "__main__":
    main()
