"""`inboxbot label`: say what a letter is, without moving it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from inboxbot.cli import build, options
from inboxbot.config import Config
from inboxbot.errors import LetterError
from inboxbot.learn.collect import FROM_FILE
from inboxbot.learn.labels import LABEL
from inboxbot.learn.pile import Kept
from inboxbot.letter.identity import letter_key
from inboxbot.records import OTHER, Entry, Gesture


@click.command("label")
@click.argument("what", metavar="FILE|KEY")
@click.option("--as", "label", required=True, metavar="LABEL", help="The room, or other.")
@options.common
def command(what: str, label: str, config_path: str | None) -> int:
    """Say what the letter in FILE, or the one with this KEY in the store, is: this counts at once, and beats any folder."""
    config = options.required(config_path)
    known = (*build.known_rooms(config).names, OTHER)
    label = label.casefold()
    if label not in known:
        raise click.UsageError(f"no label is called {label}: there are {', '.join(known)}")
    raw = _raw(what)
    entry = _entry(config, what, raw)
    if entry is not None:
        gesture = Gesture(entry.account, "", "", 0, 0, entry.key, LABEL, label, datetime.now(UTC))
        build.gestures(config).note(gesture)
        click.echo(f"{entry.key[:8]} is {label}: the next sweep acts on it")
    elif raw is not None:
        key = _keep(config, raw, label)
        click.echo(f"{key[:8]} is {label}: the next lesson learns from it (inboxbot forget {key[:8]} takes it back)")
    else:
        raise LetterError(f"{what}: neither a file nor the key of a letter in the store")
    return 0


def _raw(what: str) -> bytes | None:
    path = Path(what)
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise LetterError(f"{what}: cannot be read: {error.strerror}") from None


def _entry(config: Config, what: str, raw: bytes | None) -> Entry | None:
    """The letter in the store: by its key, or because the file is one of those that were read there."""
    ledger = build.ledger(config)
    if raw is None:
        return ledger.entry(what)
    found = (ledger.entry(letter_key(account.label, raw)) for account in config.account)
    return next(filter(None, found), None)


def _keep(config: Config, raw: bytes, label: str) -> str:
    reader = build.reader(config)
    try:
        seen = reader.see(raw)
    finally:
        reader.close()
    key = letter_key(FROM_FILE, raw)
    folder = "inboxbot label"
    kept = Kept(key, label, FROM_FILE, folder, datetime.now(UTC), seen.language, seen.sights)
    build.pile(config).keep(kept, raw)
    return key
