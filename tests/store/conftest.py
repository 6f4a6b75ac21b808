from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import postgres


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The URL of a real PostgreSQL, one a module."""
    with postgres.running() as server:
        yield server.url
