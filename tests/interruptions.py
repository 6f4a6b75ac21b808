"""Kills the program at its n-th step: before and after every commit of the store and every word to the server.

What a kill leaves behind is as with SIGKILL: what was committed stays, what was sent is finished by the server, and
nothing else happens. The recovery is a new run on the same store and account.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from inboxbot.daemon.sweep import Beat, sweep
from inboxbot.letter.identity import filing_message_id, letter_key
from inboxbot.mailbox.imap import ImapMailbox
from inboxbot.ports import Ledger
from inboxbot.records import Stage, Step
from inboxbot.store.engine import open_store
from inboxbot.store.ledger import SqlLedger
from tests.contracts.mailbox_contract import mail
from tests.doubles.desk import DRAFT, SHEET, Clock, desk
from tests.servers.imapservers import Server
from tests.servers.imapworld import ImapWorld

BEAT = Beat("office", ("INBOX",), "all")
CLAIM, LUNCH = mail("a"), mail("b", Subject="Lunch")
COMMITTING = {
    "open", "refund", "silent", "plan", "intend", "replan", "filed", "uncertain", "strike", "quarantine", "advance",
    "first_seen",
}  # fmt: skip


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Steps:
    """Counts the steps of a run, and ends it at the n-th."""

    kill_at: int | None = None
    taken: list[str] = field(default_factory=list)

    def step(self, what: str) -> None:
        self.taken.append(what)
        if len(self.taken) == self.kill_at:
            raise Killed(what)


class SteppedLedger:
    """A ledger whose commits are steps."""

    def __init__(self, ledger: Ledger, steps: Steps) -> None:
        self._ledger, self._steps = ledger, steps

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._ledger, name)
        if name not in COMMITTING:
            return method

        def stepped(*args: object, **kwargs: object) -> object:
            self._steps.step(f"before {name}")
            result = method(*args, **kwargs)
            self._steps.step(f"after {name}")
            return result

        return stepped


@contextlib.contextmanager
def stepped(mailbox: ImapMailbox, steps: Steps) -> Iterator[ImapMailbox]:
    """The mailbox, each of whose sendings is a step; at the end the server has finished what it was sent."""
    client = mailbox._session._client
    line = client.line
    send = line.send
    in_literal = False

    def counted(data: bytes) -> None:
        nonlocal in_literal
        command = data.split(b"\r\n")[0].decode("latin-1")
        words = "the literal" if in_literal else command.partition(" ")[2][:40] or "the end of the literal"
        in_literal = command.endswith("}")
        steps.step(f"before {words}")
        send(data)
        steps.step(f"after {words}")

    def finished() -> None:
        with contextlib.suppress(OSError):
            line.sock.shutdown(1)  # no more from us: the server does what it was told, and hangs up
            line.sock.settimeout(10)
            while line.sock.recv(65536):
                pass
        line.sock.close()

    line.send, line.shutdown = counted, finished
    try:
        yield mailbox
    finally:
        mailbox._session._drop()


class Trial:
    """One account with a claim and an ordinary letter, one store on disk, and as many runs as it takes."""

    def __init__(self, world: ImapWorld, directory: Path, template: Path) -> None:
        self.world, self.clock = world, Clock()
        self._directory = directory
        shutil.copy(template, directory / "state.db")
        world.create("Cases")
        world.create("Archive")
        world.deliver(CLAIM)
        world.deliver(LUNCH)
        self.account = f"{world.user}@127.0.0.1"
        key = letter_key(self.account, CLAIM)
        self.draft, self.sheet = filing_message_id(key, DRAFT), filing_message_id(key, SHEET)

    @contextlib.contextmanager
    def ledger(self) -> Iterator[SqlLedger]:
        """The ledger as a new process finds it."""
        engine = open_store("sqlite:///state.db", self._directory)
        try:
            yield SqlLedger(engine, self.clock)
        finally:
            engine.dispose()

    def lose_store(self, template: Path) -> None:
        """Somebody deleted it."""
        for file in self._directory.iterdir():
            file.unlink()
        shutil.copy(template, self._directory / "state.db")

    def run(self, kill_at: int | None = None) -> Steps | None:
        """Sweep the mailbox once; the steps it took, or None if it was killed."""
        steps = Steps(kill_at)
        with self.ledger() as ledger, contextlib.suppress(Killed):
            with stepped(self.world.open(sheets="Cases", port=self.world.port), steps) as mailbox:
                at_work = desk("Drafts", "Cases", now=self.clock)
                sweep(BEAT, mailbox, SteppedLedger(ledger, steps), at_work, lambda: False, lambda: None)  # type: ignore[arg-type]
            return steps
        return None

    def recover(self, kill_at: int | None = None) -> Steps | None:
        """Run again once the grace is over."""
        self.clock.advance(minutes=1)
        return self.run(kill_at)

    def copies(self, message_id: str) -> list[str]:
        """The folders where this lies, each as often as it is there."""
        folders = [name for _, _, name in self.world.person.list_folders()]
        return [folder for folder in folders for name, _ in self.world.held(folder) if name == message_id]

    def filings(self) -> dict[str, Step]:
        """How each filing stands in the ledger, by Message-ID."""
        with self.ledger() as ledger:
            entries = [entry for stage in Stage for entry in ledger.entries(stage)]
            return {filing.message_id: filing.step for entry in entries for filing in entry.filings}

    def assert_done(self) -> None:
        """The state that an undisturbed run ends in."""
        assert (self.copies(self.draft), self.copies(self.sheet)) == (["Drafts"], ["Cases"])
        assert self.filings() == {self.draft: Step.FILED, self.sheet: Step.FILED}
        with self.ledger() as ledger:
            stages = [len(ledger.entries(stage)) for stage in (Stage.SETTLED, Stage.SILENT)]
            assert (stages, ledger.unfinished(self.account), ledger.awaiting(self.account)) == ([1, 1], [], [])
        assert [flags - {"\\Recent"} for _, flags in self.world.held("Drafts")] == [{"\\Draft", "\\Seen"}]
        assert not any("\\Seen" in flags for _, flags in self.world.held("INBOX"))


class Trials:
    """Trials on one server, each with an account and a store of its own, in memory where the system has such a disk."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        memory = Path("/dev/shm")
        where = memory if memory.is_dir() else None
        self._directory = Path(self._stack.enter_context(tempfile.TemporaryDirectory(dir=where)))
        open_store("sqlite:///state.db", self._directory).dispose()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def template(self) -> Path:
        """A store with its tables and nothing in them."""
        return self._directory / "state.db"

    @contextlib.contextmanager
    def trial(self) -> Iterator[Trial]:
        """A new one."""
        name = f"t-{random.getrandbits(48):012x}"
        directory = self._directory / name
        directory.mkdir()
        with ImapWorld(self._server.imap, name) as world:
            yield Trial(world, directory, self.template)
        shutil.rmtree(directory)

    def steps(self) -> list[str]:
        """What an undisturbed run does, step by step."""
        with self.trial() as trial:
            steps = trial.run()
        assert steps is not None
        return steps.taken
