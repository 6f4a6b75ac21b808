"""`inboxbot worker`: one of many processes that share the mailboxes."""

from __future__ import annotations

import click

from inboxbot.cli import build, options
from inboxbot.errors import SetupError


@click.command("worker")
@click.option("--jobs", type=click.IntRange(1, 6), default=4, show_default=True, help="Sweeps at a time.")
@click.option(
    "--per-host",
    type=click.IntRange(1, 10_000),
    default=4,
    show_default=True,
    help="Logins or sweeps at a time at one host, of all workers together.",
)
@options.common
def command(jobs: int, per_host: int, config_path: str | None) -> int:
    """Sweep the mailboxes beside other workers, on any machine; the store must be a PostgreSQL that all share."""
    config = options.required(config_path)
    if not config.store.url.startswith("postgresql"):
        raise SetupError(["workers share a PostgreSQL: set [store] url = postgresql+psycopg://USER:PASSWORD@HOST/NAME"])
    if unshared := [account.name for account in config.account if account.host is None]:
        raise SetupError([f'account "{unshared[0]}" is a Maildir of one machine: workers sweep mailboxes at hosts'])
    try:
        from inboxbot.fleet.worker import Post, Worker
    except ImportError:
        raise SetupError(["workers need libraries more: run pip install 'inboxbot[workers]'"]) from None
    ledger, reader = build.ledger(config), build.reader(config)
    try:
        reader.ready  # noqa: B018 - a model or a room that cannot be opened is told before any mailbox is
        watches = build.watches(config, ledger, reader, claiming=False)
        posts = [Post(watch, str(account.host)) for watch, account in zip(watches, config.account, strict=True)]
        return Worker(posts, build.store(config), width=jobs, per_host=per_host).run()
    finally:
        reader.close()
