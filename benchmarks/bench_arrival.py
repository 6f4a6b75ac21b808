"""Arrival of a letter until its draft lies in Drafts, against a raw client that IDLEs, FETCHes and APPENDs."""

from __future__ import annotations

import contextlib
import statistics
import threading
import time
from typing import Self

import mailroom
from imapclient import IMAPClient

from tests.servers import imapservers
from tests.servers.imapservers import Server

ROUNDS = 12


def main() -> None:
    with imapservers.dovecot() as server:
        ours, raw = mailroom.fresh_user(), mailroom.fresh_user()
        times: dict[str, list[float]] = {"inboxbot": [], "raw client": []}
        with mailroom.service(server, ours) as watch, mailroom.watching(watch), RawClient(server, raw):
            for number in range(ROUNDS + 2):  # two to warm up
                for name, user in (("inboxbot", ours), ("raw client", raw)):
                    took = arrival(server, user)
                    if number >= 2:
                        times[name].append(took)
        for name, taken in times.items():
            print(f"{name}: p50 {statistics.median(taken) * 1000:.0f} ms, worst {max(taken) * 1000:.0f} ms")
        mailroom.told(
            "G5 arrival to draft, as times a raw client", [a / b for a, b in zip(*times.values(), strict=True)]
        )


def arrival(server: Server, user: str) -> float:
    """Seconds from the delivery by LMTP to the draft, as another client of the mailbox sees it."""
    client = server.client(user)
    before = client.folder_status("Drafts", ["MESSAGES"])[b"MESSAGES"]
    began = time.perf_counter()
    server.deliver(user, mailroom.letter())
    while client.folder_status("Drafts", ["MESSAGES"])[b"MESSAGES"] == before:
        time.sleep(0.001)
    took = time.perf_counter() - began
    client.logout()
    return took


class RawClient:
    """The floor: it sees the push, fetches the mail and appends something, and knows nothing."""

    def __init__(self, server: Server, user: str) -> None:
        self._client: IMAPClient = server.client(user)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._until_closed, daemon=True)

    def __enter__(self) -> Self:
        self._client.select_folder("INBOX", readonly=True)
        self._thread.start()
        time.sleep(0.5)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._client.shutdown()

    def _until_closed(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # the line is closed under its IDLE
            self._run()

    def _run(self) -> None:
        seen = 0
        while not self._stop.is_set():
            uids = self._client.search()  # asked each time: imapclient may miss a push that is glued to the "+"
            for mail in self._client.fetch(uids[seen:], ["BODY.PEEK[]"]).values() if uids[seen:] else ():
                draft = b"Subject: Re\r\n\r\n" + mail[b"BODY[]"][:2000]
                self._client.append("Drafts", draft, flags=["\\Draft", "\\Seen"])
            if len(uids) == seen:
                self._client.idle()
                self._client.idle_check(timeout=20)
                self._client.idle_done()
            seen = len(uids)


if __name__ == "__main__":
    main()
