"""What every ledger promises (`inboxbot.ports.Ledger`); a new one inherits this suite and supplies one fixture."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from inboxbot.ports import Ledger
from inboxbot.records import (
    Arrival,
    Cursor,
    Fence,
    Filing,
    Head,
    Reading,
    Stage,
    Standing,
    Step,
    Trust,
    Verdict,
)

ACCOUNT = "contact@imap.client.example"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def arrival(uid: int = 7, uidvalidity: int = 1, envelope: str = "e" * 64, size: int = 900) -> Arrival:
    return Arrival(folder="INBOX", uidvalidity=uidvalidity, uid=uid, size=size, envelope=envelope)


def reading(label: str = "copytrack", silence: str | None = None) -> Reading:
    head = Head("d" * 64, "<a@example.org>", (), (), NOON, None, (), "Claim A1B2C3")
    verdict = Verdict(label, 0.99, {label: 0.99}, 0.9, 0.2, "test")
    return Reading(head=head, verdict=verdict, language="en", trust=Trust(Standing.UNVERIFIED, ()), silence=silence)


def filing(key: str, kind: str = "draft:evidence") -> Filing:
    return Filing(
        key, kind, f"<{kind.replace(':', '.')}.{key}@example.org>", "Drafts", ("\\Draft", "\\Seen"), b"raw \xff\r\n"
    )


class LedgerContract:
    @pytest.fixture
    def ledger(self) -> Ledger:
        raise NotImplementedError

    def test_a_new_letter_is_seen_with_one_attempt(self, ledger: Ledger) -> None:
        entry = ledger.open("k1", ACCOUNT, arrival())
        assert (entry.stage, entry.attempts, entry.filings) == (Stage.SEEN, 1, ())

    def test_each_opening_of_a_seen_letter_is_an_attempt(self, ledger: Ledger) -> None:
        ledger.open("k1", ACCOUNT, arrival())
        assert ledger.open("k1", ACCOUNT, arrival()).attempts == 2

    def test_a_failed_mailbox_refunds_the_attempt(self, ledger: Ledger) -> None:
        ledger.refund(ledger.open("k1", ACCOUNT, arrival()))
        assert ledger.open("k1", ACCOUNT, arrival()).attempts == 1

    def test_a_strike_keeps_its_reason(self, ledger: Ledger) -> None:
        ledger.strike(ledger.open("k1", ACCOUNT, arrival()), "the reader hung")
        assert ledger.open("k1", ACCOUNT, arrival()).last_error == "the reader hung"

    def test_a_silent_letter_is_known_and_keeps_its_reason(self, ledger: Ledger) -> None:
        entry = ledger.silent(ledger.open("k1", ACCOUNT, arrival()), reading("other", "not a demand letter"))
        assert (entry.stage, entry.label, entry.silence) == (Stage.SILENT, "other", "not a demand letter")
        assert ledger.known(ACCOUNT, arrival())

    def test_ordinary_mail_is_passed_over_together(self, ledger: Ledger) -> None:
        told = reading("other", "not a demand letter")
        entries = ledger.pass_over(ACCOUNT, {f"k{uid}": arrival(uid) for uid in (7, 8)}, told)
        assert [(entry.key, entry.stage, entry.label, entry.silence) for entry in entries] == [
            (key, Stage.SILENT, "other", "not a demand letter") for key in ("k7", "k8")
        ]
        assert ledger.known(ACCOUNT, arrival(7))
        assert ledger.known(ACCOUNT, arrival(8))
        assert ledger.open("k7", ACCOUNT, arrival(7)) == entries[0]
        assert ledger.pass_over(ACCOUNT, {}, told) == []

    def test_a_letter_that_is_known_is_not_passed_over(self, ledger: Ledger) -> None:
        ledger.open("k1", ACCOUNT, arrival(7))
        entry = ledger.open("k1", ACCOUNT, arrival(7))
        assert ledger.pass_over(ACCOUNT, {"k1": arrival(9)}, reading("other", "other")) == []
        assert ledger.open("k1", ACCOUNT, arrival(7)).attempts == entry.attempts + 1
        assert not ledger.known(ACCOUNT, arrival(9))

    def test_a_letter_only_seen_is_not_known_so_that_it_is_fetched_again(self, ledger: Ledger) -> None:
        ledger.open("k1", ACCOUNT, arrival())
        assert not ledger.known(ACCOUNT, arrival())

    def test_a_seen_letter_awaits_another_look_where_it_lies(self, ledger: Ledger) -> None:
        ledger.open("k1", ACCOUNT, arrival(7))
        ledger.silent(ledger.open("k2", ACCOUNT, arrival(8)), reading("other", "other"))
        assert ledger.awaiting(ACCOUNT) == [arrival(7)]
        assert ledger.awaiting("other@imap.client.example") == []

    def test_a_quarantined_letter_stays_aside(self, ledger: Ledger) -> None:
        ledger.quarantine(ledger.open("k1", ACCOUNT, arrival()), "three strikes")
        entry = ledger.open("k1", ACCOUNT, arrival())
        assert (entry.stage, entry.attempts, entry.last_error) == (Stage.QUARANTINED, 1, "three strikes")

    def test_a_planned_filing_comes_back_byte_for_byte(self, ledger: Ledger) -> None:
        ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1")])
        (entry,) = ledger.unfinished(ACCOUNT)
        assert entry.stage is Stage.PLANNED
        assert entry.filings == (filing("k1"),)

    def test_an_intent_keeps_its_fence_and_time(self, ledger: Ledger) -> None:
        ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1")])
        ledger.intend(filing("k1"), Fence(5, 42))
        (kept,) = ledger.unfinished(ACCOUNT)[0].filings
        assert (kept.step, kept.fence) == (Step.INTENT, Fence(5, 42))
        assert kept.intended_at is not None
        assert kept.intended_at.tzinfo is not None

    def test_the_last_filing_settles_the_letter(self, ledger: Ledger) -> None:
        draft, sheet = filing("k1"), filing("k1", "sheet:1")
        ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [draft, sheet])
        ledger.filed(ledger.intend(draft, Fence(1, 1)))
        assert len(ledger.unfinished(ACCOUNT)) == 1
        ledger.uncertain(ledger.intend(sheet, Fence(1, 1)), "cannot be known")
        assert ledger.unfinished(ACCOUNT) == []
        assert ledger.open("k1", ACCOUNT, arrival()).stage is Stage.SETTLED

    def test_what_was_proved_absent_is_planned_again(self, ledger: Ledger) -> None:
        ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1")])
        ledger.replan(ledger.intend(filing("k1"), Fence(1, 1)))
        (kept,) = ledger.unfinished(ACCOUNT)[0].filings
        assert (kept.step, kept.fence) == (Step.PLANNED, None)

    def test_a_plan_with_nothing_left_to_file_settles_the_letter(self, ledger: Ledger) -> None:
        from dataclasses import replace

        entry = ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [replace(filing("k1"), step=Step.FILED)])
        assert entry.stage is Stage.SETTLED

    def test_a_reopened_letter_only_gains_new_kinds(self, ledger: Ledger) -> None:
        entry = ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1")])
        ledger.filed(ledger.intend(filing("k1"), Fence(1, 1)))
        entry = ledger.plan(entry, reading(), [filing("k1"), filing("k1", "draft:licence")])
        assert [(f.kind, f.step) for f in entry.filings] == [
            ("draft:evidence", Step.FILED),
            ("draft:licence", Step.PLANNED),
        ]
        assert entry.stage is Stage.PLANNED

    def test_a_silent_letter_can_be_reopened_by_a_person(self, ledger: Ledger) -> None:
        entry = ledger.silent(ledger.open("k1", ACCOUNT, arrival()), reading("unsure", "unsure"))
        assert ledger.plan(entry, reading(), [filing("k1")]).stage is Stage.PLANNED

    def test_another_copy_at_another_place_is_the_same_letter(self, ledger: Ledger) -> None:
        ledger.silent(ledger.open("k1", ACCOUNT, arrival(7)), reading("other", "other"))
        assert ledger.open("k1", ACCOUNT, arrival(8)).stage is Stage.SILENT
        assert ledger.known(ACCOUNT, arrival(8))

    def test_after_renumbering_a_mail_is_known_by_envelope_and_size(self, ledger: Ledger) -> None:
        ledger.silent(ledger.open("k1", ACCOUNT, arrival()), reading("other", "other"))
        assert ledger.known(ACCOUNT, arrival(uid=1, uidvalidity=2))
        assert not ledger.known(ACCOUNT, arrival(uid=1, uidvalidity=2, size=901))
        assert not ledger.known(ACCOUNT, arrival(uid=1, uidvalidity=2, envelope="f" * 64))

    def test_within_one_numbering_a_like_envelope_is_still_fetched(self, ledger: Ledger) -> None:
        ledger.silent(ledger.open("k1", ACCOUNT, arrival(7)), reading("other", "other"))
        assert not ledger.known(ACCOUNT, arrival(8))

    def test_two_accounts_know_nothing_of_each_other(self, ledger: Ledger) -> None:
        ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1")])
        assert not ledger.known("other@imap.client.example", arrival())
        assert ledger.unfinished("other@imap.client.example") == []

    def test_a_cursor_is_kept_a_folder(self, ledger: Ledger) -> None:
        assert ledger.cursor(ACCOUNT, "INBOX") is None
        ledger.advance(ACCOUNT, "INBOX", Cursor(4_000_000_000, 17))
        ledger.advance(ACCOUNT, "INBOX", Cursor(4_000_000_000, 18))
        assert ledger.cursor(ACCOUNT, "INBOX") == Cursor(4_000_000_000, 18)
        assert ledger.cursor(ACCOUNT, "Archive") is None

    def test_the_first_sight_of_an_account_is_remembered(self, ledger: Ledger) -> None:
        first = ledger.first_seen(ACCOUNT)
        assert ledger.first_seen(ACCOUNT) == first
        assert first.tzinfo is not None

    def test_drafts_are_counted_from_their_intent_and_sheets_are_not(self, ledger: Ledger) -> None:
        ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1"), filing("k1", "sheet:1")])
        before = datetime.now(UTC) - timedelta(days=1)
        assert ledger.drafts_since(ACCOUNT, before) == 0
        ledger.filed(ledger.intend(filing("k1"), Fence(1, 1)))
        ledger.filed(ledger.intend(filing("k1", "sheet:1"), Fence(1, 1)))
        assert ledger.drafts_since(ACCOUNT, before) == 1
        assert ledger.drafts_since(ACCOUNT, datetime.now(UTC) + timedelta(hours=1)) == 0
