"""A backlog drained by the whole service, sandboxed reader and durable commits included.

Ordinary mail with a letter in every hundred, against batches of 200 fetched, parsed by compat32 and turned into text
(goal G1: at least 0.40 of its throughput), and against a plain pipeline: one by one, mail-parser, inscriptis, the model
(G2: at least 5 times its throughput). Then mail of which nearly every one names an issuer: the careful reading's pace.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from email import message_from_bytes

import mailparser
import mailroom
from inscriptis import get_text

from inboxbot.daemon.watch import Pulse
from inboxbot.letter.parse import read_letter
from inboxbot.model.features import sights
from inboxbot.model.judge import open_judge
from inboxbot.model.names import Names
from inboxbot.reader.known import known
from inboxbot.stop import Stop
from tests.servers import imapservers
from tests.servers.imapservers import Server

ORDINARY, NAMING, ROUNDS = 1000, 200, 5


def main() -> None:
    mailroom.quietly()
    with imapservers.dovecot() as server:
        user = mailroom.stocked(server, mailroom.ordinary(ORDINARY))
        plainly = one_by_one()
        drain(server, user), service(server, user)  # to warm up
        shares, times = [], []
        for _ in range(ROUNDS):
            floor, plain, whole = drain(server, user), plainly(server, user), service(server, user)
            shares.append(floor / whole)
            times.append(plain / whole)
        print(f"{ORDINARY} mails, a letter in every hundred: the service takes {ORDINARY / whole:.0f} a second")
        mailroom.told("G1 throughput, as a share of fetching and parsing alone", shares)
        mailroom.told("G2 throughput, as times that of a plain pipeline", times)
        user = mailroom.stocked(server, mailroom.backlog(NAMING))
        whole = min(service(server, user) for _ in range(2))
        print(f"{NAMING} mails that name an issuer: the service takes {NAMING / whole:.0f} a second")


def service(server: Server, user: str) -> float:
    """Seconds for a sweep over all of it, with a store of its own; drafts go to a folder that fills up."""
    with mailroom.service(server, user) as watch:
        began = time.perf_counter()
        watch.once(Stop(), Pulse())
        return time.perf_counter() - began


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


def one_by_one() -> Callable[[Server, str], float]:
    """As one would write it first: each mail fetched, parsed, turned into text and judged; nothing is kept or filed."""
    rooms = known(mailroom.rooms())
    judge = open_judge(None, rooms)
    seen = sights(read_letter(mailroom.letter()), Names(rooms))

    def run(server: Server, user: str) -> float:
        client = server.client(user)
        began = time.perf_counter()
        client.select_folder("INBOX", readonly=True)
        for uid in client.search():
            mail = mailparser.parse_from_bytes(client.fetch(uid, ["BODY.PEEK[]"])[uid][b"BODY[]"])
            _ = [mail.text_plain, [get_text(each) for each in mail.text_html], judge.shared(seen)]
        took = time.perf_counter() - began
        client.logout()
        return took

    return run


if __name__ == "__main__":
    main()
