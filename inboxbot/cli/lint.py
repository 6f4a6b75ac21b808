"""`inboxbot lint`: what a reply must never say, looked for in a template or an edited draft."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from inboxbot.cli import options


@click.command("lint")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@options.common
def command(files: tuple[str, ...], config_path: str | None) -> int:  # noqa: ARG001 - every verb has --config
    """Check reply templates (.j2) and edited drafts (.eml, text): admissions, promises, links, blanks left broken.

    Of a template also what would be refused at the start: syntax, unknown values, missing includes.
    """
    failed = False
    for name in files:
        try:
            problems = list(_problems(Path(name)))
        except OSError as error:
            failed = True
            click.echo(f"inboxbot: {name}: cannot be read: {error.strerror}", err=True)
            continue
        failed = failed or bool(problems)
        for line in problems or [f"{name}: nothing to object to"]:
            click.echo(line)
    return 1 if failed else 0


def _problems(path: Path) -> Iterator[str]:
    from inboxbot.issuers.lint import lint_draft
    from inboxbot.issuers.templates import open_beside

    raw = path.read_bytes()
    if path.suffix == ".j2":
        yield from open_beside(path).problems_of(path.name)
        return
    for problem in lint_draft(path.name, raw):
        yield f"{path}:{problem.line}: {problem.why} (“{problem.excerpt}”, {problem.rule})"
