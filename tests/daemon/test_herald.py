from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from inboxbot.daemon import herald as heralds
from inboxbot.daemon.deliver import Command, Post, UndeliveredError
from inboxbot.daemon.events import Event
from inboxbot.daemon.herald import Herald
from inboxbot.records import Fence
from inboxbot.store.engine import open_store
from inboxbot.store.ledger import SqlLedger
from tests.contracts.ledger_contract import ACCOUNT, arrival, filing, reading
from tests.daemon.office import until
from tests.daemon.test_status import OFFICE, service

SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four").decode()
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVENT = Event("move-7", "draft.filed", NOW, "office", {"letter": "1a2b3c4d"})


class Receiver:
    """A webhook's other end: what it got, and what it answers next (200 once there is nothing else)."""

    def __init__(self) -> None:
        receiver = self
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                code = receiver.answers.pop(0) if receiver.answers else 200
                self.send_response(code)
                if code == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]

    @property
    def names(self) -> list[str]:
        return [event["event"] for event in self.events]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with contextlib.closing(Receiver()) as receiver:
        yield receiver


class Clerk:
    """A ledger whose moves are past the seconds in flight at once, and a herald who tells of them."""

    def __init__(self, home: Path, receiver: Receiver) -> None:
        self.home, self.receiver = home, receiver
        self.ledger = SqlLedger(open_store("sqlite:///state.db", home), lambda: datetime.now(UTC) + self.ahead)
        self.ahead = timedelta(0)

    def files(self, key: str) -> None:
        entry = self.ledger.open(key, ACCOUNT, arrival(uid=int(key[1:])))
        self.ledger.plan(entry, reading(), [filing(key)])
        self.ledger.filed(self.ledger.intend(filing(key), Fence(1, 1)))
        self.ahead += timedelta(seconds=10)

    @contextlib.contextmanager
    def telling(self, **wishes: Any) -> Iterator[Herald]:
        herald = Herald(
            self.ledger, Post(self.receiver.url, lambda: SECRET), self.home / "reached", first_retry=0.05, **wishes
        )
        herald(service(OFFICE))
        stop = threading.Event()
        herald.start(stop)
        try:
            until((self.home / "reached").exists, "a first look")
            yield herald
        finally:
            stop.set()


@pytest.fixture
def clerk(tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Clerk:
    monkeypatch.setattr(heralds, "PAUSE", 0.05)
    return Clerk(tmp_path, receiver)


# --- what is told -----------------------------------------------------------------------------------------------------


def test_a_letter_and_its_draft_are_told_in_order_and_without_a_word_of_whom_they_concern(clerk: Clerk) -> None:
    clerk.files("k1")
    with clerk.telling():
        clerk.files("k2")
        until(lambda: len(clerk.receiver.got) >= 2, "two events")
    assert clerk.receiver.names == ["letter.recognised", "draft.filed"]
    assert set(clerk.receiver.events[1]) == {"id", "event", "at", "account", "letter", "label", "filing"}
    assert clerk.receiver.events[1]["account"] == "office"
    assert b"@" not in b"".join(body for _, body in clerk.receiver.got)


def test_what_could_not_be_delivered_is_delivered_again_until_it_is_and_nothing_overtakes_it(clerk: Clerk) -> None:
    clerk.receiver.answers = [500, 503, 429, 200]
    with capture_logs() as logs, clerk.telling():
        clerk.files("k1")
        until(lambda: len(clerk.receiver.got) >= 5, "five deliveries")
    assert clerk.receiver.names == ["letter.recognised"] * 4 + ["draft.filed"]
    assert len({headers["webhook-id"] for headers, _ in clerk.receiver.got}) == 2
    assert [line["event"] for line in logs] == ["events wait"] * 3


def test_after_a_restart_it_goes_on_where_it_was(clerk: Clerk) -> None:
    with clerk.telling():
        clerk.files("k1")
        until(lambda: len(clerk.receiver.got) >= 2, "two events")
    clerk.files("k2")
    with clerk.telling():
        until(lambda: len(clerk.receiver.got) >= 4, "two more")
    assert [event["letter"] for event in clerk.receiver.events] == ["k1", "k1", "k2", "k2"]


def test_only_what_is_wished_for_is_told(clerk: Clerk) -> None:
    with clerk.telling(wanted=["draft.*"]):
        clerk.files("k1")
        until(lambda: clerk.receiver.got, "an event")
    assert clerk.receiver.names == ["draft.filed"]


def test_with_details_the_facts_are_told_too(clerk: Clerk) -> None:
    with clerk.telling(details=True):
        clerk.files("k1")
        until(lambda: clerk.receiver.got, "an event")
    assert {"case_number", "amount", "currency", "deadline"} <= set(clerk.receiver.events[0])


def test_an_account_in_trouble_is_told_once_and_when_it_is_well_again(clerk: Clerk) -> None:
    with clerk.telling() as herald:
        for state, why in (("refused", "no"), ("sweeping", "no"), ("resting", "no"), ("watching", "")):
            herald(service(replace(OFFICE, state=state, why=why)))
        until(lambda: len(clerk.receiver.got) >= 3, "three events")
    assert clerk.receiver.names == ["account.refused", "account.resting", "account.well"]


def test_an_event_that_nobody_takes_for_days_does_not_hold_up_the_others(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heralds, "GIVEN_UP", timedelta(seconds=-3600))
    clerk.receiver.answers = [500]
    with clerk.telling():
        clerk.files("k1")
        until(lambda: len(clerk.receiver.got) >= 2, "the next event")
    assert clerk.receiver.names == ["letter.recognised", "draft.filed"]


# --- how it is told ---------------------------------------------------------------------------------------------------


def test_a_receiver_can_verify_who_sent_it_and_when(receiver: Receiver) -> None:
    Post(receiver.url, lambda: SECRET)(EVENT)
    ((headers, body),) = receiver.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.new(b"a secret of twenty-four", signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
    assert headers["webhook-id"] == "move-7"


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answers = [302]
    with pytest.raises(UndeliveredError, match="answered 302"):
        Post(receiver.url, lambda: SECRET)(EVENT)
    assert len(receiver.got) == 1


def test_a_receiver_that_is_down_is_no_delivery(receiver: Receiver) -> None:
    receiver.close()
    with pytest.raises(UndeliveredError, match="refused"):
        Post(receiver.url, lambda: SECRET)(EVENT)


def test_a_command_gets_the_event_on_its_standard_input(tmp_path: Path) -> None:
    target = tmp_path / "got.json"
    Command([sys.executable, "-c", f"import sys; open({str(target)!r}, 'w').write(sys.stdin.read())"])(EVENT)
    assert json.loads(target.read_text())["event"] == "draft.filed"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([sys.executable, "-c", "import sys; sys.exit('no room')"], "exit code 1: no room"),
        (["/nowhere/notify"], "No such file"),
    ],
)
def test_a_command_that_fails_is_no_delivery(words: list[str], said: str) -> None:
    with pytest.raises(UndeliveredError, match=said):
        Command(words)(EVENT)
