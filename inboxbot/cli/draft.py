"""`inboxbot draft`: the reply that would be filed, as a message."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from inboxbot.cli import build, options
from inboxbot.errors import LetterError
from inboxbot.issuers.wording import LANGUAGES
from inboxbot.letter.compose import draft_message
from inboxbot.letter.identity import filing_message_id, letter_key
from inboxbot.records import Brief


@click.command("draft")
@click.argument("file", metavar="FILE")
@click.option("--scenario", metavar="NAME", help="The reply to write (see `inboxbot issuers list`).")
@click.option("--language", type=click.Choice(LANGUAGES), help="The language of the reply (default: the letter's).")
@options.common
def command(file: str, scenario: str | None, language: str | None, config_path: str | None) -> int:
    """Print the reply that would be filed for the mail in FILE (`-`: standard input), as RFC 5322."""
    config = options.optional(config_path)
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise LetterError(f"{file}: cannot be read: {error.strerror}") from None
    brief = Brief(identity=config.identity.record(), scenario=scenario, language=language, printed=True)
    brief = replace(brief, ours=frozenset({brief.identity.address.lower()} - {""}))
    reader = build.reader(config)
    try:
        reading = reader.read(raw, brief)
    finally:
        reader.close()
    if reading.reply is None:
        click.echo(f"inboxbot: {file}: no draft: {reading.silence}", err=True)
        return 1
    key = letter_key(brief.identity.address, raw)
    message_id = filing_message_id(key, f"draft:{reading.reply.scenario}")
    message = draft_message(reading.head, reading.reply, brief.identity, message_id, datetime.now(UTC))
    sys.stdout.buffer.write(message.replace(b"\r\n", b"\n"))
    sys.stdout.flush()
    return 0
