"""`inboxbot retry`: the only way out of quarantine."""

from __future__ import annotations

import click

from inboxbot.cli import build, options
from inboxbot.errors import StoreError


@click.command("retry")
@click.argument("key", metavar="KEY")
@options.common
def command(key: str, config_path: str | None) -> int:
    """Take the letter KEY (its first characters will do) out of quarantine; the next sweep tries it again."""
    ledger = build.ledger(options.required(config_path))
    entry = ledger.entry(key)
    if entry is None:
        click.echo(f"inboxbot: no letter {key}: see `inboxbot quarantine list`", err=True)
        return 1
    try:
        ledger.retry(entry.key)
    except StoreError:
        click.echo(
            f"inboxbot: letter {key} is {entry.stage.value}: only letters set aside or left silent can be retried",
            err=True,
        )
        return 1
    click.echo(f"{entry.key[:8]} will be tried again in the next sweep")
    return 0
