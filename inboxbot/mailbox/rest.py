"""Resting on a folder until something may have arrived: IDLE where the server has it, NOOP where not.

imapclient's own IDLE misses what is glued to "+ idling" until DONE, spins after the peer hung up, and gives up on an
answer before the "+" (servers study §6a); hence these lines on the connection itself. What is pushed is a hint, never data.
"""

from __future__ import annotations

import re
import time

from inboxbot.mailbox.line import Client
from inboxbot.stop import Stop

SLICE = 240.0  # NAT forgets a silent line after minutes (reliability study §2.1); RFC 2177's 29 min are the maximum
POLL = 15.0  # NOOP on the examined folder, where there is no IDLE

_PUSH = re.compile(rb"\* (?:\d+ (?:EXISTS|EXPUNGE|FETCH)|VANISHED)", re.IGNORECASE)


def rest(client: Client, seconds: float, stop: Stop, answer_within: float) -> bool:
    """Rest on the examined folder for `seconds`, until the stop or a push; true for a push. Raises when the line is lost."""
    ends = time.monotonic() + seconds
    idle = client.has_capability("IDLE")
    while not stop.is_set() and (left := ends - time.monotonic()) > 0:
        if idle:
            pushed = _idle(client, min(left, SLICE), stop, answer_within)
            if pushed is None:  # announced, but refused
                idle = False
                continue
        else:
            pushed = _poll(client, min(left, POLL), stop, answer_within)
        if pushed:
            return True
    return False


def _idle(client: Client, seconds: float, stop: Stop, answer_within: float) -> bool | None:
    line = client.line
    line.allow(answer_within)
    tag = line._command("IDLE")
    pushed = False
    while not (answer := line.readline()).startswith(b"+"):
        if answer.startswith(tag + b" "):
            line.tagged_commands.pop(tag, None)
            return None
        pushed |= _is_push(answer)
    ends = time.monotonic() + seconds
    line.allow(seconds + answer_within)
    while not pushed and not stop.is_set() and (left := ends - time.monotonic()) > 0:
        whisper = line.whisper(left, stop)
        if whisper is not None:
            pushed = _is_push(whisper)
    line.allow(answer_within)
    line.send(b"DONE\r\n")
    while not (answer := line.readline()).startswith(tag + b" "):
        pushed |= _is_push(answer)
    line.tagged_commands.pop(tag, None)
    return pushed


def _poll(client: Client, seconds: float, stop: Stop, answer_within: float) -> bool:
    if stop.wait(seconds):
        return False
    client.line.allow(answer_within)
    _, told = client.noop()
    return any(len(words) > 1 and words[1] in (b"EXISTS", b"EXPUNGE", b"FETCH") for words in told)


def _is_push(answer: bytes) -> bool:
    if not answer:
        raise ConnectionResetError("the server hung up")
    if answer[:5].upper() == b"* BYE":
        raise ConnectionResetError(answer[2:].decode("utf-8", "replace").strip())
    if not answer.startswith(b"* "):
        raise ValueError(f"unexpected in IDLE: {answer[:80]!r}")
    return _PUSH.match(answer) is not None
