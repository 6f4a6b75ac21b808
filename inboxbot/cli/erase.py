"""`inboxbot erase`: takes a letter or a person out of everything that is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from inboxbot.cli import options


@click.command("erase")
@click.option("--message-id", metavar="ID", help="The letter with this Message-ID, as in its header.")
@click.option("--sender", metavar="ADDR", help="Every letter from this address.")
@options.common
def command(message_id: str | None, sender: str | None, config_path: str | None) -> int:
    """Remove a letter or a person from store, case book and pile; the mailbox itself is never touched.

    A hash stays, by which an erased letter is not drafted again. A model is trained on masked words and holds no person.
    """
    from inboxbot.learn.pile import Pile
    from inboxbot.store.engine import open_store
    from inboxbot.store.erase import erase

    if (message_id is None) == (sender is None):
        raise click.UsageError("give --message-id or --sender, one of them")
    config = options.required(config_path)
    keys = erase(open_store(config.store.url, config.state_dir), message_id=message_id, sender=sender)
    pile = Pile(config.state_dir / "pile", config.learning.keep)
    piled = sum(pile.forget(key) for key in keys)
    backups = sorted(config.state_dir.glob("*.backup"))  # an upgrade's copy of the store would still hold it
    for backup in backups:
        backup.unlink()
    click.echo(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC: erased {len(keys)} letter(s)")
    for key in keys:
        click.echo(f"  {key[:16]}: reading, drafts' copies, case book, gestures")
    click.echo(f"  {piled} of them from the pile; {len(backups)} backup(s) of the store removed")
    return 0
