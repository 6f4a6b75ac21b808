"""`inboxbot run`: the service."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial

import click
import structlog

from inboxbot.cli import build, options
from inboxbot.config import Config
from inboxbot.daemon.lock import lock_account
from inboxbot.daemon.notify import Notifier
from inboxbot.daemon.status import ServiceStatus
from inboxbot.daemon.supervise import Supervisor, Tell, drain
from inboxbot.daemon.teach import Teacher
from inboxbot.daemon.watch import Watch
from inboxbot.errors import SetupError
from inboxbot.reader.process import ReaderProcess
from inboxbot.store.ledger import SqlLedger

log = structlog.get_logger()


@click.command("run")
@click.option("--once", is_flag=True, help="Drain every mailbox and exit.")
@click.option("--dry-run", is_flag=True, help="Change nothing: print what would be done with the last 30 days.")
@options.common
def command(once: bool, dry_run: bool, config_path: str | None) -> int:
    """Watch the mailboxes and file drafts; never sends, never edits, never deletes."""
    config = options.required(config_path)
    if dry_run:
        return _rehearse(config)
    held: dict[str, int] = {}
    _hold(config, held)
    stop = threading.Event()
    ledger, reader = build.ledger(config), build.reader(config)
    try:
        reader.ready  # noqa: B018 - a model or a room that cannot be opened is told before any mailbox is
        watches = build.watches(config, ledger, reader)
        listeners = build.listeners(config, ledger)
        if once:
            return drain(watches, partial(_tell, listeners))
        if herald := build.herald(config, ledger):
            listeners.append(herald)
            herald.start(stop)
        teacher = Teacher(build.lesson(config))
        teacher.start(stop)
        reload = partial(_reload, config, config_path, held, ledger, reader, teacher)
        return Supervisor(watches, reload, Notifier(), partial(_tell, listeners)).run()
    finally:
        stop.set()
        reader.close()


def _tell(listeners: Sequence[Tell], status: ServiceStatus) -> None:
    for listener in listeners:
        listener(status)


def _hold(config: Config, held: dict[str, int]) -> None:
    """Hold every account for the life of this process, also one that a later configuration leaves out: it may be at work yet."""
    for account in config.account:
        if account.label not in held:
            held[account.label] = lock_account(config.state_dir, account.label, account.name)


def _reload(
    started: Config,
    config_path: str | None,
    held: dict[str, int],
    ledger: SqlLedger,
    reader: ReaderProcess,
    teacher: Teacher,
) -> Sequence[Watch]:
    """The watches of the configuration as it is now; SetupError leaves the old ones at work."""
    config = options.required(config_path)
    if config.store.url != started.store.url:
        raise SetupError(["[store] url is another one now: restart the service, or put the old one back"])
    trial = build.reader(config)
    try:
        trial.ready  # noqa: B018 - a room or model that does not load must not end the service
    finally:
        trial.close()
    _hold(config, held)
    reader.refurnish(build.furniture(config))
    teacher.lesson = build.lesson(config)
    for section in ("metrics", "webhook"):
        if getattr(config, section) != getattr(started, section):
            log.warning("read at the start only", section=section, mend="restart the service")
    return build.watches(config, ledger, reader)


def _rehearse(config: Config) -> int:
    from inboxbot.daemon.rehearse import rehearse

    reader = build.reader(config)
    try:
        codes = [
            rehearse(
                account.name, build.opener(config, account, read_only=True), account.inbox, reader,
                build.brief(config, account), click.echo,
            )
            for account in config.account
        ]  # fmt: skip
    finally:
        reader.close()
    return max(codes)
