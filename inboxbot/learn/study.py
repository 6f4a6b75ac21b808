"""One study: pile and packaged letters → a candidate, measured against the model in use. Runs in a process of its own."""

from __future__ import annotations

import importlib.metadata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import inboxbot
from inboxbot.issuers.room import open_rooms
from inboxbot.learn.clusters import collapse
from inboxbot.learn.doubt import doubted, suspected, unlike
from inboxbot.learn.finding import Finding
from inboxbot.learn.gate import Judged, dearer, decided, lost, objections, too_thin
from inboxbot.learn.pile import NAMED, Kept
from inboxbot.learn.taught import ENOUGH, as_example, examples_of_rooms, seen_by, teachable, undecided, without
from inboxbot.model import dataset, shelf
from inboxbot.model.dataset import Example, cases_of
from inboxbot.model.evaluate import choose_rule, cross_validate, learning_curve, outcome, report
from inboxbot.model.judge import NamedJudge
from inboxbot.model.names import Rooms
from inboxbot.model.page import Section, write_page
from inboxbot.model.pipeline import fit
from inboxbot.model.shelf import Bundle
from inboxbot.model.train import facts_of
from inboxbot.reader.known import known
from inboxbot.records import OTHER


@dataclass(frozen=True, slots=True)
class Task:
    """What to study: letters, and the directories of everything else, as text."""

    letters: tuple[Kept, ...]
    confirmed: frozenset[str]
    shelf: str
    recipe: str  # digest of everything else that a study depends on
    rooms: tuple[str, ...] = ()
    data: str = ""
    held_out: str = ""
    page: str = ""  # where to write a report, if anywhere
    sections: tuple[Section, ...] = ()  # what else it is to tell


def held_out_data() -> Path:
    """The packaged letters that nothing is ever trained on."""
    package = Path(inboxbot.__file__).parent
    inside = package / "_held_out"
    return inside if inside.is_dir() else package.parent / "tests" / "evaluation"


def study(task: Task) -> Finding:
    """Train a candidate, measure it and the model in use on the same letters, and lay it on the shelf with the findings."""
    extra = [Path(directory) for directory in task.rooms]
    rooms = known(open_rooms(extra))
    packaged = dataset.load(Path(task.data) if task.data else dataset.packaged_data(), rooms)
    held_out = dataset.load(Path(task.held_out) if task.held_out else held_out_data(), rooms)
    old = {example.label for example in packaged} | {OTHER}
    letters, notes = list(task.letters), []
    while True:
        taught, told = teachable(letters, old, rooms, extra)
        lesson = _Lesson(task, taught, packaged, held_out, rooms, extra)
        thin = lesson.thin()
        notes += [note for note in (*told, *thin.values()) if note not in notes]
        if not thin:
            return lesson.finding([*notes, *lesson.suspicions()])
        letters = [kept for kept in letters if kept.label not in thin]


class _Lesson:
    """What is learned from certain letters about certain rooms, and how good that is."""

    def __init__(
        self,
        task: Task,
        taught: Sequence[Kept],
        packaged: Sequence[Example],
        held_out: Sequence[Example],
        rooms: Rooms,
        extra: Sequence[Path],
    ) -> None:
        old = {example.label for example in packaged}
        self.task, self.taught, self.configured = task, taught, rooms.names.keys()
        self.added = {kept.label for kept in taught} - old - {OTHER}
        self.rooms = rooms = rooms.only(old | self.added)
        self.examples = examples_of_rooms(extra, rooms)
        packaged, held_out = (seen_by(each, rooms) for each in (packaged, held_out))
        pile = [as_example(kept, group, rooms) for kept, group in collapse(taught)]
        doubtful: dict[str, str] = {}
        if self.added:
            base = fit(cases_of([without(example, self.added) for example in packaged]))
            packaged, held_out = (undecided(each, self.added, base) for each in (packaged, held_out))
            doubtful |= self._unsettled(unlike(pile, self.added, base))
            pile = [example for example in pile if example.path.name not in doubtful]
        outcomes = cross_validate([*packaged, *pile], rooms)
        doubtful |= self._unsettled(doubted(outcomes[len(packaged) :]))
        self.packaged, self.held_out = packaged, held_out
        self.pile = [example for example in pile if example.path.name not in doubtful]
        self.outcomes = [o for o in outcomes if o.name not in doubtful]
        self.rule = choose_rule(self.outcomes)
        self.doubtful = tuple(
            (kept.key, kept.label, likely) for kept in taught if (likely := doubtful.get(kept.key[:NAMED]))
        )

    def _unsettled(self, doubts: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Those of the doubts that no person has settled by confirming the label."""
        confirmed = {key[:NAMED] for key in self.task.confirmed}
        return {name: likely for name, likely in doubts if name not in confirmed}

    def thin(self) -> dict[str, str]:
        """The new rooms that cannot be told yet, each with the reason."""
        examples = [*self.packaged, *self.pile]
        reasons: dict[str, str] = {}
        for room in sorted(self.added):
            left = sum(kept.label == room for kept in self.taught) - sum(label == room for _, label, _ in self.doubtful)
            naming = [o for o, example in zip(self.outcomes, examples, strict=True) if room in example.sights]
            if left < ENOUGH:
                reasons[room] = (
                    f"{room}: too thin to be learned: of its letters only {left} look alike, {ENOUGH} are needed"
                )
            elif why := next(too_thin(room, decided(naming, self.rule)), None):
                reasons[room] = why
        return reasons

    def suspicions(self) -> list[str]:
        """What confident learning makes of labels that nothing else speaks against."""
        unsettled, mine = self._unsettled(suspected(self.outcomes)), {each.path.name: each.label for each in self.pile}
        return [
            f"{name[:8]} is labelled {mine[name]}, cleanlab takes it for {likely}: look whether that is right"
            for name, likely in unsettled.items()
            if name in mine and likely != mine[name]
        ]

    def finding(self, notes: Sequence[str]) -> Finding:
        """The candidate on the shelf, and what speaks for and against it."""
        before = shelf.open_current(Path(self.task.shelf))
        learned = {example.path.name for example in self.pile}
        already: set[str] = set(before.card.get("learning", {}).get("letters", ())) if before else set()
        if before and learned == already and _same_recipe(before, self.task.recipe, self.added):
            why = "Nothing is new that could be learned from."
            return Finding(None, better=False, why=why, doubtful=self.doubtful, notes=tuple(notes))
        weights = fit(cases_of([*self.packaged, *self.pile]))
        after = Bundle("candidate", weights, self.rule, {})
        against = self._against(before, after, already) if before else []
        counts = Counter(example.label for example in self.pile)
        why = _paragraph(against, counts, before)
        learning = {
            "recipe": self.task.recipe,
            "better": not against,
            "why": why,
            "letters": sorted(learned),
        }
        examples = [*self.packaged, *self.pile]
        facts = {**facts_of(examples, report(self.outcomes, self.rule)), "learning": learning}
        version = shelf.save(Path(self.task.shelf), weights, self.rule, facts, datetime.now(UTC))
        if self.task.page:
            self._write_page(why, before, after)
        return Finding(version, not against, why, self.doubtful, tuple(notes), counts, tuple(against))

    def _write_page(self, why: str, before: Bundle | None, after: Bundle) -> None:
        """What changed, in the words of the lesson and letter by letter; then the measurement, on all that is learned from."""
        letters = [*self.held_out, *self.pile]
        decisions = [_judged_by(bundle, self.rooms, letters) for bundle in (before, after) if bundle]
        rows = tuple(
            (name, label, earlier, later)
            for (name, label, earlier), (_, _, later) in zip(decisions[0], decisions[-1], strict=True)
            if earlier != later
        )
        changed = Section("What changed", why, ("letter", "is", "decided before", "decided now"), rows)
        curve = learning_curve([*self.packaged, *self.pile], self.rooms)
        measured = report(self.outcomes, self.rule)
        write_page(Path(self.task.page), self.outcomes, measured, curve, (changed, *self.task.sections))

    def _against(self, before: Bundle, after: Bundle, already: Collection[str]) -> list[str]:
        """What speaks against the candidate: on held-out letters, the rooms' examples, and what was labelled since.

        The candidate is judged on each newly labelled letter without its hand. Mail that the model in use could not be
        asked about, since it names new rooms alone, counts in the sum only: whether the room is ready was asked before.
        """
        knows = set(before.weights.rooms)

        def judged(letters: Sequence[Example]) -> tuple[Judged, Judged]:
            return _judged_by(before, self.rooms, letters), _judged_by(after, self.rooms, letters)

        def labelled(*, known: bool) -> tuple[Judged, Judged]:
            fresh = [
                (example, outcome)
                for example, outcome in zip(self.pile, self.outcomes[len(self.packaged) :], strict=True)
                if example.path.name not in already
                and bool(example.label in knows or knows & example.sights.keys()) == known
            ]
            return _judged_by(before, self.rooms, [e for e, _ in fresh]), decided([o for _, o in fresh], self.rule)

        held_out, new, unknown = judged(self.held_out), labelled(known=True), labelled(known=False)
        forgotten = sorted((knows & self.configured) - set(after.weights.rooms))
        against = [f"it would no longer know {room}" for room in forgotten]
        against += objections(*held_out, "held-out letters")
        if names := lost(*judged(self.examples)):
            against.append(f"it no longer recognises the examples {', '.join(names)}")
        against += objections(*new, "newly labelled letters")
        then, now = ([*one, *other, *more] for one, other, more in zip(held_out, new, unknown, strict=True))
        return against + list(dearer(then, now, "held-out and newly labelled letters"))


def _judged_by(bundle: Bundle, rooms: Rooms, letters: Sequence[Example]) -> Judged:
    """What a model decides of letters; of rooms that it has never heard of it sees nothing."""
    judge, strange = (
        NamedJudge(bundle.weights, bundle.rule, bundle.version, rooms),
        rooms.names.keys() - bundle.weights.rooms,
    )
    seen = [without(letter, strange) for letter in letters]
    return decided(
        [replace(outcome(letter, judge), name="/".join(letter.path.parts[-2:])) for letter in seen], bundle.rule
    )


def _same_recipe(before: Bundle, recipe: str, added: Collection[str]) -> bool:
    """Whether a study today could only do again what led to this model."""
    return (
        before.card.get("learning", {}).get("recipe", recipe) == recipe
        and before.card.get("sklearn") == importlib.metadata.version("scikit-learn")
        and set(added) <= set(before.weights.rooms)
    )


def _paragraph(against: Sequence[str], counts: Mapping[str, int], before: Bundle | None) -> str:
    learned = ", ".join(f"{count} {label}" for label, count in sorted(counts.items())) or "no labelled letters"
    if before is None:
        return f"There was no model; this one learned from the packaged letters and {learned}."
    if against:
        return f"The candidate learned from {learned} and is not used: {'; '.join(against)}."
    return f"The candidate learned from {learned}; on held-out letters, examples and new labels it is nowhere worse than {before.version}."
