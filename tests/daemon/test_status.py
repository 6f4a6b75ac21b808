from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from inboxbot.daemon.status import AccountStatus, Keeper, ServiceStatus, kept

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OFFICE = AccountStatus(
    "office", "contact@imap.client.example", "watching", NOW - 60 * MINUTE, NOW, NOW - 4 * MINUTE, "", 1, None, 300.0
)


def service(*accounts: AccountStatus) -> ServiceStatus:
    return ServiceStatus("0.1.0", 4711, False, NOW - 60 * MINUTE, NOW, None, accounts)


@pytest.mark.parametrize(
    ("account", "well"),
    [
        (OFFICE, True),
        (replace(OFFICE, succeeded_at=NOW - 20 * MINUTE), False),
        (replace(OFFICE, succeeded_at=NOW - 20 * MINUTE, poll_seconds=3600.0), True),
        (replace(OFFICE, succeeded_at=None), False),
        (replace(OFFICE, state="starting", succeeded_at=None, started_at=NOW - MINUTE), True),
        (replace(OFFICE, state="sweeping", succeeded_at=None), True),
        (replace(OFFICE, state="sweeping", succeeded_at=None, moved_at=NOW - 20 * MINUTE), False),
        (replace(OFFICE, state="reconnecting", why="the server hung up"), True),
        (replace(OFFICE, state="reconnecting", why="hung up", succeeded_at=NOW - 20 * MINUTE), False),
        (replace(OFFICE, state="resting", why="wrong password"), False),
        (replace(OFFICE, state="sweeping", why="no Drafts folder"), False),
        (replace(OFFICE, state="undecided", why="there is no model"), False),
    ],
    ids=str,
)
def test_an_account_is_well_while_its_sweeps_go_well(account: AccountStatus, well: bool) -> None:
    assert account.is_well(NOW) is well


def test_how_old_a_sweep_may_be_can_be_chosen() -> None:
    assert not OFFICE.is_well(NOW, 3 * MINUTE)
    assert replace(OFFICE, succeeded_at=NOW - 20 * MINUTE).is_well(NOW, 30 * MINUTE)


def test_a_service_that_says_nothing_any_more_is_not_running() -> None:
    assert service().is_running(NOW + MINUTE)
    assert not service().is_running(NOW + 5 * MINUTE)
    assert not replace(service(), ended_at=NOW).is_running(NOW)


def test_what_is_kept_comes_back_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "status.json"
    Keeper(path)(service(OFFICE))
    Keeper(path)(later := service(replace(OFFICE, state="sweeping")))
    assert kept(path) == later
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["status.json"]


def test_a_status_that_another_version_wrote_is_as_good_as_none(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    assert kept(path) is None
    path.write_text('{"version": "9", "moods": []}')
    assert kept(path) is None


def test_a_disk_that_takes_no_status_is_told_once_and_again_after_it_did(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the directory should be")
    keeper = Keeper(tmp_path / "state" / "status.json")
    with capture_logs() as logs:
        keeper(service())
        keeper(service())
        (tmp_path / "state").unlink()
        keeper(service())
    assert [line["event"] for line in logs] == ["status cannot be kept"]
