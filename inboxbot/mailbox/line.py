"""The line to an IMAP server: every command ends by its deadline and reads no more than it was told to expect.

`imaplib` alone waits per received piece, so that a server dripping one byte a second holds LOGIN as long as it likes, and
it allocates whatever a literal announces: `{4000000000}` reserved 4.2 GB (both measured, reliability study §2.2).
"""

from __future__ import annotations

import imaplib
import socket
import ssl
import time
from typing import Any

from imapclient import IMAPClient

from inboxbot.stop import Stop

LONGEST_PUSH = 1_000_000
A_PART = 0.1  # seconds for the rest of what has begun to arrive
PIECE = 1 << 18
SLACK = 1 << 20  # what may come beside the announced mails: flags of other clients, long folder lists

_KEEPALIVE = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4), ("TCP_USER_TIMEOUT", 60_000))


class Line(imaplib.IMAP4):
    """imaplib's connection with a deadline and an allowance of bytes, both set anew by `allow` for each command."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, seconds: float) -> None:
        """Connect (with TLS from the first byte if there is a context) and read the greeting, all within `seconds`."""
        self._context = context
        self._inbound = bytearray()
        self.round_trips = self.received = 0
        self.allow(seconds)
        super().__init__(host, port)

    def allow(self, seconds: float, announced: int = 0) -> None:
        """What is read from now on must come within `seconds` and be no more than `announced` bytes and some slack."""
        self._patience = seconds
        self._ends = time.monotonic() + seconds
        self._allowance = announced + SLACK

    def _create_socket(self, timeout: float | None = None) -> socket.socket:  # noqa: ARG002 - the deadline counts
        sock = socket.create_connection((self.host, self.port), self._left())
        # Without it each APPEND and each SEARCH with a string waits 45 ms for a delayed ACK (Nagle; measured on Cyrus).
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEPALIVE:
            if hasattr(socket, name):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        return self._secured(sock, self._context) if self._context else sock

    def _secured(self, sock: socket.socket, context: ssl.SSLContext) -> socket.socket:
        sock.settimeout(self._left())
        try:
            return context.wrap_socket(sock, server_hostname=self.host)
        except BaseException:
            sock.close()
            raise

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """Begin TLS; what the server said in clear beyond its OK is an injection and ends the connection."""
        assert ssl_context is not None
        typ, data = self._simple_command("STARTTLS")
        if typ != "OK":
            raise self.error(f"STARTTLS failed: {data[0]!r}")
        if self._inbound:  # CVE-2011-0411 and its many kin
            raise self.abort("the server spoke in clear after STARTTLS")
        self.sock = self._secured(self.sock, ssl_context)
        self._get_capabilities()
        return typ, data

    def _left(self) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"no complete answer within {self._patience:.0f} s")
        return left

    def _receive(self) -> bool:
        """Take in one more piece; false at the end of the stream."""
        self.sock.settimeout(self._left())
        try:
            piece = self.sock.recv(PIECE)
        except TimeoutError:
            raise TimeoutError(f"no answer within {self._patience:.0f} s") from None
        self._inbound += piece
        self.received += len(piece)
        self._allowance -= len(piece)
        if self._allowance < 0:
            raise self.abort("the server sent more than it had announced")
        return bool(piece)

    def readline(self) -> bytes:
        """One line with its end, or what came before the end of the stream."""
        looked = 0
        while (end := self._inbound.find(b"\n", looked)) < 0:
            looked = len(self._inbound)
            if not self._receive():
                return self._taken(looked)
        return self._taken(end + 1)

    def read(self, size: int) -> bytes:
        """A literal of `size` bytes; one beyond the allowance is refused before a byte of it is stored."""
        if size > len(self._inbound) + self._allowance:
            raise self.abort(f"the server announced {size} bytes where {max(self._allowance, 0)} were expected at most")
        while len(self._inbound) < size:
            if not self._receive():
                raise self.abort("the connection ended within a mail")
        return self._taken(size)

    def _taken(self, size: int) -> bytes:
        taken = bytes(memoryview(self._inbound)[:size])
        del self._inbound[:size]
        return taken

    @property
    def certificate_ends(self) -> float | None:
        """When the certificate of the other side ends, in seconds of the epoch; None in clear text."""
        if not isinstance(self.sock, ssl.SSLSocket):
            return None
        told = self.sock.getpeercert() or {}
        ends = told.get("notAfter")
        return float(ssl.cert_time_to_seconds(ends)) if isinstance(ends, str) else None

    def whisper(self, seconds: float, stop: Stop) -> bytes | None:
        """The next line if it comes within `seconds` and before the stop, else None: for IDLE, where silence is no failure."""
        ends = min(time.monotonic() + seconds, self._ends)
        while b"\n" not in self._inbound:
            if stop.is_set() or (left := ends - time.monotonic()) <= 0:
                return None
            if not self._has_decrypted() and not stop.or_readable(self.sock, left):
                continue
            self.sock.settimeout(A_PART)
            try:
                piece = self.sock.recv(PIECE)
            except TimeoutError:  # of TLS, a part of a record, or a record that holds no words
                continue
            if not piece:
                raise self.abort("socket error: EOF")
            self._inbound += piece
            if len(self._inbound) > LONGEST_PUSH:
                raise self.abort(f"a line of more than {LONGEST_PUSH} bytes")
        return self.readline()

    def _has_decrypted(self) -> bool:
        return isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0

    def send(self, data: bytes) -> None:  # type: ignore[override]  # imaplib sends bytes only
        """Send all of it within the deadline."""
        self.round_trips += 1
        pieces = memoryview(data)
        for start in range(0, len(data), PIECE):
            self.sock.settimeout(self._left())
            self.sock.sendall(pieces[start : start + PIECE])

    def _log(self, line: str) -> None:
        """imaplib keeps the last commands in memory, LOGIN with its password too; this does not."""


class Client(IMAPClient):  # type: ignore[misc]  # untyped
    """imapclient over a `Line`."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, seconds: float) -> None:
        """Connect and read the greeting within `seconds`."""
        self._seconds = seconds
        super().__init__(host, port, ssl=context is not None, ssl_context=context)
        self.line.debug = 0  # imapclient sets 5, which formats every mail for a log nobody reads: 5x slower on big ones
        self.normalise_times = False

    def _create_IMAP4(self) -> Line:  # noqa: N802 - imapclient's own seam
        return Line(self.host, self.port, self.ssl_context, self._seconds)

    def _set_read_timeout(self) -> None:
        """The line sets its own, by its deadline."""

    @property
    def line(self) -> Line:
        """The connection below."""
        line: Line = self._imap
        return line
