"""`inboxbot classify`: what is understood of mails in files; no network, no store."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from inboxbot.cli import build, options
from inboxbot.cli.shape import shape
from inboxbot.cli.words import summary
from inboxbot.errors import LetterError
from inboxbot.records import Brief, Receiver


@click.command("classify")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line (docs/contract.md).")
@click.option("--authserv-id", metavar="ID", help="Trust the Authentication-Results of this server.")
@options.common
def command(files: tuple[str, ...], as_json: bool, authserv_id: str | None, config_path: str | None) -> int:
    """Read mails (RFC 5322; `-` is standard input) and print what was understood."""
    config = options.optional(config_path)
    brief = Brief(identity=config.identity.record(), receiver=Receiver(authserv_id=authserv_id))
    brief = replace(brief, ours=frozenset({brief.identity.address.lower()} - {""}))
    reader = build.reader(config)
    failed = False
    try:
        for path, raw in _mails(files):
            try:
                if isinstance(raw, LetterError):
                    raise raw
                reading = reader.read(raw, brief)
            except LetterError as error:
                failed = True
                click.echo(f"inboxbot: {path}: {error}", err=True)
                continue
            click.echo(json.dumps(shape(path, reading), ensure_ascii=False) if as_json else summary(path, reading))
    finally:
        reader.close()
    return 1 if failed else 0


def _mails(files: tuple[str, ...]) -> Iterator[tuple[str, bytes | LetterError]]:
    for path in files:
        try:
            yield path, sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        except OSError as error:
            yield path, LetterError(f"cannot be read: {error.strerror}")
