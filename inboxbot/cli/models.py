"""`inboxbot models`: the shelf."""

from __future__ import annotations

from pathlib import Path

import click

from inboxbot.cli import options
from inboxbot.errors import SetupError


@click.group("models", invoke_without_command=True)
@click.pass_context
@options.common
def command(ctx: click.Context, config_path: str | None) -> None:
    """The shelf of models."""
    ctx.obj = config_path
    if ctx.invoked_subcommand is None:
        ctx.invoke(show, config_path=config_path)


@command.command("list")
@options.common
@click.pass_context
def show(ctx: click.Context, config_path: str | None) -> None:
    """List the versions, the current one marked."""
    from inboxbot.model import shelf

    own = _shelf(ctx, config_path)
    for where, folder in (("yours", own), ("packaged", shelf.packaged_shelf())):
        current = shelf.current(folder)
        for version in shelf.versions(folder):
            card = shelf.card_of(folder, version)
            used = version == current and (where == "yours" or shelf.current(own) is None)
            letters = sum(card.get("counts", {}).values())
            click.echo(f"{'*' if used else ' '} {version}  {where}, {letters} letters, cost {card['report']['cost']}")
            if why := card.get("learning", {}).get("why"):
                click.echo(f"    {why}")


@command.command("promote")
@click.argument("version", metavar="V")
@options.common
@click.pass_context
def promote(ctx: click.Context, version: str, config_path: str | None) -> None:
    """Make a version the current model."""
    from inboxbot.model import shelf

    folder = _shelf(ctx, config_path)
    if version not in shelf.versions(folder):
        raise SetupError([f"no model {version} in {folder}: `inboxbot models list` shows what there is"])
    shelf.promote(folder, version)
    click.echo(f"promoted: {version}")


@command.command("rollback")
@options.common
@click.pass_context
def rollback(ctx: click.Context, config_path: str | None) -> None:
    """Go back to the model before the current one."""
    from inboxbot.model import shelf

    click.echo(f"current again: {shelf.rollback(_shelf(ctx, config_path))}")


@command.command("diff")
@click.argument("version", metavar="V")
@click.option("--last", default=200, show_default=True, help="How many of the latest letters to compare.")
@options.common
@click.pass_context
def diff(ctx: click.Context, version: str, last: int, config_path: str | None) -> None:
    """Show which of the latest letters V would judge otherwise than the model in use; mailboxes are only looked into."""
    from inboxbot.cli import again, build
    from inboxbot.learn.gate import compared
    from inboxbot.model import shelf

    config = options.optional(config_path or ctx.obj)
    if version not in shelf.versions(config.models_dir):
        raise SetupError([f"no model {version} in {config.models_dir}: `inboxbot models list` shows what there is"])
    before, after = shelf.open_current(config.models_dir), shelf.open_model(config.models_dir / version, strict=True)
    if before is None:
        raise SetupError(["there is no model in use to compare with: run `inboxbot models promote V`"])
    letters, gone = again.latest(config, last)
    changed = list(compared(letters, before, after, build.known_rooms(config)))
    for kept, earlier, later in changed:
        said = f"decided {kept.label}" if kept.who == again.BY_JUDGE else f"labelled {kept.label}"
        click.echo(f"{kept.key[:8]}  {said}: {earlier} → {later}")
    click.echo(f"{len(changed)} of {len(letters)} letters would be judged otherwise")
    if gone:
        click.echo(f"{gone} more are not where they were, or cannot be read")


def _shelf(ctx: click.Context, config_path: str | None) -> Path:
    return options.optional(config_path or ctx.obj).models_dir
