"""Kills the program at its n-th step: before and after every commit of the store and every word to the server.

What a kill leaves behind is as with SIGKILL: what was committed stays, what was sent is finished by the server, and
nothing else happens. The recovery is a new run on the same store and account.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import random
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import structlog

from inboxbot.daemon.sweep import Beat, sweep
from inboxbot.errors import MailboxError
from inboxbot.letter.identity import filing_message_id, letter_key
from inboxbot.mailbox.imap import ImapMailbox
from inboxbot.ports import Ledger
from inboxbot.records import Stage, Step
from inboxbot.store.engine import open_store
from inboxbot.store.ledger import SqlLedger
from tests.contracts.mailbox_contract import mail
from tests.doubles.desk import DRAFT, SHEET, Clock, desk
from tests.servers import faultproxy as fault
from tests.servers.imapservers import Server
from tests.servers.imapworld import ImapWorld

BEAT = Beat("office", ("INBOX",), "all")
CLAIM, LUNCH, OTHER_CLAIM = mail("a"), mail("b", Subject="Lunch"), mail("c")
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
        self.directory = directory
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
        engine = open_store("sqlite:///state.db", self.directory)
        try:
            yield SqlLedger(engine, self.clock)
        finally:
            engine.dispose()

    def lose_store(self, template: Path) -> None:
        """Somebody deleted it."""
        for file in self.directory.iterdir():
            file.unlink()
        shutil.copy(template, self.directory / "state.db")

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

    def run_cut(self, rule: fault.Rule) -> bool:
        """Sweep the mailbox over a line that fails so; whether the run ended well all the same."""
        self.world.wire.script = [[rule]]
        with self.ledger() as ledger, contextlib.suppress(MailboxError):
            with contextlib.closing(self.world.open(sheets="Cases")) as mailbox:
                sweep(BEAT, mailbox, ledger, desk("Drafts", "Cases", now=self.clock), lambda: False, lambda: None)
            return True
        return False

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


# --- the APPEND dialogue, byte by byte --------------------------------------------------------------------------------


def cut_in_append(direction: fault.Direction, count: int) -> fault.Rule:
    """End the connection once exactly `count` bytes have passed in this direction since the first APPEND began."""
    began, passed = False, 0

    def rule(dialogue: fault.Dialogue, way: fault.Direction, data: bytes) -> bytes:
        nonlocal began, passed
        began |= way == "up" and b" APPEND " in data
        if not began or way != direction:
            return data
        left, passed = count - passed, passed + len(data)
        if len(data) >= left:
            dialogue.send(way, data[: max(left, 0)])
            raise fault.CutError
        return data

    return rule


def append_lengths(trials: Trials) -> dict[fault.Direction, int]:
    """How many bytes go up and come down from the first APPEND to the end of a run's filings."""
    with trials.trial() as trial:
        assert trial.run_cut(lambda _, __, data: data)
        [dialogue] = trial.world.wire.dialogues
        up, down = bytes(dialogue.said["up"]), bytes(dialogue.said["down"])
    tag = up[: up.index(b" APPEND ")].rpartition(b"\n")[2]
    told = re.search(rb"\r\n([^\r\n]*\r\n)" + re.escape(tag) + b" OK", down)
    assert told is not None
    logout = up.index(b" LOGOUT") if b" LOGOUT" in up else len(up)
    return {"up": logout - up.index(tag + b" APPEND "), "down": len(down) - told.start(1)}


# --- a real process, killed -------------------------------------------------------------------------------------------


def sweep_once(port: int, user: str, directory: Path, now: datetime) -> None:
    """What the process that is killed does: one sweep, as `inboxbot run --once` makes it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    world = ImapWorld(port, user)
    ledger = SqlLedger(open_store("sqlite:///state.db", directory), lambda: now)
    with contextlib.closing(world.open(sheets="Cases", port=port)) as mailbox:
        sweep(BEAT, mailbox, ledger, desk("Drafts", "Cases", now=lambda: now), lambda: False, lambda: None)


class Killer:
    """Starts sweeps in processes of their own and kills them at random moments."""

    def __init__(self, trials: Trials, seed: int) -> None:
        self.kills = 0
        self._trials, self._dice = trials, random.Random(seed)
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(["tests.interruptions"])
        self._span = 0.4  # seconds that a whole run takes, about

    def torment(self, kills: int = 2) -> None:
        """One account, killed so often (a letter that stopped the program three times would be set aside), then let be."""
        with self._trials.trial() as trial:
            trial.world.deliver(OTHER_CLAIM)
            for _ in range(kills):
                self.kills += self._ended(trial, self._dice.uniform(0, self._span)) == -signal.SIGKILL
            assert self._ended(trial, None) == 0
            for name in ("a", "c"):
                key = letter_key(trial.account, mail(name))
                draft, sheet = filing_message_id(key, DRAFT), filing_message_id(key, SHEET)
                assert (trial.copies(draft), trial.copies(sheet)) == (["Drafts"], ["Cases"])
            assert set(trial.filings().values()) == {Step.FILED}

    def _ended(self, trial: Trial, after: float | None) -> int | None:
        """A sweep, killed after so many seconds or never; its exit code, once the server is done with it too."""
        trial.clock.advance(minutes=1)
        world = trial.world
        arguments = (world.wire.port, world.user, trial.directory, trial.clock())
        process = self._processes.Process(target=sweep_once, args=arguments)
        started = time.monotonic()
        process.start()
        process.join(after)
        if process.exitcode is None:
            process.kill()
            process.join()
        elif after is None:
            self._span = 0.9 * self._span + 0.1 * (time.monotonic() - started)
        while not world.wire.settled():
            time.sleep(0.005)
        return process.exitcode
