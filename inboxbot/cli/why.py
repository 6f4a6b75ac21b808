"""`inboxbot why`: the evidence behind a verdict."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from inboxbot.cli import build, options
from inboxbot.cli.words import summary
from inboxbot.errors import LetterError
from inboxbot.records import Brief, Reading


@click.command("why")
@click.argument("what", metavar="FILE|KEY")
@options.common
def command(what: str, config_path: str | None) -> int:
    """Show what a verdict stands on: probabilities, threshold and margin, words, passages, trust reasons."""
    if what == "-" or Path(what).exists():
        reading = _of_file(what, config_path)
    else:
        reading = _of_key(what, config_path)
    click.echo(summary(what, reading))
    for line in _evidence(reading):
        click.echo(f"  {line}")
    return 0


def _of_file(path: str, config_path: str | None) -> Reading:
    config = options.optional(config_path)
    identity = config.identity.record()
    brief = replace(Brief(identity=identity, explain=True), ours=frozenset({identity.address.lower()} - {""}))
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise LetterError(f"{path}: cannot be read: {error.strerror}") from None
    reader = build.reader(config)
    try:
        return reader.read(raw, brief)
    finally:
        reader.close()


def _of_key(key: str, config_path: str | None) -> Reading:
    ledger = build.ledger(options.required(config_path))
    entry = ledger.entry(key)
    reading = ledger.reading(entry.key) if entry else None
    if entry is None:
        raise LetterError(f"{key}: neither a file nor the key of a letter in the store")
    if reading is None:
        raise LetterError(f"{key}: this letter has not been understood yet ({entry.stage.value})")
    return reading


def _evidence(reading: Reading) -> Iterator[str]:
    verdict = reading.verdict
    yield f"model: {verdict.model}"
    yield f"decision: at least {verdict.threshold:.2f}, and {verdict.margin:.2f} before the next"
    for label, probability in sorted(verdict.probabilities.items(), key=lambda item: -item[1]):
        yield f"  {label:<12} {probability:.4f}"
    if verdict.clues:
        yield f"words that counted ({verdict.likely}):"
    for clue in verdict.clues:
        yield f"  {clue.weight:+.3f}  {clue.text}"
    for fact, passage in reading.facts.evidence.items():
        yield f"{fact}: “{passage.quote}” ({passage.source}, rule {passage.rule})"
