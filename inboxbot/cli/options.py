"""The options that every verb has, and the two ways to ask for the configuration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from inboxbot import config
from inboxbot.errors import SetupError

F = TypeVar("F", bound=Callable[..., Any])


def common(verb: F) -> F:
    """`--config PATH` and `--debug`, on every verb."""
    verb = click.option("--debug", is_flag=True, expose_value=False, help="Show the trace of an error.")(verb)
    return click.option(
        "--config",
        "config_path",
        metavar="PATH",
        help="The configuration file (default: $INBOXBOT_CONFIG, ./inboxbot.toml, …).",
    )(verb)


def required(config_path: str | None) -> config.Config:
    """The configuration, which must exist; SetupError says how to make one. Its wishes for the log hold from here on."""
    path = config.find(config_path)
    if path is None:
        raise SetupError(["no configuration found: run `inboxbot init`, or name one with --config PATH"])
    loaded = config.load(path)
    if not loaded.account:
        raise SetupError([f"{path}: no [[account]]: add the mailbox to watch (`inboxbot init` shows one)"])
    from inboxbot.cli import logs

    logs.set_up(loaded)
    return loaded


def optional(config_path: str | None) -> config.Config:
    """The configuration only where one was named (--config or $INBOXBOT_CONFIG), else the defaults."""
    import os

    named = config_path or os.environ.get("INBOXBOT_CONFIG")
    return config.load(config.find(named)) if named else config.Config()  # type: ignore[arg-type]  # named: found
