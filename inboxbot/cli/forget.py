"""`inboxbot forget`: what was said of a letter counts no more, and nothing of it is kept to learn from."""

from __future__ import annotations

import click

from inboxbot.cli import build, options
from inboxbot.errors import LetterError


@click.command("forget")
@click.argument("key", metavar="KEY")
@options.common
def command(key: str, config_path: str | None) -> int:
    """Forget the label of the letter KEY (its first characters will do) and remove it from the pile."""
    config = options.required(config_path)
    gestures, pile = build.gestures(config), build.pile(config)
    keys = {each.letter for each in gestures.every()} | {kept.key for kept in pile.letters()}
    meant = [each for each in keys if each.startswith(key)]
    if len(meant) != 1:
        why = "several labelled letters begin so" if meant else "no labelled letter has this key"
        raise LetterError(f"{key}: {why}")
    gestures.forget(meant[0])
    pile.forget(meant[0])
    click.echo(f"{meant[0][:8]}: forgotten; the next lesson learns without it")
    return 0
