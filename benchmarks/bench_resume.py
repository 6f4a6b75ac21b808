"""A sweep that finds nothing new, in mailboxes of 1,000 and 100,000 mails, against a bare SELECT of the same one (G8)."""

from __future__ import annotations

import sys
import time

import mailroom

from inboxbot.daemon.watch import Pulse
from inboxbot.stop import Stop
from tests.servers import imapservers
from tests.servers.imapservers import Server

ROUNDS = 7
SIZES = (1_000, 100_000)
MAIL = b"From: a@client.example\r\nTo: b@client.example\r\nSubject: Lunch %d\r\nMessage-ID: <%d@client.example>\r\n\r\nAt noon.\r\n"


def main() -> None:
    mailroom.quietly()
    sizes = [int(arg) for arg in sys.argv[1:]] or SIZES
    with imapservers.dovecot() as server:
        for size in sizes:
            user = filled(server, size)
            with mailroom.service(server, user, since="new") as watch:
                watch.once(Stop(), Pulse())
                resume(server, user, watch, size)


def resume(server: Server, user: str, watch: object, size: int) -> None:
    """Print how long the service's look takes beside a bare SELECT; both sign in each time."""
    ratios = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        client = server.client(user)
        client.select_folder("INBOX", readonly=True)
        client.logout()
        bare = time.perf_counter() - began
        began = time.perf_counter()
        watch.once(Stop(), Pulse())  # type: ignore[attr-defined]
        ratios.append((time.perf_counter() - began) / bare)
    mailroom.told(f"G8 nothing new among {size} mails, as times a sign-in and SELECT", ratios)


def filled(server: Server, size: int) -> str:
    """An account with so many mails, by MULTIAPPEND-sized batches."""
    user = mailroom.fresh_user()
    client = server.client(user)
    for start in range(0, size, 500):
        client.multiappend("INBOX", [MAIL % (n, n) for n in range(start, min(start + 500, size))])
    client.logout()
    return user


if __name__ == "__main__":
    main()
