from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace

from inboxbot.errors import LetterError
from inboxbot.reader.limits import TEXT
from inboxbot.reader.process import Furniture, ReaderProcess
from inboxbot.records import Brief
from tests.letter.mails import mail


def test_a_stop_does_not_wait_for_a_letter_that_is_being_read() -> None:
    reader = ReaderProcess(Furniture(ocr=False), replace(TEXT, wall=3600.0))
    assert reader.ready
    child = reader._child
    assert child is not None
    os.kill(child.pid, signal.SIGSTOP)  # a letter that would take for ever
    outcome: list[object] = []

    def read() -> None:
        try:
            outcome.append(reader.read(mail("x"), Brief(label="copytrack")))
        except LetterError as error:
            outcome.append(error)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    while not reader._turn.locked():
        threading.Event().wait(0.01)
    reader.close()
    thread.join(30)
    assert isinstance(outcome[0], LetterError)
    assert child.poll() == -signal.SIGKILL
