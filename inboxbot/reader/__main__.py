"""The reader itself: loads the judge and the rooms, confines itself, then understands one mail after another."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from inboxbot import wire
from inboxbot.errors import LetterError, SetupError
from inboxbot.flow import glance, understand
from inboxbot.issuers.room import Room, open_rooms
from inboxbot.letter import language
from inboxbot.letter.parse import read_letter
from inboxbot.model.features import sights
from inboxbot.model.judge import open_judge
from inboxbot.model.names import Names
from inboxbot.ports import Judge, Ocr
from inboxbot.reader.frames import read_frame, write_frame
from inboxbot.reader.known import known
from inboxbot.reader.limits import SCANS, TEXT, arm_cpu, confine, in_force
from inboxbot.reader.ocr import find_ocr
from inboxbot.reader.process import Answer, Furniture, Question, Ready, Seen, What


def main() -> int:
    """Serve letters from standard input until it ends; answers go to standard output, nothing else does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business: it ends us by closing the pipe
    logging.disable(logging.CRITICAL)  # libraries quote the letter in their warnings
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print must not look like an answer
    first = read_frame(stdin)
    if first is None:
        return 0
    furniture = wire.loads(Furniture, first)
    ocr = find_ocr() if furniture.ocr else None
    limits = SCANS if ocr else TEXT
    try:
        rooms = open_rooms(
            [Path(p) for p in furniture.rooms], Path(furniture.templates) if furniture.templates else None
        )
        judge = open_judge(Path(furniture.models_dir) if furniture.models_dir else None, known(rooms))
        language.ready()
        confine(limits)
        problems = tuple(filter(None, [in_force(limits)]))
    except SetupError as error:
        write_frame(stdout, wire.dumps(Ready(None, ocr=False, problems=error.problems)))
        return 78
    write_frame(stdout, wire.dumps(Ready(judge.model, ocr=ocr is not None, problems=problems)))
    while (line := read_frame(stdin)) is not None and (mails := read_frame(stdin)) is not None:
        arm_cpu(limits)
        write_frame(stdout, wire.dumps(answer(wire.loads(Question, line), mails, judge, rooms, ocr)))
    return 0


def answer(question: Question, mails: bytes, judge: Judge, rooms: Mapping[str, Room], ocr: Ocr | None) -> Answer:
    """What was asked for, or why there is none: in words that hold nothing of the letter."""
    try:
        match question.what:
            case What.READ:
                return Answer(reading=understand(mails, question.brief, judge, rooms, ocr))
            case What.GLANCE:
                return Answer(glance=glance(_apart(mails, question.sizes), question.brief, judge, rooms))
            case What.SEE:
                letter = read_letter(mails, ocr)
                return Answer(seen=Seen(letter.language, sights(letter, Names(known(rooms)))))
    except LetterError as error:
        return Answer(error=str(error))
    except MemoryError:
        return Answer(error="reading needed more memory than it may have")
    except Exception as error:  # noqa: BLE001 - whatever the letter provoked is this letter's failure alone
        return Answer(error=f"reading failed with {type(error).__name__} in {_place(error)}")


def _apart(mails: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    start = 0
    for size in sizes:
        yield mails[start : start + size]
        start += size


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"


if __name__ == "__main__":
    sys.exit(main())
