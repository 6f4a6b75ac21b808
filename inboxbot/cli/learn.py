"""`inboxbot learn`: newly labelled letters become a better model, or none, and it says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from inboxbot.cli import build, options


@click.command("learn")
@click.option("--dry-run", is_flag=True, help="Only tell what there is to learn from.")
@click.option(
    "--at-least",
    "least",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    help="Only once so many labelled letters are new: for a timer by day, beside the nightly one.",
)
@click.option(
    "--report",
    "page",
    metavar="FILE.html",
    type=click.Path(path_type=Path),
    help="Write a page about what was studied.",
)
@options.common
def command(dry_run: bool, least: int, page: Path | None, config_path: str | None) -> int:
    """Collect newly labelled letters, train a candidate, measure it, promote or keep, and say why."""
    from inboxbot.cli.outlook import outlook
    from inboxbot.learn.lesson import learn

    config = options.required(config_path)
    school = build.school(config)
    if page is not None:
        school = replace(school, page=page.resolve(), sections=outlook(config))
    said, now = build.gestures(config).every(), datetime.now(UTC)
    result = learn(school, said, now, dry_run=dry_run, least=least, busy=_wait)
    harvest, finding = result.harvest, result.finding
    click.echo(f"{len(harvest.letters)} labelled letters; {harvest.fresh} more were labelled less than a day ago")
    for key in harvest.contradicted:
        click.echo(f"{key[:8]} lies in several label folders: keep one, or inboxbot label {key[:8]} --as LABEL")
    for key, label, likely in finding.doubtful:
        click.echo(
            f"{key[:8]} is labelled {label} but looks like {likely}: confirm it by inboxbot label {key[:8]} --as {label}"
        )
    for note in finding.notes:
        click.echo(note)
    click.echo(finding.why)
    if result.promoted:
        click.echo(f"promoted: {finding.version}")
    if page is not None:
        told = f"written: {page}" if result.studied else f"{page}: not written, since nothing was studied"
        click.echo(told, err=True)
    return 0


def _wait() -> None:
    click.echo("another lesson is at work: this one waits for its end", err=True)
