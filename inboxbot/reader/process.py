"""The reader as the parent sees it: a process that understands letters and can be killed.

It gets a scrubbed environment and plain bytes, answers JSON, and is replaced when it hangs, crashes or outgrows its
limits: that costs one strike of one letter, never the service.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, cast

from inboxbot import wire
from inboxbot.errors import LetterError, NoModelError, SetupError
from inboxbot.model.features import Sight
from inboxbot.reader.frames import read_frame_until, write_frame
from inboxbot.reader.limits import SCANS, TEXT, Limits
from inboxbot.records import Brief, Glance, Reading

START_SECONDS = 60.0  # importing scikit-learn's numbers on a slow, busy disk


@dataclass(frozen=True, slots=True)
class Furniture:
    """What a reader loads before its first letter: directories as text, empty for what is packaged."""

    models_dir: str = ""
    rooms: tuple[str, ...] = ()
    templates: str = ""
    ocr: bool = True


@dataclass(frozen=True, slots=True)
class Ready:
    """A reader's first answer: the model it judges with (None: none), and whether it can read scans."""

    model: str | None
    ocr: bool
    problems: tuple[str, ...] = ()


class What(StrEnum):
    """What a reader can be asked."""

    READ = "read"
    SEE = "see"
    GLANCE = "glance"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the mails that follow, in one frame and end to end; `sizes` are theirs."""

    what: What
    sizes: tuple[int, ...]
    brief: Brief


@dataclass(frozen=True, slots=True)
class Seen:
    """A letter as the judge sees it, for each room that it names, masked: what learning keeps of it."""

    language: str | None
    sights: Mapping[str, Sight]


@dataclass(frozen=True, slots=True)
class Answer:
    """A reader's answer to one letter: what was asked for, or the reason there is none."""

    reading: Reading | None = None
    glance: Glance | None = None
    seen: Seen | None = None
    error: str | None = None


class ReaderProcess:
    """`ports.Reader` over a child process; may be shared by threads, which take turns."""

    def __init__(self, furniture: Furniture, limits: Limits | None = None) -> None:
        self._furniture = furniture
        self._limits = limits or (SCANS if furniture.ocr else TEXT)
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._ready: Ready | None = None
        self._stamp: tuple[int, ...] = ()

    @property
    def ready(self) -> Ready:
        """What the reader loaded; starts it if need be. SetupError when it cannot start."""
        with self._turn:
            self._start()
            return cast(Ready, self._ready)

    def read(self, raw: bytes, brief: Brief) -> Reading:
        """Understand one mail; LetterError when the reader crashed, hung, outgrew its limits or could not."""
        answer = self._ask(Question(What.READ, (len(raw),), brief), raw)
        if answer.reading is None:
            raise LetterError(answer.error or "the reader gave no answer")
        return answer.reading

    def glance(self, raws: Sequence[bytes], brief: Brief) -> Glance:
        """Tell the mails that name no issuer from the others; LetterError as for `read`."""
        answer = self._ask(Question(What.GLANCE, tuple(map(len, raws)), brief), b"".join(raws))
        if answer.glance is None or len(answer.glance.ordinary) != len(raws):
            raise LetterError(answer.error or "the reader gave no answer")
        return answer.glance

    def see(self, raw: bytes) -> Seen:
        """What learning keeps of one mail; LetterError as for `read`."""
        answer = self._ask(Question(What.SEE, (len(raw),), Brief()), raw)
        if answer.seen is None:
            raise LetterError(answer.error or "the reader gave no answer")
        return answer.seen

    def _ask(self, question: Question, mails: bytes) -> Answer:
        judged = question.what is not What.SEE and question.brief.label is None
        with self._turn:
            child = self._start()
            if judged and cast(Ready, self._ready).model is None:
                self._drop()  # the next try may find a model
                raise NoModelError("there is no model to judge with: run `inboxbot train`, or restore the packaged one")
            deadline = time.monotonic() + self._limits.wall
            watchdog = threading.Timer(self._limits.wall, child.kill)  # a full pipe blocks write: only a kill ends that
            watchdog.start()
            try:
                stdin, stdout = cast(IO[bytes], child.stdin), cast(IO[bytes], child.stdout)
                write_frame(stdin, wire.dumps(question))  # type: ignore[arg-type]
                write_frame(stdin, mails)  # type: ignore[arg-type]
                line = read_frame_until(stdout.fileno(), deadline)
            except TimeoutError:
                self._drop()
                raise LetterError(f"reading took longer than {self._limits.wall:g} s and was stopped") from None
            except OSError:
                line = None
            finally:
                watchdog.cancel()
            if line is None:
                raise LetterError(self._epitaph())
        try:
            return wire.loads(Answer, line)
        except (ValueError, TypeError, KeyError) as error:
            self.close()
            raise LetterError("the reader gave an answer that makes no sense") from error

    def refurnish(self, furniture: Furniture) -> None:
        """Let the next letter find a fresh reader with another model or other rooms."""
        with self._turn:
            self._drop()
            self._furniture = furniture

    def close(self) -> None:
        """End the child, if any, at once: a letter that is being read in another thread has had its turn."""
        if (child := self._child) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        with self._turn:
            self._drop()

    def _start(self) -> subprocess.Popen[bytes]:
        stamp = _stamp(self._furniture)
        if self._child is not None and self._child.poll() is None and stamp == self._stamp:
            return self._child
        self._drop()  # none, a dead one, or one with the model of before: another was promoted between two letters
        self._stamp = stamp
        keep = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TESSDATA_PREFIX", "VIRTUAL_ENV")
        environment = {name: os.environ[name] for name in keep if name in os.environ}
        environment |= {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "inboxbot.reader"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            close_fds=True,
            start_new_session=True,
        )
        self._child = child
        try:
            write_frame(child.stdin, wire.dumps(self._furniture))  # type: ignore[arg-type]
            line = read_frame_until(cast(IO[bytes], child.stdout).fileno(), time.monotonic() + START_SECONDS)
        except (TimeoutError, OSError):
            line = None
        if line is None:
            raise SetupError([f"the reader does not start: {self._epitaph()}"])
        self._ready = wire.loads(Ready, line)
        if self._ready.problems:
            self._drop()
            raise SetupError(self._ready.problems)
        return child

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # its own session: an OCR program dies with it
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                cast(IO[bytes], pipe).close()

    def _epitaph(self) -> str:
        child = self._child
        code = None
        if child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = child.wait(1)
        self._drop()
        if code == -signal.SIGXCPU:
            return f"reading used more than {self._limits.cpu:g} s of processor time and was stopped"
        if code == -signal.SIGXFSZ:
            return "reading tried to write a file and was stopped"
        if code == -signal.SIGKILL:
            return f"reading took longer than {self._limits.wall:g} s and was stopped"
        if code is not None and code < 0:
            return f"the reader crashed ({signal.Signals(-code).name})"
        return f"the reader ended unexpectedly (exit code {code})"


def _stamp(furniture: Furniture) -> tuple[int, ...]:
    """Tells whether another model was promoted: which file `current` is now."""
    try:
        about = (Path(furniture.models_dir) / "current").stat() if furniture.models_dir else None
    except OSError:
        about = None
    return (about.st_ino, about.st_mtime_ns) if about else ()
