"""Each filing exactly once on a real server, whatever happens in between; `make proof` goes through all of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from inboxbot.errors import RefusedError
from inboxbot.records import Step
from tests.contracts.mailbox_contract import mail, message_id
from tests.interruptions import Killer, Trial, Trials, append_lengths, cut_in_append
from tests.servers import faultproxy as fault
from tests.servers.imapservers import Server

CHUNKS = 6
SAMPLED_PAIRS, SAMPLED_CUTS, TORMENTED = 4, 8, 4  # all of it: tests/proof


@pytest.fixture(scope="module")
def trials(dovecot: Server) -> Iterator[Trials]:
    with Trials(dovecot) as trials:
        yield trials


def test_an_undisturbed_run_files_a_draft_and_a_sheet_and_the_next_one_nothing(trials: Trials) -> None:
    with trials.trial() as trial:
        assert trial.run()
        trial.assert_done()
        assert trial.run()
        trial.assert_done()


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_one_interruption_at_any_step(trials: Trials, chunk: int) -> None:
    for step in range(1 + chunk, len(trials.steps()) + 1, CHUNKS):
        with trials.trial() as trial:
            assert trial.run(kill_at=step) is None
            assert trial.recover()
            trial.assert_done()


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_second_interruption_while_recovering_from_the_first(trials: Trials, chunk: int) -> None:
    dice = random.Random(chunk)
    steps = len(trials.steps())
    for _ in range(SAMPLED_PAIRS):
        twice(trials, dice.randint(1, steps), dice.randint(1, steps))


def twice(trials: Trials, first: int, second: int) -> None:
    with trials.trial() as trial:
        assert trial.run(kill_at=first) is None
        trial.recover(kill_at=second)
        assert trial.recover()
        trial.assert_done()


# --- the user, meanwhile ----------------------------------------------------------------------------------------------


def expunge(trial: Trial) -> None:
    trial.world.remove("Drafts", trial.draft)


def throw_away(trial: Trial) -> None:
    trial.world.move("Drafts", trial.draft, "Trash")


def send(trial: Trial) -> None:
    trial.world.move("Drafts", trial.draft, "Sent")


def put_elsewhere(trial: Trial) -> None:
    trial.world.move("Drafts", trial.draft, "Archive")


def edit(trial: Trial) -> None:
    """As mail clients do: the new one is appended under a Message-ID of its own, the old one goes."""
    trial.world.deliver(mail("edited", In_Reply_To=message_id("a")), "Drafts")
    trial.world.remove("Drafts", trial.draft)


ACTS = [expunge, throw_away, send, put_elsewhere, edit]


@pytest.mark.parametrize("act", ACTS)
def test_what_the_user_did_to_a_draft_before_the_recovery_is_not_undone(
    trials: Trials, act: Callable[[Trial], None]
) -> None:
    steps = trials.steps()
    around = range(steps.index("after the literal") + 1, steps.index("after filed") + 2)
    was_there = [meanwhile(trials, step, act) for step in around]
    assert any(was_there)


def meanwhile(trials: Trials, step: int, act: Callable[[Trial], None]) -> bool:
    """Kill at the step, act if the draft is there, recover; whether it was there."""
    with trials.trial() as trial:
        assert trial.run(kill_at=step) is None
        there = trial.copies(trial.draft) == ["Drafts"]
        if there:
            act(trial)
        after = trial.copies(trial.draft)
        assert trial.recover()
        assert trial.copies(trial.draft) == (after if there else ["Drafts"])
        assert trial.copies(trial.sheet) == ["Cases"]
        assert trial.filings()[trial.draft] in (Step.FILED, Step.UNCERTAIN)
        assert trial.filings()[trial.sheet] is Step.FILED
        if act in (throw_away, send):
            assert trial.filings()[trial.draft] is Step.FILED
    return there


def test_a_draft_that_the_user_wrote_meanwhile_does_not_hide_that_ours_is_missing(trials: Trials) -> None:
    step = trials.steps().index("after intend") + 1
    with trials.trial() as trial:
        assert trial.run(kill_at=step) is None
        trial.world.deliver(mail("theirs"), "Drafts")
        assert trial.recover()
        assert trial.copies(trial.draft) == ["Drafts"]
        assert trial.filings()[trial.draft] is Step.FILED


@pytest.mark.parametrize("appended", [True, False])
def test_after_a_new_uidvalidity_a_draft_is_found_again_or_never_appended_again(trials: Trials, appended: bool) -> None:
    steps = trials.steps()
    step = steps.index("after the end of the literal" if appended else "after intend") + 1
    with trials.trial() as trial:
        assert trial.run(kill_at=step) is None
        trial.world.renumber("Drafts")
        assert trial.recover()
        assert trial.copies(trial.draft) == (["Drafts"] if appended else [])
        assert trial.filings()[trial.draft] is (Step.FILED if appended else Step.UNCERTAIN)
        assert trial.copies(trial.sheet) == ["Cases"]


@pytest.mark.parametrize(
    ("moment", "step", "copies"),
    [
        ("after plan", Step.FILED, ["Drafts"]),  # into the folder that is Drafts now
        ("after intend", Step.UNCERTAIN, []),
        ("after the end of the literal", Step.UNCERTAIN, ["Brouillons"]),
    ],
)
def test_a_renamed_drafts_folder_makes_no_second_draft(
    trials: Trials, moment: str, step: Step, copies: list[str]
) -> None:
    at = trials.steps().index(moment) + 1
    with trials.trial() as trial:
        assert trial.run(kill_at=at) is None
        trial.world.person.rename_folder("Drafts", "Brouillons")  # this server makes a new, empty one by itself
        assert trial.recover()
        assert (trial.filings()[trial.draft], trial.copies(trial.draft)) == (step, copies)


# --- the server and the store -----------------------------------------------------------------------------------------


def test_a_full_mailbox_holds_up_its_drafts_and_nothing_else(trials: Trials) -> None:
    full = fault.instead(b"TAG NO [OVERQUOTA] Quota exceeded\r\n")
    with trials.trial() as trial:
        trial.world.port, real = trial.world.wire.port, trial.world.port
        trial.world.wire.always = [lambda: fault.on(rb"APPEND", full, times=99)]
        for _ in range(3):
            with pytest.raises(RefusedError, match="make room"):
                trial.run()
            assert trial.filings() == {trial.draft: Step.PLANNED, trial.sheet: Step.PLANNED}
        with trial.ledger() as ledger:
            assert ledger.awaiting(trial.account) == []
        trial.world.port = real
        assert trial.run()
        trial.assert_done()


def test_a_lost_store_files_nothing_twice(trials: Trials) -> None:
    with trials.trial() as trial:
        assert trial.run()
        trial.world.move("Drafts", trial.draft, "Sent")
        trial.lose_store(trials.template)
        assert trial.run()
        assert trial.copies(trial.draft) == ["Sent"]
        assert trial.copies(trial.sheet) == ["Cases"]


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_line_cut_within_the_append_dialogue_costs_nothing(trials: Trials, direction: fault.Direction) -> None:
    length = append_lengths(trials)[direction]
    for count in range(0, length + 1, max(length // SAMPLED_CUTS, 1)):
        cut_and_recover(trials, direction, count)


def cut_and_recover(trials: Trials, direction: fault.Direction, count: int) -> None:
    with trials.trial() as trial:
        trial.run_cut(cut_in_append(direction, count))
        assert trial.recover()
        trial.assert_done()


def test_a_process_killed_at_any_moment_costs_nothing(trials: Trials) -> None:
    killer = Killer(trials, seed=1)
    for _ in range(TORMENTED):
        killer.torment()
    assert killer.kills > 0
