"""`inboxbot erase`: takes a letter or a person out of everything that is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from inboxbot.cli import build, options
from inboxbot.letter.header import addresses, fields, first, message_ids, split_head, values


@click.command("erase")
@click.option("--message-id", metavar="ID", help="The letter with this Message-ID, as in its header.")
@click.option("--sender", metavar="ADDR", help="Every letter from this address.")
@options.common
def command(message_id: str | None, sender: str | None, config_path: str | None) -> int:
    """Remove a letter or a person from store, case book and pile; the mailbox itself is never touched.

    A hash stays, by which an erased letter is not drafted again. A model is trained on masked words and holds no person.
    """
    from inboxbot.store.engine import backups, open_store
    from inboxbot.store.erase import erase

    if (message_id is None) == (sender is None):
        raise click.UsageError("give --message-id or --sender, one of them")
    config = options.required(config_path)
    engine, pile = open_store(config.store.url, config.state_dir), build.pile(config)
    keys = erase(engine, message_id=message_id, sender=sender)
    kept = {*keys, *(each.key for each in pile.letters() if _is_meant(pile.raw(each), message_id, sender))}
    piled = sum(pile.forget(key) for key in kept)
    copies = backups(engine)  # an upgrade's copy of the store would still hold it
    for copy in copies:
        copy.unlink()
    click.echo(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC: erased {len(keys)} letter(s)")
    for key in keys:
        click.echo(f"  {key[:16]}: reading, drafts' copies, case book, gestures")
    click.echo(f"  {piled} letter(s) from the pile; {len(copies)} backup(s) of the store removed")
    return 0


def _is_meant(raw: bytes | None, message_id: str | None, sender: str | None) -> bool:
    """Whether a mail that was kept whole to learn from is the letter, or of the person."""
    if raw is None:
        return False
    head = fields(split_head(raw)[0])
    if message_id is not None:
        return message_id in message_ids(first(head, "message-id"))
    return any(each.addr.lower() == (sender or "").lower() for each in addresses(values(head, "from")))
