"""What is built from a configuration: many accounts share what they can."""

from __future__ import annotations

from pathlib import Path

import pytest

from inboxbot.cli import build
from inboxbot.config import Config


def account(name: str, host: str) -> dict[str, object]:
    return {"name": name, "host": host, "port": 1, "security": "none", "user": name, "password_env": "PASSWORD"}


def test_accounts_share_the_turns_of_their_host_and_the_connections_to_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    accounts = [account("a", "127.0.0.1"), account("b", "127.0.0.1"), account("c", "::1")]
    config = Config.model_validate({"account": accounts})
    reader = build.reader(config)
    one, two, elsewhere = build.watches(config, build.ledger(config), reader)
    assert one.turns is two.turns
    assert one.turns is not elsewhere.turns
    assert build.store(config) is build.store(config)
