"""The sheet of a lesson: whether a better model was learned, from what, what spoke against it, and what is asked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inboxbot.cases.remarks import told
from inboxbot.cases.rows import Row, Section, safe
from inboxbot.cases.sheet import LABEL_FOLDER, Sheet

WORDS: dict[str, dict[str, str]] = {
    "fr": {
        "promoted": "Leçon : un meilleur modèle est en service",
        "kept": "Leçon : le modèle reste le même",
        "learned": "Appris de vos courriers étiquetés",
        "nothing": "aucun courrier étiqueté, seulement ceux du programme",
        "nowhere_worse": "Sur les courriers de contrôle, les exemples et les nouvelles étiquettes, il n'est nulle part moins bon.",
        "against": "Pourquoi le nouveau modèle n'est pas retenu",
        "asked": "À confirmer",
        "doubt": "{what} : étiqueté {label}, mais ressemble à {likely}.",
        "settle": "Si c'est juste : inboxbot label {key} --as {label}. Sinon : déplacez-le dans {folder}.",
        "unnamed": "le courrier {key}",
        "notes": "À savoir",
        "undo": "Revenir en arrière",
        "how": "inboxbot models rollback remet le modèle précédent ; inboxbot models list dit ce qu'il y a.",
    },
    "en": {
        "promoted": "Lesson: a better model is in use",
        "kept": "Lesson: the model stays the same",
        "learned": "Learned from the letters that you labelled",
        "nothing": "no labelled letter, only those that came with the program",
        "nowhere_worse": "On held-out letters, examples and new labels it is nowhere worse.",
        "against": "Why the new model is not used",
        "asked": "To be confirmed",
        "doubt": "{what}: labelled {label}, but looks like {likely}.",
        "settle": "If that is right: inboxbot label {key} --as {label}. Else move it into {folder}.",
        "unnamed": "the letter {key}",
        "notes": "Worth knowing",
        "undo": "To go back",
        "how": "inboxbot models rollback brings the model before it back; inboxbot models list shows what there is.",
    },
    "de": {
        "promoted": "Lektion: Ein besseres Modell ist in Gebrauch",
        "kept": "Lektion: Das Modell bleibt dasselbe",
        "learned": "Gelernt aus den Schreiben, die Sie eingeordnet haben",
        "nothing": "kein eingeordnetes Schreiben, nur die mitgelieferten",
        "nowhere_worse": "Bei Prüfschreiben, Beispielen und neu Eingeordnetem ist es nirgends schlechter.",
        "against": "Warum das neue Modell nicht gilt",
        "asked": "Zu bestätigen",
        "doubt": "{what}: eingeordnet als {label}, sieht aber nach {likely} aus.",
        "settle": "Wenn das stimmt: inboxbot label {key} --as {label}. Sonst verschieben nach {folder}.",
        "unnamed": "das Schreiben {key}",
        "notes": "Gut zu wissen",
        "undo": "Zurück",
        "how": "inboxbot models rollback bringt das vorige Modell zurück; inboxbot models list zeigt, was da ist.",
    },
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A label that the other letters speak against: the letter's key and subject ("" where it is not known)."""

    key: str
    subject: str
    label: str
    likely: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of a lesson: the candidate's version and whether it serves now, letters learned by label, and the rest."""

    version: str
    promoted: bool
    learned: Mapping[str, int]
    against: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()


def lesson_sheet(lesson: Lesson, language: str) -> Sheet:
    """The lesson on one sheet, in the user's language."""
    words = WORDS[language]
    head = words["promoted" if lesson.promoted else "kept"]
    sections = (
        Section("", (Row(words["nowhere_worse"]),) if lesson.promoted else ()),
        Section(words["against"], tuple(Row(safe(told(each, language))) for each in lesson.against)),
        Section(words["learned"], tuple(_learned(lesson.learned, words["nothing"]))),
        Section(words["asked"], tuple(_doubt(each, words) for each in lesson.doubts)),
        Section(words["notes"], tuple(Row(safe(told(each, language))) for each in lesson.notes)),
        Section(words["undo"], (Row(words["how"]),) if lesson.promoted else ()),
    )
    return Sheet(language, head, head, tuple(section for section in sections if section.rows))


def _learned(letters: Mapping[str, int], nothing: str) -> Iterator[Row]:
    if not letters:
        yield Row(nothing)
    yield from (Row(str(count), label.title()) for label, count in sorted(letters.items()))


def _doubt(doubt: Doubt, words: Mapping[str, str]) -> Row:
    key, folder = doubt.key[:8], LABEL_FOLDER.format(doubt.likely.title())
    what = f"« {safe(doubt.subject)} »" if doubt.subject else words["unnamed"].format(key=key)
    said = words["doubt"].format(what=what, label=doubt.label.title(), likely=doubt.likely.title())
    return Row(said, note=words["settle"].format(key=key, label=doubt.label, folder=folder))
