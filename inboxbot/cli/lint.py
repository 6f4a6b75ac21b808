"""`inboxbot lint`: what a reply must never say, looked for in a template or an edited draft."""

from __future__ import annotations

from pathlib import Path

import click

from inboxbot.cli import options
from inboxbot.errors import LetterError


@click.command("lint")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@options.common
def command(files: tuple[str, ...], config_path: str | None) -> int:  # noqa: ARG001 - every verb has --config
    """Check reply templates (.j2) and edited drafts (.eml, text): admissions, promises, links, blanks left broken."""
    from inboxbot.issuers.lint import lint_file

    failed = False
    for name in files:
        try:
            problems = lint_file(name, Path(name).read_bytes())
        except OSError as error:
            raise LetterError(f"{name}: cannot be read: {error.strerror}") from None
        for problem in problems:
            failed = True
            click.echo(f"{name}:{problem.line}: {problem.why} (“{problem.excerpt}”, {problem.rule})")
        if not problems:
            click.echo(f"{name}: nothing to object to")
    return 1 if failed else 0
