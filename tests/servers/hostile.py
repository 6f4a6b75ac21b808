"""An IMAP server that means harm: it plays a part, and keeps every byte that a client entrusted to it.

A `Play` speaks with one client; what it heard, in clear or under TLS, is `heard`. `answering` is a play that behaves as an
ordinary server with one letter, but for the commands whose answers are given.
"""

from __future__ import annotations

import binascii
import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from typing import Self

from tests.servers.imapservers import PASSWORD

PATIENCE = 20.0  # seconds until a play that waits for its client gives up
LETTER = b"From: a@issuer.example\r\nMessage-ID: <a@issuer.example>\r\nSubject: Case\r\n\r\nPlease pay.\r\n"


class Stage:
    """The server's end of one connection."""

    def __init__(self, sock: socket.socket, heard: bytearray) -> None:
        self._sock, self._heard, self._inbound = sock, heard, b""

    def say(self, text: bytes) -> None:
        """Send this now."""
        self._sock.sendall(text)

    def hear(self) -> bytes:
        """The next line, without its end; EOFError once the client has left."""
        while b"\r\n" not in self._inbound:
            self._receive()
        line, _, self._inbound = self._inbound.partition(b"\r\n")
        return line

    def command(self) -> tuple[bytes, bytes]:
        """The next command as tag and words."""
        tag, _, words = self.hear().partition(b" ")
        return tag, words

    def secure(self, context: ssl.SSLContext) -> None:
        """TLS from here on, as the server."""
        self._sock = context.wrap_socket(self._sock, server_side=True)

    def anything(self) -> None:
        """Wait for bytes of whatever kind."""
        if not self._inbound:
            self._receive()
        self._inbound = b""

    def linger(self) -> None:
        """Keep listening, silently, until the client leaves."""
        while True:
            self._receive()

    def _receive(self) -> None:
        piece = self._sock.recv(65536)
        if not piece:
            raise EOFError
        self._heard += piece
        self._inbound += piece

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(OSError):
            self._sock.close()


Play = Callable[[Stage], object]


class HostileImap:
    """Listens on loopback and plays its part to every client; under TLS from the first byte if given a context."""

    def __init__(self, play: Play, context: ssl.SSLContext | None = None) -> None:
        self._play, self._context = play, context
        self.heard = bytearray()
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def knows_the_password(self) -> bool:
        """Whether the password reached it, plain or as SASL would carry it."""
        heard = bytes(self.heard)
        words = re.findall(rb"[A-Za-z0-9+/]{8,}", heard)
        decoded = (binascii.a2b_base64(word[: len(word) // 4 * 4]) for word in words)
        return any(PASSWORD.encode() in each for each in (heard, *decoded))

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                sock.settimeout(PATIENCE)
                self.connections += 1
                threading.Thread(target=self._meet, args=(sock,), daemon=True).start()

    def _meet(self, sock: socket.socket) -> None:
        stage = Stage(sock, self.heard)
        with contextlib.suppress(OSError, EOFError):
            if self._context is not None:
                stage.secure(self._context)
            self._play(stage)
        stage.close()


Answer = bytes | Callable[[Stage, bytes], object]

_USUAL: Mapping[bytes, bytes] = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\nTAG OK done\r\n",
    b"LIST": b'* LIST (\\HasNoChildren) "/" INBOX\r\n* LIST (\\Drafts) "/" Drafts\r\nTAG OK done\r\n',
    b"EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 2] x\r\nTAG OK [READ-ONLY] done\r\n",
    b"UID SEARCH": b"* SEARCH 1\r\nTAG OK done\r\n",
    b"UID FETCH HEAD": b"* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 100 BODY[HEADER.FIELDS (MESSAGE-ID)] {2}\r\n\r\n)\r\nTAG OK done\r\n",
    b"UID FETCH BODY": b"* 1 FETCH (UID 1 FLAGS () BODY[] {%d}\r\n%s)\r\nTAG OK done\r\n" % (len(LETTER), LETTER),
    b"IDLE": b"* BYE nobody rests here\r\n",
    b"LOGOUT": b"* BYE\r\nTAG OK done\r\n",
}


def answering(answers: Mapping[bytes, Answer], greeting: bytes = b"* OK ready\r\n") -> Play:
    """A play: an ordinary server, except where an answer is given; `TAG` in it is the command's tag."""

    def play(stage: Stage) -> None:
        stage.say(greeting)
        while True:
            tag, words = stage.command()
            what = _what(words)
            answer = answers.get(what, _USUAL.get(what, b"TAG OK done\r\n"))
            if callable(answer):
                answer(stage, tag)
            else:
                stage.say(answer.replace(b"TAG", tag))

    return play


def _what(words: bytes) -> bytes:
    verb = words.upper().split(b" ")[0]
    if verb == b"UID":
        verb = b" ".join(words.upper().split(b" ")[:2])
    if verb == b"UID FETCH":
        return verb + (b" BODY" if b"BODY.PEEK[]" in words else b" HEAD")
    return verb
