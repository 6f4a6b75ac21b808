"""systemd's notification protocol (sd_notify(3)): datagrams to $NOTIFY_SOCKET; nothing happens where there is none."""

from __future__ import annotations

import os
import socket
import time


class Notifier:
    """Tells the service manager how we are; the watchdog is fed only by whoever saw real progress."""

    def __init__(self) -> None:
        self._address = os.environ.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        watchdog = int(os.environ.get("WATCHDOG_USEC", "0")) / 1e6
        self.interval = min(20.0, watchdog / 3) if watchdog else 20.0  # seconds between signs of life

    def ready(self, status: str) -> None:
        """Up, or up again after a reload."""
        self._send(f"READY=1\nSTATUS={status}")

    def alive(self, status: str) -> None:
        """Every account has made progress."""
        self._send(f"WATCHDOG=1\nSTATUS={status}")

    def reloading(self) -> None:
        """The configuration is being read again (the monotonic time is part of the protocol)."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """On the way out."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            try:
                out.sendto(message.encode(), self._address)
            except OSError:
                return  # a manager that went away is no reason to stop reading mail
