"""Stores as earlier releases left them."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine

import inboxbot.store


def store_of(state: Path, revision: str) -> Engine:
    """The SQLite store in `state` as the program that ended at this revision made it."""
    engine = create_engine(f"sqlite:///{state / 'state.db'}")
    config = Config()
    config.set_main_option("script_location", str(Path(inboxbot.store.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return engine
