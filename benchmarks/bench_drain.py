"""A backlog drained by the whole service, against batches of 200 fetched, parsed by compat32 and turned into text."""

from __future__ import annotations

import threading
import time
from email import message_from_bytes

import mailroom

from inboxbot.daemon.watch import Pulse
from tests.servers import imapservers
from tests.servers.imapservers import Server

MAILS, ROUNDS = 1000, 5


def main() -> None:
    mails = mailroom.backlog(MAILS)
    ratios = []
    with imapservers.dovecot() as server:
        for _ in range(ROUNDS):
            user = mailroom.fresh_user()
            client = server.client(user)
            for raw in mails:
                client.append("INBOX", raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            client.logout()
            floor = drain(server, user)
            with mailroom.service(server, user) as watch:
                began = time.perf_counter()
                watch.once(threading.Event(), Pulse())
                whole = time.perf_counter() - began
            print(f"service {MAILS / whole:.0f} mails/s, raw drain {MAILS / floor:.0f} mails/s")
            ratios.append(floor / whole)
    mailroom.told("throughput of the service, as a share of the raw drain", ratios)


def drain(server: Server, user: str) -> float:
    """The floor: seconds to fetch everything in batches and have its text."""
    client = server.client(user)
    began = time.perf_counter()
    client.select_folder("INBOX", readonly=True)
    uids = client.search()
    for start in range(0, len(uids), 200):
        for mail in client.fetch(uids[start : start + 200], ["BODY.PEEK[]"]).values():
            message = message_from_bytes(mail[b"BODY[]"])
            for part in message.walk():
                if part.get_content_maintype() == "text":
                    (part.get_payload(decode=True) or b"").decode("utf-8", "replace")
    took = time.perf_counter() - began
    client.logout()
    return took


if __name__ == "__main__":
    main()
