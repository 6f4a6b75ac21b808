from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from inboxbot.daemon.rehearse import rehearse
from inboxbot.errors import MailboxError, RefusedError
from inboxbot.records import Brief
from tests.contracts.mailbox_contract import mail, message_id
from tests.doubles.desk import SubjectReader
from tests.doubles.memory_mailbox import MemoryMailbox, MemoryServer


def rehearsed(opener: Callable[[], MemoryMailbox], folders: tuple[str, ...] = ("INBOX",)) -> tuple[int, list[str]]:
    said: list[str] = []
    code = rehearse("office", opener, folders, SubjectReader(), Brief(), said.append)
    return code, said


def test_a_rehearsal_tells_what_would_be_done_with_the_last_thirty_days_and_does_nothing() -> None:
    server = MemoryServer()
    now = datetime.now(UTC)
    server.deliver(mail("old"), arrived_at=now - timedelta(days=40))
    server.deliver(mail("a"), arrived_at=now - timedelta(days=20))
    server.deliver(mail("lunch", Subject="Lunch"))
    server.deliver(mail("b"), flags=["\\Answered"])
    server.deliver(mail("c"))
    server.deliver(mail("r", In_Reply_To=message_id("c")), "Sent")
    server.deliver(mail("p", Subject="Poison"))
    code, said = rehearsed(lambda: server.open(read_only=True))
    assert code == 0
    assert said == [
        "office: INBOX 2: copytrack: would file draft:evidence in en: Case a",
        "office: INBOX 4: copytrack: answered already, no draft: Case b",
        "office: INBOX 5: copytrack: answered already, no draft: Case c",
        "office: INBOX 6: could not be read: the reader crashed",
        "office: 5 mails of the last 30 days read, 1 drafts would be filed; nothing was written",
    ]
    assert server.held("Drafts") == []


def test_a_mailbox_that_cannot_be_opened_is_told_with_the_code_for_it() -> None:
    def unreachable() -> MemoryMailbox:
        raise MailboxError("nothing listens there")

    def refusing() -> MemoryMailbox:
        raise RefusedError("wrong password")

    assert rehearsed(unreachable) == (75, ["office: nothing listens there"])
    assert rehearsed(refusing) == (1, ["office: wrong password"])
    assert rehearsed(MemoryServer().open, ("Nowhere",)) == (1, ["office: no folder Nowhere"])
