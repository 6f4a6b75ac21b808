"""Real servers, once a test process, on ports and directories of their own; each test gets an account that is new."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
import structlog

from tests.servers import imapservers
from tests.servers.imapservers import Server

CYRUS_USERS = [f"c{number:03d}" for number in range(100)]  # Cyrus knows whom it was told of


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """A command under test sets up the log for its process, which here is everybody's: afterwards it is as before."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Server]:
    """Dovecot with English names, "." between levels and SPECIAL-USE."""
    with imapservers.dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def dovecot_fr() -> Iterator[Server]:
    """Dovecot with French names (modified UTF-7 on the wire) and "/" between levels."""
    with imapservers.dovecot(NAMES="fr", SEP="/") as server:
        yield server


@pytest.fixture(scope="session")
def dovecot_beneath_inbox() -> Iterator[Server]:
    """Dovecot as Courier has it: everything beneath "INBOX.", no SPECIAL-USE, no IDLE."""
    options = {"INBOX_PREFIX": "INBOX.", "SPECIAL": "no", "CAPS": "-IDLE -SPECIAL-USE -LIST-EXTENDED -NAMESPACE"}
    with imapservers.dovecot(**options) as server:
        yield server


@pytest.fixture(scope="session")
def cyrus() -> Iterator[Server]:
    """Cyrus with French names: the second opinion. The only server that may be missing."""
    if not imapservers.cyrus_unpacked():
        pytest.skip("Cyrus is not unpacked: tests/servers/start_cyrus.sh --unpack (needs Debian's package lists)")
    with imapservers.running("cyrus", NAMES="fr", USERS=" ".join(f"{name}:secret" for name in CYRUS_USERS)) as server:
        yield server


@pytest.fixture
def user() -> str:
    """An account that exists on every Dovecot here and was never used."""
    return f"t-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def _cyrus_users() -> Iterator[str]:
    return iter(CYRUS_USERS)


@pytest.fixture
def cyrus_user(_cyrus_users: Iterator[str]) -> str:
    """An account on Cyrus that was never used."""
    return next(_cyrus_users)
