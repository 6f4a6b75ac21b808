"""A wish to stop that wakes whoever rests on a connection: nobody has to look for it now and then."""

from __future__ import annotations

import select
import socket
import threading


class Stop(threading.Event):
    """An event that can also be waited for beside sockets: once it is set, its `fileno` is readable for good."""

    def __init__(self) -> None:
        super().__init__()
        self._told, self._teller = socket.socketpair()

    def set(self) -> None:
        """From now on; safe to repeat."""
        super().set()
        self._teller.close()

    def fileno(self) -> int:
        """For select(2), poll(2) and their kin."""
        return self._told.fileno()

    def or_readable(self, sock: socket.socket, seconds: float) -> bool:
        """Rest until there is something to read on `sock` (true), the stop is set, or so many seconds have passed."""
        poll = select.poll()  # unlike select(2) it takes any number of open files
        poll.register(self, select.POLLIN)
        poll.register(sock, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll(max(seconds, 0.0) * 1000)}
        return sock.fileno() in ready
