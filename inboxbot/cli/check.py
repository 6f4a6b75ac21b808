"""`inboxbot check`: what works, what does not, and the mend."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from inboxbot.cli import options


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding.")
@click.option("--fix", is_flag=True, help="Create and subscribe the bot's own folders where they are missing.")
@options.common
def command(as_json: bool, fix: bool, config_path: str | None) -> int:
    """Look at everything the service needs; exit 0 if it can file drafts."""
    from inboxbot.cli.checkup import look

    failed = False
    for finding in look(options.required(config_path), fix=fix):
        failed = failed or finding.state == "failed"
        if as_json:
            click.echo(json.dumps(asdict(finding), ensure_ascii=False))
            continue
        mark = {"ok": "ok     ", "warning": "warning", "failed": "FAILED "}[finding.state]
        click.echo(f"{mark}  {finding.about:<10} {finding.what:<14} {finding.told}")
        if finding.mend:
            click.echo(f"{'':<9}{'':<10} {'':<14}   → {finding.mend}")
    return 1 if failed else 0
