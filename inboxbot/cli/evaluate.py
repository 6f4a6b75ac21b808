"""`inboxbot evaluate`: a model measured the way it is used."""

from __future__ import annotations

import json
from pathlib import Path

import click

from inboxbot.cli import build, options, progress
from inboxbot.errors import SetupError


@click.command("evaluate")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
@click.option(
    "--report", "page", metavar="FILE.html", type=click.Path(path_type=Path), help="Write a page with pictures."
)
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Letters to measure on.")
@options.common
def command(as_json: bool, page: Path | None, data: Path | None, config_path: str | None) -> int:
    """Measure: with --data the current model on those letters, else the recipe by grouped cross-validation."""
    from inboxbot.model import dataset, evaluate, shelf
    from inboxbot.model.judge import NamedJudge, Rule

    config = options.optional(config_path)
    rooms = build.known_rooms(config)
    bundle = shelf.open_current(config.models_dir)
    rule = bundle.rule if bundle else Rule()
    examples = dataset.load(data or dataset.packaged_data(), rooms, progress.bar("reading letters"))
    if data is None:
        outcomes = evaluate.cross_validate(examples, rooms, progress.bar("cross-validating"))
    elif bundle is None:
        raise SetupError(["there is no model to measure: run `inboxbot train --promote`"])
    else:
        judge = NamedJudge(bundle.weights, bundle.rule, bundle.version, rooms)
        outcomes = [evaluate.outcome(example, judge) for example in examples]
    report = evaluate.report(outcomes, rule)
    click.echo(json.dumps(report.plain(), ensure_ascii=False) if as_json else progress.figures(report))
    if page is not None:
        from inboxbot.cli.outlook import outlook
        from inboxbot.model.page import write_page

        curve = evaluate.learning_curve(examples, rooms, progress.bar("learning curve")) if data is None else None
        write_page(page, outcomes, report, curve, outlook(config))
        click.echo(f"written: {page}", err=True)
    return 0
