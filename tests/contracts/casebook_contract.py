"""What every case book promises (`inboxbot.ports.CaseBook`); a new one inherits this suite and supplies two fixtures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from inboxbot.cases.case import status_of
from inboxbot.ports import CaseBook, Ledger
from inboxbot.records import Answer, Case, CaseLetter, Fate, Fence, Standing, Status
from tests.contracts.ledger_contract import ACCOUNT, NOON, arrival, filing, reading


def letter(key: str, day: int = 0, **more: object) -> CaseLetter:
    then = NOON + timedelta(days=day)
    first = CaseLetter(
        key=key, seen_at=then, sent_at=then, sender="case@copytrack.com", subject=f"Case {key}", stage="notice"
    )
    return replace(first, **more)  # type: ignore[arg-type]


def case(*letters: CaseLetter, name: str = "", account: str = ACCOUNT, **more: object) -> Case:
    first = Case(
        id=name or letters[0].key,
        account=account,
        room="copytrack",
        title="Copytrack",
        number="K7Q2XB",
        counterparty="copytrack.com",
        rights_holder="Linden",
        standing=Standing.UNVERIFIED,
        letters=letters,
    )
    return replace(first, **more)  # type: ignore[arg-type]


ANSWER = Answer("k1", "<mine@client.example>", NOON + timedelta(days=2), "Sent", 1, 5, "a" * 64)


class CaseBookContract:
    @pytest.fixture
    def ledger(self) -> Ledger:
        raise NotImplementedError

    @pytest.fixture
    def book(self, ledger: Ledger) -> CaseBook:
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def _letters(self, ledger: Ledger) -> None:
        for number, key in enumerate(("k1", "k2", "k3"), 1):
            ledger.open(key, ACCOUNT, arrival(uid=number))

    def test_a_case_comes_back_as_it_was_kept(self, book: CaseBook) -> None:
        whole = letter(
            "k1",
            message_id="<a@copytrack.com>",
            thread=("<x@copytrack.com>", "<y@copytrack.com>"),
            number="K7Q2XB",
            amount=Decimal("350.00"),
            currency="EUR",
            deadline=date(2026, 3, 14),
            deadline_rolled=date(2026, 3, 16),
            deadline_quote="within 12 days",
            first_warning_on=date(2025, 11, 4),
        )
        book.keep(case(whole, standing=Standing.GENUINE))
        assert book.cases() == [case(whole, standing=Standing.GENUINE)]

    def test_the_closed_are_left_out_when_they_are_not_wanted(self, book: CaseBook) -> None:
        book.keep(case(letter("k1")))
        book.keep(case(letter("k2", 1)))
        book.close("k1", NOON + timedelta(days=3))
        assert [each.id for each in book.cases(ACCOUNT, closed=False)] == ["k2"]

    def test_a_case_is_near_by_what_its_next_letter_may_bear(self, ledger: Ledger, book: CaseBook) -> None:
        ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1")])
        ledger.filed(ledger.intend(filing("k1"), Fence(3, 9)))
        book.keep(case(letter("k1", message_id="<a@copytrack.com>", number="K7-Q2XB"), number="K7-Q2XB"))
        book.answer(ANSWER)
        book.keep(case(letter("k2", 1, stage="recommendation_1"), room="hadopi", number=None))

        def near(**more: object) -> set[str]:
            return {each.id for each in book.near(ACCOUNT, "copytrack", letter("new", 9, **more))}

        assert "k1" in near(number="k7q2xb")
        for known in ("<a@copytrack.com>", ANSWER.message_id, filing("k1").message_id):
            assert "k1" in near(thread=("<else@copytrack.com>", known))
        assert "k1" in {each.id for each in book.near(ACCOUNT, "copytrack", letter("k1"))}
        assert "k2" in near(stage="recommendation_2")
        assert "k2" in near(first_warning_on=date(2026, 3, 2))
        assert book.near("else@client.example", "copytrack", letter("new", number="K7Q2XB")) == []

    def test_letters_stand_in_the_order_in_which_they_were_written(self, book: CaseBook) -> None:
        book.keep(case(letter("k1", 5), letter("k2", 1), name="c"))
        assert [each.key for each in book.cases()[0].letters] == ["k2", "k1"]

    def test_cases_are_told_oldest_first_and_by_account(self, book: CaseBook) -> None:
        book.keep(case(letter("k2", 3)))
        book.keep(case(letter("k1", 1)))
        book.keep(case(letter("k3", 2), account="other@imap.client.example"))
        assert [each.id for each in book.cases()] == ["k1", "k3", "k2"]
        assert [each.id for each in book.cases(ACCOUNT)] == ["k1", "k2"]

    def test_keeping_a_case_again_changes_it_and_adds_none(self, book: CaseBook) -> None:
        book.keep(case(letter("k1")))
        book.keep(case(letter("k1"), letter("k2", 4)))
        assert [[each.key for each in kept.letters] for kept in book.cases()] == [["k1", "k2"]]

    def test_a_letter_is_in_one_case_and_an_empty_case_is_no_more(self, book: CaseBook) -> None:
        book.keep(case(letter("k1"), letter("k2", 1)))
        book.keep(case(letter("k3", 2)))
        book.keep(case(letter("k3", 2), letter("k2", 1), name="k3"))
        assert {kept.id: {each.key for each in kept.letters} for kept in book.cases()} == {
            "k1": {"k1"},
            "k3": {"k2", "k3"},
        }
        book.leave("k1")
        book.leave("k1")
        assert [kept.id for kept in book.cases()] == ["k3"]

    def test_the_drafts_that_were_filed_are_the_cases(self, ledger: Ledger, book: CaseBook) -> None:
        book.keep(case(letter("k1")))
        ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1"), filing("k1", "sheet:1")])
        assert book.cases()[0].drafts == ()
        ledger.filed(ledger.intend(filing("k1"), Fence(3, 9)))
        (draft,) = book.cases()[0].drafts
        assert (draft.letter, draft.kind, draft.folder, draft.fence) == ("k1", "draft:evidence", "Drafts", Fence(3, 9))
        assert draft.message_id == filing("k1").message_id
        assert draft.fate is Fate.WAITING

    def test_what_became_of_a_draft_is_the_last_thing_seen(self, ledger: Ledger, book: CaseBook) -> None:
        book.keep(case(letter("k1")))
        ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1")])
        ledger.filed(ledger.intend(filing("k1"), Fence(3, 9)))
        for fate in Fate:
            book.observe("k1", "draft:evidence", fate, NOON)
            assert book.cases()[0].drafts[0].fate is fate

    def test_an_answer_is_noted_once(self, book: CaseBook) -> None:
        book.keep(case(letter("k1")))
        book.answer(ANSWER)
        book.answer(replace(ANSWER, uid=6))
        assert book.cases()[0].answers == (replace(ANSWER, uid=6),)
        assert status_of(book.cases()[0]) is Status.ANSWERED

    def test_the_user_closes_a_case_and_opens_it_again(self, book: CaseBook) -> None:
        book.keep(case(letter("k1")))
        book.close("k1", NOON + timedelta(days=1))
        assert status_of(book.cases()[0]) is Status.CLOSED
        book.close("k1", None)
        assert book.cases()[0].closed_at is None

    def test_a_reading_is_had_once_it_is_understood(self, ledger: Ledger, book: CaseBook) -> None:
        assert book.reading("k1") is None
        ledger.silent(ledger.open("k1", ACCOUNT, arrival()), reading())
        assert book.reading("k1") == reading()
        assert book.reading("nobody") is None

    def test_what_was_planned_for_any_letter_is_known(self, ledger: Ledger, book: CaseBook) -> None:
        assert not book.told(ACCOUNT, "sheet:2")
        ledger.plan(ledger.open("k1", ACCOUNT, arrival()), reading(), [filing("k1", "sheet:2")])
        assert book.told(ACCOUNT, "sheet:2")
        assert not book.told("other@imap.client.example", "sheet:2")
