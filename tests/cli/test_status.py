"""What `inboxbot status` tells of a real service, to a person and to a monitor."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from inboxbot.daemon.status import AccountStatus, Keeper, ServiceStatus
from inboxbot.store.casebook import SqlCaseBook
from inboxbot.store.engine import open_store
from inboxbot.store.ledger import SqlLedger
from tests.contracts.casebook_contract import case, letter
from tests.contracts.ledger_contract import ACCOUNT, arrival
from tests.main_job.service import configured, inboxbot, running, until
from tests.servers.imapservers import Server

CONFIGURATION = (
    '[[account]]\nname = "office"\nhost = "imap.client.example"\nuser = "contact"\npassword_env = "PASSWORD"\n'
)


def asked(home: Path, config: Path, *more: str) -> tuple[int, dict[str, Any]]:
    done = inboxbot(home, "status", "--json", "--config", str(config), *more)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def told(home: Path, *accounts: AccountStatus, written: timedelta = timedelta(0), once: bool = False) -> Path:
    now = datetime.now(UTC) - written
    status = ServiceStatus("0.1.0", 4711, once, now, now, now if once else None, accounts)
    Keeper(home / "state" / "status.json")(status)
    config = home / "inboxbot.toml"
    config.write_text(CONFIGURATION)
    return config


def office(state: str = "watching", why: str = "", ago: float = 1.0) -> AccountStatus:
    now = datetime.now(UTC)
    done = now - timedelta(minutes=ago)
    return AccountStatus("office", "contact@imap.client.example", state, done, now, done, why, 1, None, 300.0)


def test_a_service_at_work_is_well_and_one_that_was_stopped_is_not(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    code, before = asked(tmp_path, config)
    assert (code, before["running"]) == (1, False)
    assert "has not run yet" in before["problems"][0]
    with running(tmp_path, config):
        until(lambda: asked(tmp_path, config)[1]["accounts"][0]["state"] == "watching", "a good sweep")
        code, at_work = asked(tmp_path, config)
        assert code == 0
        assert at_work["running"]
        assert at_work["model"]
        (account,) = at_work["accounts"]
        assert (account["name"], account["state"], account["why"]) == ("office", "watching", "")
        assert account["certificate_ends"] > "2026"
        assert account["queue"] == {"undecided": 0, "to_file": 0, "uncertain": 0, "set_aside": 0}
    code, after = asked(tmp_path, config)
    assert code == 1
    assert after["problems"][0].startswith("the service is not running")


def test_what_keeps_an_account_from_its_work_is_told_in_a_line(tmp_path: Path) -> None:
    config = told(tmp_path, office("resting", "wrong user or password"))
    done = inboxbot(tmp_path, "status", "--config", str(config))
    assert done.returncode == 1
    assert "→ office: resting: wrong user or password" in done.stdout


def test_a_sweep_that_is_long_ago_is_stale(tmp_path: Path) -> None:
    config = told(tmp_path, office(ago=30))
    code, found = asked(tmp_path, config)
    assert (code, found["problems"]) == (1, ["office: no good sweep for 30 min: see its log, and run inboxbot check"])
    assert asked(tmp_path, config, "--stale-after", "60")[0] == 0


def test_a_run_by_a_timer_is_well_while_it_is_fresh(tmp_path: Path) -> None:
    assert asked(tmp_path, told(tmp_path, office("done"), once=True))[0] == 0


def test_an_account_that_was_added_since_is_missed(tmp_path: Path) -> None:
    config = told(tmp_path, office())
    config.write_text(CONFIGURATION + CONFIGURATION.replace("office", "home").replace("contact", "me"))
    assert asked(tmp_path, config)[1]["problems"] == [
        "home: is in the configuration but not watched: reload the service"
    ]


def test_the_queue_and_the_next_deadline_come_from_the_store(tmp_path: Path) -> None:
    config = told(tmp_path, office())
    ledger = SqlLedger(engine := open_store("sqlite:///state.db", tmp_path / "state"))
    ledger.open("k1", ACCOUNT, arrival())
    ledger.quarantine(ledger.open("k2", ACCOUNT, arrival(uid=2)), "unreadable")
    soon = datetime.now().astimezone().date() + timedelta(days=5)
    SqlCaseBook(engine).keep(case(letter("k1", deadline=soon)))
    code, found = asked(tmp_path, config)
    assert code == 0
    assert found["accounts"][0]["queue"] == {"undecided": 1, "to_file": 0, "uncertain": 0, "set_aside": 1}
    assert date.fromisoformat(found["next_deadline"]["date"]) == soon
