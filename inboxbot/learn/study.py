"""One study: pile and packaged letters → a candidate, measured against the model in use. Runs in a process of its own."""

from __future__ import annotations

import importlib.metadata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import inboxbot
from inboxbot.issuers.room import HERE, PACKAGED, open_rooms
from inboxbot.learn.clusters import collapse
from inboxbot.learn.gate import Judged, decided, lost, objections
from inboxbot.learn.pile import NAMED, Kept
from inboxbot.model import dataset, shelf
from inboxbot.model.dataset import Example, cases_of, read_example
from inboxbot.model.evaluate import Outcome, choose_rule, cross_validate, outcome, report
from inboxbot.model.features import sights
from inboxbot.model.judge import NamedJudge
from inboxbot.model.names import Names, Rooms
from inboxbot.model.pipeline import Weights, fit
from inboxbot.model.shelf import Bundle
from inboxbot.model.train import facts_of
from inboxbot.reader.known import known
from inboxbot.records import OTHER

ENOUGH, EXAMPLES = 12, 3  # labelled letters and examples that a new room needs before it is taught
DOUBTFUL = 0.05  # a label to which the others give less than this is asked about before it is learned
OPEN = -1.0  # log-odds: packaged ordinary mail above it may well be a new room's letter, and teaches nothing about it


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


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a study. Without a version there was nothing to train on; `why` is one plain paragraph."""

    version: str | None
    better: bool
    why: str
    doubtful: tuple[tuple[str, str, str], ...] = ()  # key, label given, label that the others would give
    notes: tuple[str, ...] = ()


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
    taught, notes = _teachable(task.letters, packaged, rooms, extra)
    added = {kept.label for kept in taught} - {example.label for example in packaged} - {OTHER}
    rooms = rooms.only({example.label for example in packaged} | added)
    examples = _examples_of_rooms(extra, rooms)
    held_out = dataset.load(Path(task.held_out) if task.held_out else held_out_data(), rooms)
    packaged, held_out = (_seen_by(each, rooms) for each in (packaged, held_out))
    if added:
        base = fit(cases_of([_without(example, added) for example in packaged]))
        packaged, held_out = (_undecided(each, added, base) for each in (packaged, held_out))
    before = shelf.open_current(Path(task.shelf))
    pile = [_example(kept, group, rooms) for kept, group in collapse(taught)]
    outcomes = cross_validate([*packaged, *pile], rooms)
    unsettled = {kept.key[:NAMED] for kept in taught if kept.key not in task.confirmed}
    doubtful = {o.name: o for o in outcomes[len(packaged) :] if o.name in unsettled and _is_doubtful(o)}
    pile = [example for example in pile if example.path.name not in doubtful]
    told = tuple(
        (kept.key, kept.label, max(o.probabilities, key=lambda label: o.probabilities[label]))
        for kept in taught
        if (o := doubtful.get(kept.key[:NAMED]))
    )
    learned = {example.path.name for example in pile}
    already: set[str] = set(before.card.get("learning", {}).get("letters", ())) if before else set()
    if before and learned == already and _same_recipe(before, task.recipe, added):
        why = "Nothing is new that could be learned from."
        return Finding(None, better=False, why=why, doubtful=told, notes=tuple(notes))
    outcomes = [o for o in outcomes if o.name not in doubtful]
    rule = choose_rule(outcomes)
    weights = fit(cases_of([*packaged, *pile]))
    after = Bundle("candidate", weights, rule, {})
    new = [o for o in outcomes[len(packaged) :] if o.name not in already]
    against = _compared(before, after, rooms, held_out, examples, [e for e in pile if e.path.name not in already], new)
    counts = Counter(example.label for example in pile)
    why = _paragraph(against, counts, before)
    facts = {
        **facts_of([*packaged, *pile], report(outcomes, rule)),
        "learning": {"recipe": task.recipe, "better": not against, "why": why, "letters": sorted(learned)},
    }
    version = shelf.save(Path(task.shelf), weights, rule, facts, datetime.now(UTC))
    return Finding(version, not against, why, told, tuple(notes))


def _same_recipe(before: Bundle, recipe: str, added: Collection[str]) -> bool:
    """Whether a study today could only do again what led to this model."""
    return (
        before.card.get("learning", {}).get("recipe", recipe) == recipe
        and before.card.get("sklearn") == importlib.metadata.version("scikit-learn")
        and set(added) <= set(before.weights.rooms)
    )


# --- the letters ------------------------------------------------------------------------------------------------------


def _teachable(
    letters: Sequence[Kept], packaged: Sequence[Example], rooms: Rooms, extra: Sequence[Path]
) -> tuple[list[Kept], list[str]]:
    """The letters whose label can be learned, and in words why others cannot: no room, too few letters or examples."""
    old = {example.label for example in packaged} | {OTHER}
    examples = {label: len(list((folder / "examples").glob("*.eml"))) for label, folder in _folders(extra).items()}
    taught, notes = [], []
    for label, count in sorted(Counter(kept.label for kept in letters).items()):
        if label not in old and label not in rooms.names:
            notes.append(f"{label}: no room is called so, its {count} letters are left aside")
        elif label not in old and count < ENOUGH:
            notes.append(
                f"{label}: too thin to be learned: {count} of the {ENOUGH} labelled letters that a new room needs"
            )
        elif label not in old and examples.get(label, 0) < EXAMPLES:
            notes.append(
                f"{label}: too thin to be learned: {examples.get(label, 0)} of the {EXAMPLES} examples that it needs"
            )
        else:
            mine = [kept for kept in letters if kept.label == label]
            nameless = [kept for kept in mine if label != OTHER and label not in kept.sights]
            if nameless:
                keys = ", ".join(kept.key[:8] for kept in nameless)
                notes.append(f"{label}: letters that name the issuer nowhere cannot be recognised: {keys}")
            taught += [kept for kept in mine if kept not in nameless]
    return taught, notes


def _example(kept: Kept, group: str, rooms: Rooms) -> Example:
    seen = {room: sight for room, sight in kept.sights.items() if room in rooms.names}
    return Example(Path(kept.key[:NAMED]), kept.label, group, kept.language or "?", seen)


def _examples_of_rooms(extra: Sequence[Path], rooms: Rooms) -> list[Example]:
    """The rooms' own examples: never trained on, and never to be judged worse than before."""
    names = Names(rooms)
    return [
        Example(Path(f"{label}/{path.name}"), label, "examples", "?", sights(read_example(path), names))
        for label, folder in _folders(extra).items()
        if label in rooms.names
        for path in sorted((folder / "examples").glob("*.eml"))
    ]


def _folders(extra: Sequence[Path]) -> dict[str, Path]:
    """The folder of each room, by its label."""
    return {folder.resolve().name: folder for folder in (*(HERE / name for name in PACKAGED), *extra)}


def _seen_by(examples: Sequence[Example], rooms: Rooms) -> list[Example]:
    """The examples as far as they name these rooms."""
    return [_without(example, example.sights.keys() - rooms.names.keys()) for example in examples]


def _without(example: Example, rooms: Collection[str]) -> Example:
    return replace(example, sights={room: sight for room, sight in example.sights.items() if room not in rooms})


def _undecided(examples: Sequence[Example], added: Collection[str], base: Weights) -> list[Example]:
    """Packaged mail says nothing of a room that came later: where it looks like one of its letters, nobody has decided."""
    return [
        _without(
            example,
            {room for room in added & example.sights.keys() if base.log_odds(room, example.sights[room]) > OPEN},
        )
        for example in examples
    ]


# --- measuring --------------------------------------------------------------------------------------------------------


def _is_doubtful(judged: Outcome) -> bool:
    return judged.probabilities.get(judged.label, 0.0) < DOUBTFUL


def _compared(
    before: Bundle | None,
    after: Bundle,
    rooms: Rooms,
    held_out: Sequence[Example],
    examples: Sequence[Example],
    new: Sequence[Example],
    new_outcomes: Sequence[Outcome],
) -> list[str]:
    """What speaks against the candidate; without a model in use nothing does."""
    if before is None:
        return []

    def judged_by(bundle: Bundle, letters: Sequence[Example]) -> Judged:
        judge, knows = NamedJudge(bundle.weights, bundle.rule, bundle.version, rooms), set(bundle.weights.rooms)
        seen = [_without(letter, letter.sights.keys() - knows) for letter in letters]
        outcomes = [replace(outcome(letter, judge), name=str(letter.path)) for letter in seen]
        return decided(outcomes, bundle.rule)

    def judged(letters: Sequence[Example]) -> tuple[Judged, Judged]:
        return judged_by(before, letters), judged_by(after, letters)

    against = list(objections(*judged(held_out), "held-out letters"))
    if names := lost(*judged(examples)):
        against.append(f"it no longer recognises the examples {', '.join(names)}")
    against += objections(judged_by(before, new), decided(new_outcomes, after.rule), "newly labelled letters")
    return against


def _paragraph(against: Sequence[str], counts: Mapping[str, int], before: Bundle | None) -> str:
    learned = ", ".join(f"{count} {label}" for label, count in sorted(counts.items())) or "no labelled letters"
    if before is None:
        return f"There was no model; this one learned from the packaged letters and {learned}."
    if against:
        return f"The candidate learned from {learned} and is not used: {'; '.join(against)}."
    return f"The candidate learned from {learned}; on held-out letters, examples and new labels it is nowhere worse than {before.version}."
