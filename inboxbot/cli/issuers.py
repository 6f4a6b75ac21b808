"""`inboxbot issuers`: the rooms there are, and a check of a new one."""

from __future__ import annotations

from pathlib import Path

import click

from inboxbot.cli import options


@click.group("issuers", invoke_without_command=True)
@click.pass_context
@options.common
def command(ctx: click.Context, config_path: str | None) -> None:
    """The issuer rooms."""
    ctx.obj = config_path
    if ctx.invoked_subcommand is None:
        ctx.invoke(show, config_path=config_path)


@command.command("list")
@options.common
@click.pass_context
def show(ctx: click.Context, config_path: str | None) -> None:
    """List the rooms: label, issuer, replies on offer, examples."""
    from inboxbot.issuers.room import open_rooms

    config = options.optional(config_path or ctx.obj)
    for name, room in open_rooms([config.beside(d) for d in config.issuers.extra_dirs]).items():
        click.echo(f"{name:<12} {room.title}")
        click.echo(f"{'':<12} replies: {', '.join(room.scenarios(None)) or 'none'}")


@command.command("check")
@click.argument("directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.common
def check(directory: Path, config_path: str | None) -> int:  # noqa: ARG001 - every verb has --config
    """Check a new room: its profile, rules, replies and examples."""
    from inboxbot.issuers.room import check_room
    from inboxbot.trust.weigh import weigh

    problems = check_room(directory, weigh)
    for problem in problems:
        click.echo(f"inboxbot: {problem}", err=True)
    if not problems:
        click.echo(f"{directory.name}: a complete room")
    return 1 if problems else 0
