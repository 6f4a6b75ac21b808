from __future__ import annotations

import pytest

from tests.contracts.mailbox_contract import ODD_IDS, MailboxContract
from tests.doubles.memory_mailbox import MemoryServer


class MemoryWorld(MemoryServer):
    drafts, sent, trash, exact, keywords, odd_ids = "Drafts", "Sent", "Trash", True, True, ODD_IDS


class TestMemoryMailbox(MailboxContract):
    @pytest.fixture
    def world(self) -> MemoryWorld:
        return MemoryWorld()
