"""`inboxbot demo`: the main job with nothing to set up."""

from __future__ import annotations

from pathlib import Path

import click
import structlog
from rich.console import Console

from inboxbot import config
from inboxbot.cli import build, options
from inboxbot.errors import SetupError


@click.command("demo")
@click.option("--keep", is_flag=True, help="Leave the mailbox open for a mail client afterwards.")
@options.common
def command(keep: bool, config_path: str | None) -> int:  # noqa: ARG001 - every verb has --config
    """Show the whole program at work on sample letters, on a mail server of its own."""
    try:
        from inboxbot.demo.tour import Service, tour
    except ImportError as error:
        raise SetupError([f"the demo needs {error.name}: pip install 'inboxbot[demo]'"]) from None
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))  # the tour itself is the log
    readers = []

    def service(path: Path) -> Service:
        loaded = config.load(path)
        ledger, reader = build.ledger(loaded), build.reader(loaded)
        readers.append(reader)
        reader.ready  # noqa: B018 - a missing model is told before the tour begins
        (watch,) = build.watches(loaded, ledger, reader)
        return Service(watch, loaded.account[0].label, ledger.entry, ledger.reading)

    try:
        return tour(service, Console(), keep=keep)
    finally:
        for reader in readers:
            reader.close()
