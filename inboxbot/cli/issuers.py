"""`inboxbot issuers`: the rooms there are, a new one to begin with, and a check of it."""

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


@command.command("new")
@click.argument("name", metavar="NAME")
@click.option("--title", metavar="TEXT", help="How people call the issuer (default: NAME with a capital).")
@click.option(
    "--in",
    "parent",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where its folder is made (default: issuers, beside the configuration).",
)
@options.common
@click.pass_context
def new(ctx: click.Context, name: str, title: str | None, parent: Path | None, config_path: str | None) -> None:
    """Begin a room for an issuer that is not known yet: a folder to fill in, and what to do next."""
    from inboxbot.issuers.examples import FEWEST
    from inboxbot.issuers.room import open_rooms
    from inboxbot.issuers.scaffold import scaffold
    from inboxbot.learn.taught import ENOUGH

    config = options.optional(config_path or ctx.obj)
    rooms = open_rooms([config.beside(d) for d in config.issuers.extra_dirs])
    folder = scaffold(parent or config.beside("issuers"), name, title or name.title(), rooms)
    click.echo(
        f"{folder}: made. Next (docs/add-an-issuer.md):\n"
        f"1. say in {folder / 'issuer.toml'} how its letters are told and read\n"
        f"2. lay {FEWEST} letters or more in {folder / 'examples'}, each with what must come out of it\n"
        f"3. inboxbot issuers check {folder}\n"
        f'4. add "{folder}" to extra_dirs under [issuers] in the configuration; inboxbot check --fix makes its label folder\n'
        f"5. move {ENOUGH} of its letters or more into Inboxbot/Label/{name.title()}: inboxbot learn does the rest"
    )


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
