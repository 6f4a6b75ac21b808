"""`inboxbot quarantine`: letters that were set aside, and why."""

from __future__ import annotations

import click

from inboxbot.cli import build, options
from inboxbot.records import Stage


@click.group("quarantine", invoke_without_command=True)
@click.pass_context
@options.common
def command(ctx: click.Context, config_path: str | None) -> None:
    """Letters that could not be read three times and were set aside; they still lie in the mailbox."""
    ctx.obj = config_path
    if ctx.invoked_subcommand is None:
        ctx.invoke(show, config_path=config_path)


@command.command("list")
@options.common
@click.pass_context
def show(ctx: click.Context, config_path: str | None) -> None:
    """List them: key, account, reason."""
    ledger = build.ledger(options.required(config_path or ctx.obj))
    entries = ledger.entries(Stage.QUARANTINED)
    for entry in entries:
        click.echo(f"{entry.key[:8]}  {entry.account}  {entry.last_error}")
    if not entries:
        click.echo("nothing is set aside")


@command.command("show")
@click.argument("key", metavar="KEY")
@options.common
@click.pass_context
def one(ctx: click.Context, key: str, config_path: str | None) -> int:
    """Show where a letter lies and why it was set aside."""
    ledger = build.ledger(options.required(config_path or ctx.obj))
    entry = ledger.entry(key)
    if entry is None:
        click.echo(f"inboxbot: no letter {key}: see `inboxbot quarantine list`", err=True)
        return 1
    place = ledger.location(entry.key)
    click.echo(f"{entry.key}\naccount: {entry.account}\nreason: {entry.last_error}")
    if place:
        click.echo(f"folder: {place.folder}, UID {place.uid}, {place.size} bytes")
    return 0
