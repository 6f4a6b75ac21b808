from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import postgres
from tests.servers.postgres import Postgres


@pytest.fixture
def database() -> Iterator[Postgres]:
    """A PostgreSQL of one's own: it is killed here."""
    with postgres.running() as server:
        yield server
