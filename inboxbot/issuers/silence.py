"""Why no reply is drafted, in one sentence for the user; a missing fact is never a reason, it leaves a visible blank.

A person's label stands above the judge and above marks in the header; the reply that a person asks for by name stands
above what a stage would call for. Nothing is ever filed above a suspect sender (design, decisions 3 and 5).
"""

from __future__ import annotations

from inboxbot.issuers.room import Room
from inboxbot.letter.automatic import is_own
from inboxbot.records import OTHER, UNSURE, Brief, Letter, Standing, Trust, Verdict

REASONS: dict[str, dict[str, str]] = {
    "ours": {
        "fr": "Ce courrier vient de vous-même.",
        "en": "This mail comes from yourself.",
        "de": "Diese Mail stammt von Ihnen selbst.",
    },
    "automatic": {
        "fr": "Ce courrier a été envoyé par un automate (réponse automatique ou avis de remise).",
        "en": "This mail was sent by a machine (an automatic reply or a delivery report).",
        "de": "Diese Mail hat ein Automat verschickt (automatische Antwort oder Zustellbericht).",
    },
    "other": {
        "fr": "Ce n’est pas une réclamation d’un émetteur connu.",
        "en": "This is not a demand letter of an issuer known here.",
        "de": "Das ist kein Forderungsschreiben eines hier bekannten Absenders.",
    },
    "unsure": {
        "fr": "Il n’est pas certain que ce soit une réclamation : rangez ce courrier dans un dossier d’étiquette pour en décider.",
        "en": "It is not certain that this is a demand letter: move the mail into a label folder to decide it.",
        "de": "Es ist nicht sicher, ob das ein Forderungsschreiben ist: Verschieben Sie die Mail zur Entscheidung in einen Label-Ordner.",
    },
    "suspect": {
        "fr": "Ce courrier est suspect : une réponse pourrait vous nuire.",
        "en": "This mail is suspect: a reply might harm you.",
        "de": "Diese Mail ist verdächtig: Eine Antwort könnte Ihnen schaden.",
    },
    "closing": {
        "fr": "Ce courrier clôt le dossier ou constate un accord : aucune réponse type ne convient.",
        "en": "This letter closes the matter or records a settlement: no standard reply fits.",
        "de": "Dieses Schreiben schließt die Sache ab oder hält eine Einigung fest: Keine Standardantwort passt.",
    },
    "no-stage": {
        "fr": "Ce courrier ne demande rien, par exemple parce qu’il accuse réception.",
        "en": "This letter asks for nothing; it acknowledges receipt, for example.",
        "de": "Dieses Schreiben verlangt nichts, etwa weil es nur den Eingang bestätigt.",
    },
    "stage": {
        "fr": "À ce stade, {title} n’attend pas de réponse.",
        "en": "At this stage {title} expects no reply.",
        "de": "In diesem Stadium erwartet {title} keine Antwort.",
    },
}


def reason_for_silence(
    letter: Letter, verdict: Verdict, room: Room | None, stage: str | None, trust: Trust, brief: Brief
) -> str | None:
    """Why no reply is drafted, in the user's language; None where one is."""
    name = _reason(letter, verdict, room, stage, trust, brief)
    if name is None:
        return None
    sentences = REASONS[name]
    sentence = sentences.get(brief.identity.language, sentences["en"])
    return sentence.format(title=room.title if room else "")


def _reason(
    letter: Letter, verdict: Verdict, room: Room | None, stage: str | None, trust: Trust, brief: Brief
) -> str | None:
    by_hand = brief.label is not None or brief.scenario is not None
    if not by_hand and is_own(letter, brief.ours):
        return "ours"
    if not by_hand and letter.automatic:
        return "automatic"
    if room is None:
        return UNSURE if brief.label is None and verdict.label == UNSURE else OTHER
    if trust.verdict is Standing.SUSPECT and not (brief.printed and brief.scenario):
        return "suspect"
    if brief.scenario is not None or room.default_scenario(stage) is not None:
        return None
    return {"closing": "closing", None: "no-stage"}.get(stage, "stage")
