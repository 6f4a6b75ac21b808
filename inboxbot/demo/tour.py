"""The tour: a mailbox of its own, the service as it always runs, and the sample post delivered while it watches."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from imapclient import IMAPClient
from rich.console import Console

from inboxbot.daemon.watch import Pulse, Watch
from inboxbot.demo import show
from inboxbot.demo.post import Sample, sample_post
from inboxbot.demo.server import EmbeddedImap
from inboxbot.errors import MailboxError
from inboxbot.letter.identity import letter_key
from inboxbot.records import Entry, Reading, Stage
from inboxbot.stop import Stop

USER = "contact@client.example"
FOLDERS = ("Drafts", "Sent", "Junk", "Trash", "Inboxbot", "Inboxbot/Cases")
PATIENCE = 60.0  # seconds for one letter, on the slowest machine
_OPEN = (Stage.SEEN, Stage.PLANNED)

CONFIGURATION = """\
[identity]
name = "Atelier Durand SARL"
address = "contact@client.example"
signature = "Claire Durand\\ngérante"
kind = "company"
siren = "123 456 782"
language = "en"

[[account]]
name = "demo"
host = "127.0.0.1"
port = {port}
security = "none"
user = "contact@client.example"
password_file = "password"
authserv_id = "mx.client.example"
since = "all"

[store]
url = "sqlite:///{home}/state/state.db"
"""


@dataclass(frozen=True, slots=True)
class Service:
    """The service under the demo's configuration: its watch, and the ledger to look into."""

    watch: Watch
    account: str
    entry: Callable[[str], Entry | None]
    reading: Callable[[str], Reading | None]


@dataclass(frozen=True, slots=True)
class _Client:
    """A mail client of the user's."""

    imap: IMAPClient

    def deliver(self, sample: Sample) -> None:
        self.imap.append("INBOX", sample.raw, msg_time=datetime.now(UTC))

    def drafts(self) -> Mapping[str, bytes]:
        """Message-ID → mail, of what lies in Drafts."""
        self.imap.select_folder("Drafts", readonly=True)
        told = self.imap.fetch(self.imap.search(), ["BODY.PEEK[]", "ENVELOPE"])
        return {mail[b"ENVELOPE"].message_id.decode(): mail[b"BODY[]"] for mail in told.values()}


def tour(open_service: Callable[[Path], Service], console: Console, *, keep: bool) -> int:
    """Run the demo; `open_service` builds the real parts from a configuration file. 0 if every letter was settled."""
    password = secrets.token_urlsafe(9)
    with contextlib.ExitStack() as stack:
        with console.status("starting a mail server of its own on 127.0.0.1 …"):
            server = stack.enter_context(EmbeddedImap({USER: password}, folders=FOLDERS))
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="inboxbot-demo-")))
            os.environ["STATE_DIRECTORY"] = str(home / "state")
            (home / "password").touch(mode=0o600)
            (home / "password").write_text(password, encoding="utf-8")
            (home / "inboxbot.toml").write_text(CONFIGURATION.format(port=server.port, home=home), encoding="utf-8")
            service = open_service(home / "inboxbot.toml")
            client = _Client(stack.enter_context(IMAPClient("127.0.0.1", server.port, ssl=False, timeout=20)))
            client.imap.login(USER, password)
            stack.enter_context(_running(service.watch))
        settled = _deliver_all(service, client, console)
        if keep:
            _keep(console, server.port, password, home)
        else:
            console.print("[dim]Look around in a mail client of yours: inboxbot demo --keep[/dim]")
    return 0 if settled else 1


def _deliver_all(service: Service, client: _Client, console: Console) -> bool:
    console.print("The service is watching. A dozen letters arrive, one after another.\n")
    began, drafts, letters, settled = time.monotonic(), 0, 0, True
    for number, sample in enumerate(sample_post(datetime.now().astimezone()), 1):
        with console.status(f"letter {number}: {sample.name} …"):
            client.deliver(sample)
            entry = _settled(service, letter_key(service.account, sample.raw))
        reading = service.reading(entry.key) if entry else None
        if entry is None or reading is None:
            console.print(f"[red]{sample.name}: not settled within {PATIENCE:g} s[/red]")
            settled = False
            continue
        filed = next((f.message_id for f in entry.filings if f.kind.startswith("draft:")), None)
        draft = client.drafts().get(filed) if filed else None
        show.letter(console, number, sample.raw, reading, draft)
        letters, drafts = letters + 1, drafts + (draft is not None)
    console.rule(style="dim")
    took = time.monotonic() - began
    console.print(
        f"{letters} letters in {took:.1f} s; {drafts} drafts lie in Drafts, nothing was sent, nothing was changed."
    )
    return settled


def _settled(service: Service, key: str) -> Entry | None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        entry = service.entry(key)
        if entry is not None and entry.stage not in _OPEN:
            return entry
        time.sleep(0.02)
    return None


@contextlib.contextmanager
def _running(watch: Watch) -> Iterator[None]:
    stop, pulse = Stop(), Pulse()
    thread = threading.Thread(target=watch.run, args=(stop, pulse), name="demo-watch", daemon=True)
    thread.start()
    end = time.monotonic() + PATIENCE
    while pulse.state != "watching":
        if pulse.error is not None or time.monotonic() > end:
            raise MailboxError(f"the demo's own mailbox could not be watched: {pulse.error or pulse.state}")
        time.sleep(0.02)
    try:
        yield
    finally:
        stop.set()
        thread.join(2)


def _keep(console: Console, port: int, password: str, home: Path) -> None:
    console.print(
        f"\nThe mailbox stays open. In a mail client:\n"
        f"  IMAP server 127.0.0.1, port {port}, no encryption, user {USER}, password {password}\n"
        f"  for example: neomutt -f imap://contact%40client.example@127.0.0.1:{port}/Drafts\n"
        f"In another terminal, the case book: inboxbot cases --config {home}/inboxbot.toml\n"
        "Mail that you put into its INBOX is read like the samples. Ctrl-C ends the demo.",
        highlight=False,
        soft_wrap=True,
    )
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(1)
