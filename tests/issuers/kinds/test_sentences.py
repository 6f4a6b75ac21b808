from __future__ import annotations

import pytest

from inboxbot.issuers.kinds.sentences import MAX_SENTENCE, MAX_TEXT, fold, read_piece

SPLIT = {
    "two sentences": ("Vous payez 350 €. Sinon, rien.", ["Vous payez 350 €.", "Sinon, rien."]),
    "abbreviations": ("L'art. L. 122-4 du code et M. Féraud, env. 3 p. ex.", None),
    "a tax mark": ("Nous demandons 850,00 euros T.T.C. de réparation.", None),
    "an ordinal": ("Zahlen Sie bis zum 15. März 2025 den Betrag.", None),
    "a small letter": ("Voir p. 3 ... puis payer.", None),
    "lines that were wrapped": (
        "Wir bitten Sie höflich, den Betrag von 350,00 EUR bis spätestens\nEnde März zu überweisen, sonst folgt die Abgabe an\nunsere Rechtsanwälte in Ihrem Land.",
        [
            "Wir bitten Sie höflich, den Betrag von 350,00 EUR bis spätestens Ende März zu überweisen, sonst folgt die Abgabe an unsere Rechtsanwälte in Ihrem Land."
        ],
    ),
    "rows": (
        "Indemnité   300,00 €\nFrais   80,00 €\nTotal   380,00 €",
        ["Indemnité 300,00 €", "Frais 80,00 €", "Total 380,00 €"],
    ),
    "items": ("- retirer l'image,\n- payer 350 €.", ["- retirer l'image,", "- payer 350 €."]),
    "options": (
        "Option 1, licence, douze mois : 389,59 €\nOption 2, dédommagement : 350,00 €",
        ["Option 1, licence, douze mois : 389,59 €", "Option 2, dédommagement : 350,00 €"],
    ),
    "headings": ("Offre\nVous payez.", ["Offre", "Vous payez."]),
}


@pytest.mark.parametrize("what", SPLIT)
def test_a_text_is_split_at(what: str) -> None:
    text, wanted = SPLIT[what]
    piece = read_piece("body", text)
    assert [piece.quote(each) for each in piece.sentences] == (wanted or [text])


def test_each_character_keeps_its_place() -> None:
    text = "Straße, œuvre, ’, –, É\nWWW.EXAMPLE.ORG/350€ und Größe"
    piece = read_piece("body", text)
    assert len(piece.folded) == len(text)
    assert fold("Straße, œuvre, ’, –, É") == "strase, ouvre, ', -, e"
    assert "350" not in piece.folded


def test_the_sentence_of_an_offset_is_found() -> None:
    piece = read_piece("body", "Eins. Zwei. Drei.")
    assert [piece.sentence_at(offset) for offset in (0, 4, 6, 12, 99)] == [0, 0, 1, 2, 2]


@pytest.mark.parametrize(
    "text",
    ["x" * 300_000, "A. B. " * 50_000, "lang " * 60_000, "\n" * 300_000],
    ids=["one word", "initials", "one sentence", "no line"],
)
def test_a_long_text_is_bounded(text: str) -> None:
    piece = read_piece("body", text)
    assert len(piece.printed) <= MAX_TEXT
    assert all(len(each.text) <= MAX_SENTENCE for each in piece.sentences)
