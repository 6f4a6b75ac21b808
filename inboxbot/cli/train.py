"""`inboxbot train`: a candidate from the training data, measured, on the shelf."""

from __future__ import annotations

from pathlib import Path

import click

from inboxbot.cli import build, options, progress


@click.command("train")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Training letters (default: packaged).",
)
@click.option(
    "--shelf", "folder", type=click.Path(file_okay=False, path_type=Path), help="Another shelf than the configured one."
)
@click.option("--promote", is_flag=True, help="Make the candidate the current model.")
@options.common
def command(data: Path | None, folder: Path | None, promote: bool, config_path: str | None) -> int:
    """Train a candidate model, measure it by cross-validation, and put it on the shelf."""
    from inboxbot.model import dataset, shelf
    from inboxbot.model.train import train

    config = options.optional(config_path)
    rooms = build.known_rooms(config)
    examples = dataset.load(data or dataset.packaged_data(), rooms, progress.bar("reading letters"))
    where = folder or config.models_dir
    version, report = train(examples, rooms, where, progress.bar("cross-validating"))
    click.echo(f"candidate {version}: {len(examples)} letters")
    click.echo(progress.figures(report))
    if promote:
        shelf.promote(where, version)
        click.echo(f"promoted: {version} is the current model")
    else:
        click.echo(f"to use it: inboxbot models promote {version}")
    return 0
