"""Genuine letters are not frightened away: fifteen of them, as seven receivers deliver them, believed or not."""

from __future__ import annotations

import pytest

from inboxbot.letter.parse import read_letter
from inboxbot.records import Brief, Identity, Receiver, Standing, Trust
from inboxbot.trust.weigh import weigh
from tests.trust.letters import GENUINE, Written
from tests.trust.profiles import PROFILES
from tests.trust.receivers import SHAPES, Sent, delivered

LANGUAGES = ("fr", "en", "de")


def weighed(written: Written, shape: str, *, believed: bool = True, language: str = "fr", found: str = "pass") -> Trust:
    sent = Sent(
        written.domain, written.relay, written.relay, *([found] * 3 if not written.relay else ["fail", "pass", "pass"])
    )
    raw, receiver = delivered(written.raw(), shape, sent)
    brief = Brief(Identity(language=language), receiver if believed else Receiver())
    return weigh(read_letter(raw), raw, PROFILES[written.room], written.facts, written.stage, brief)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("written", GENUINE, ids=lambda written: written.subject[:30])
class TestAGenuineLetter:
    def test_is_never_suspect_where_the_receiver_is_believed(self, written: Written, shape: str) -> None:
        trust = weighed(written, shape)
        assert trust.verdict is not Standing.SUSPECT, trust.reasons

    def test_is_unverified_where_no_receiver_is_named(self, written: Written, shape: str) -> None:
        trust = weighed(written, shape, believed=False, language="de")
        assert trust.verdict is Standing.UNVERIFIED, trust.reasons

    def test_is_not_suspect_where_the_checks_gave_no_answer(self, written: Written, shape: str) -> None:
        trust = weighed(written, shape, found="temperror", language="en")
        assert trust.verdict is Standing.UNVERIFIED, trust.reasons


@pytest.mark.parametrize("shape", SHAPES)
def test_what_the_issuer_itself_sent_and_the_receiver_proved_is_genuine(shape: str) -> None:
    own = [
        written for written in GENUINE if not written.relay and written.domain.endswith(PROFILES[written.room].domains)
    ]
    assert len(own) == 8
    assert {weighed(written, shape).verdict for written in own} == {Standing.GENUINE}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_law_firms_or_providers_own_proof_is_at_best_unverified(shape: str) -> None:
    others = [written for written in GENUINE if not written.domain.endswith(PROFILES[written.room].domains)]
    assert len(others) == 6
    assert {weighed(written, shape).verdict for written in others} == {Standing.UNVERIFIED}


def test_more_than_two_hundred_letters_were_weighed() -> None:
    assert 3 * len(GENUINE) * len(SHAPES) >= 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reasons_are_in_the_users_language(language: str) -> None:
    reasons = weighed(GENUINE[0], "gmail", language=language).reasons
    assert {"fr": "a vérifié", "en": "has verified", "de": "hat geprüft"}[language] in reasons[0]
