"""The service's own memory is flat: what it holds after ten thousand mails is what it held after a thousand."""

from __future__ import annotations

import re
import sys
import time
from functools import cache
from itertools import cycle, islice
from pathlib import Path

import pytest

from inboxbot.issuers.room import open_rooms
from inboxbot.letter.parse import read_letter
from inboxbot.model.names import Names
from inboxbot.reader.known import known
from tests.main_job.service import configured, mails, running
from tests.main_job.test_main_job import LETTER
from tests.proof.test_soak import Size
from tests.servers.imapservers import Server

OTHER = Path(__file__).parents[2] / "training_data" / "other"
SMALL = 3_000  # bytes
AT_ONCE = 500
PATIENCE = 900.0  # seconds for a batch, on the busiest machine


@cache
def pool() -> list[bytes]:
    """Small mail that names no issuer."""
    names = Names(known(open_rooms()))
    small = (raw for path in sorted(OTHER.glob("*.eml")) if len(raw := path.read_bytes()) < SMALL)
    return [raw for raw in islice(small, 300) if not names.of(read_letter(raw))]


def ordinary(first: int, end: int) -> list[bytes]:
    """Such mails, each with a Message-ID of its own."""
    chosen = islice(cycle(pool()), first, end)
    return [
        re.sub(rb"(?im)^message-id:\s*<", b"Message-ID: <%d." % number, raw)
        .replace(b"\r\n", b"\n")
        .replace(b"\n", b"\r\n")
        for number, raw in enumerate(chosen, first)
    ]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("few", "all_of_them"),
    [(300, 900), pytest.param(1_000, 10_000, marks=[pytest.mark.proof, pytest.mark.timeout(2 * PATIENCE)])],
)
def test_ten_times_the_mail_takes_no_more_memory(
    dovecot: Server, user: str, tmp_path: Path, few: int, all_of_them: int, capsys: pytest.CaptureFixture[str]
) -> None:
    client = dovecot.client(user)

    def after(first: int, end: int, letter: int) -> float:
        """MB of the service once these mails, and the letter behind them, have been handled."""
        for start in range(first, end, AT_ONCE):
            client.multiappend("INBOX", ordinary(start, min(start + AT_ONCE, end)))
        client.append("INBOX", LETTER.replace(b"20191230.AAAAAA", b"letter-%d" % letter).replace(b"\n", b"\r\n"))
        patience = time.monotonic() + PATIENCE
        while len(mails(dovecot, user, "Drafts")) < letter:
            assert time.monotonic() < patience, "the letter behind them got no draft"
            assert not service.has_ended()
            time.sleep(0.5)
        return Size.of(service.pid).memory

    with running(tmp_path, configured(tmp_path, dovecot, user)) as service:
        before = after(0, few, 1)
        later = after(few, all_of_them, 2)
        assert service.stop() == 0
    client.logout()
    with capsys.disabled():
        sys.stdout.write(f"\nmemory: {before:.0f} MB after {few} mails, {later:.0f} MB after {all_of_them}\n")
    assert later <= 1.10 * before
