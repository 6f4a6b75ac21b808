"""Holds on a real PostgreSQL: who is alone at work on a mailbox, whatever becomes of the sessions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from inboxbot.errors import StoreAwayError
from inboxbot.store.engine import open_store
from inboxbot.store.hold import Holds


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_store(url, Path(os.devnull))
    yield engine
    engine.dispose()


def test_what_one_holds_another_does_not_get(engine: Engine) -> None:
    one, other = Holds(engine), Holds(engine)
    assert one.take("a@host")
    assert one.take("a@host")
    assert not other.take("a@host")
    assert other.take("b@host")
    one.close()
    assert other.take("a@host")
    other.close()


def test_when_a_session_is_lost_so_is_what_it_held_and_that_is_told(engine: Engine, url: str) -> None:
    one, other = Holds(engine), Holds(open_store(url, Path(os.devnull)))
    assert one.take("a@host")
    with open_store(url, Path(os.devnull)).connect() as killer:
        killer.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
    assert other.take("a@host")
    with pytest.raises(StoreAwayError, match="start the database"):
        one.take("a@host")
    assert not one.take("a@host")
    other.close()
    assert one.take("a@host")
    one.close()
