"""Who is who: the party that claims, the author named apart, and the people who are neither."""

from __future__ import annotations

import pytest

from inboxbot.issuers.facts import find_facts
from inboxbot.letter.parse import read_letter
from inboxbot.records import Brief
from tests.issuers.letters import mail, rooms

LAWYER = "Paul Brun <brun@brun.example>"


def parties(
    body: str, room: str = "copytrack", sender: str = "Copytrack <case@copytrack.com>"
) -> tuple[str | None, str | None]:
    found = find_facts(read_letter(mail(body, "Photographie", sender)), rooms()[room], Brief())
    return found.rights_holder, found.author


def told_by_a_lawyer(sentence: str) -> str | None:
    return parties(
        f"Madame,\n\n{sentence}\n\n310 € sous quinze jours.\n\nPaul Brun\nAvocat au barreau de Lille",
        "pixtrakk",
        LAWYER,
    )[0]


@pytest.mark.parametrize(
    ("sentence", "party"),
    [
        ("Je suis l'avocat de Mme Zoé Martin, photographe.", "Zoé Martin"),
        ("J'ai été saisi par Monsieur Karl Weber, photographe à Metz.", "Karl Weber"),
        ("Zoé Martin, photographe, m'a confié la défense de ses droits.", "Zoé Martin"),
        ("Ma cliente, l'agence Lumière Bleue, a découvert sa photographie sur votre site.", "Lumière Bleue"),
        ("J'ai l'honneur d'être le conseil de Madame Zoé MARTIN, artiste-auteure.", "Zoé MARTIN"),
        (
            "Je vous écris dans l'intérêt des consorts Rouvier, héritiers du photographe Jean Rouvier.",
            "consorts Rouvier",
        ),
        ("Affaire : Weber c/ SARL Les Tilleuls", "Weber"),
    ],
)
def test_the_party_is_who_the_lawyer_writes_for(sentence: str, party: str) -> None:
    assert told_by_a_lawyer(sentence) == party


@pytest.mark.parametrize(
    ("sentence", "party"),
    [
        ("Hace un mes le escribimos por una fotografía de Alborada Imagen S.L.", "Alborada Imagen S.L."),
        ("Rechteinhaber des Bildes ist die Lichtung Bildagentur GmbH.", "Lichtung Bildagentur GmbH"),
        ("Our client: Ms Ada Nwosu-Clarke - your website", "Ada Nwosu-Clarke"),
        ("Siamo incaricati dal fotografo Ottavio Brancaleoni di scriverVi.", "Ottavio Brancaleoni"),
    ],
)
def test_a_name_ends_where_it_ends(sentence: str, party: str) -> None:
    assert parties(f"{sentence}\n\n310 €")[0] == party


@pytest.mark.parametrize(
    "sentence",
    [
        "DERNIERE PROPOSITION DE MON CLIENT ETAIT DE 980 EUROS.",
        "Remove the picture and pay my client EUR 870.",
        "Principal : 350,00 EUR",
        "Copytrack wrote to our client (Little Owl Books).",
    ],
)
def test_words_that_only_stand_where_a_name_might_are_none(sentence: str) -> None:
    assert parties(sentence)[0] is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Ma cliente est l'auteure de la photographie. Votre prestataire, la société Web Studio, l'a copiée.",
        "Vous m'indiquez l'avoir achetée à Adobe Stock. Ma cliente n'y vend rien.",
        "Vous m'écrivez par l'intermédiaire de Mme Claire Petit, votre comptable.",
    ],
)
def test_who_is_only_named_is_not_the_party(sentence: str) -> None:
    assert told_by_a_lawyer(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("We write on behalf of Lumen Pictures Ltd.", ("Lumen Pictures Ltd", None)),
        ("Rights holder: Northlight Agency\nPhotographer: Karl Weber", ("Northlight Agency", "Karl Weber")),
        (
            "We represent the photo agency Northlight, which licenses pictures by Karl Weber.",
            ("Northlight", "Karl Weber"),
        ),
        ("Photographer: Karl Weber", (None, "Karl Weber")),
        ("Our client, the photographer Zoe Martin, found her picture on your site.", ("Zoe Martin", None)),
        ("im Auftrag unseres Kunden Karl Weber melden wir uns.", ("Karl Weber", None)),
        ("wir vertreten die Bildagentur Nordlicht GmbH.", ("Nordlicht GmbH", None)),
        ("Les escribimos en nombre de Zoé Martín, fotógrafa.", ("Zoé Martín", None)),
        ("Il nostro cliente Carlo Neri ha trovato la sua foto sul vostro sito.", ("Carlo Neri", None)),
        ("Onze klant, Fotobureau Licht B.V., heeft ons gevraagd u te schrijven.", ("Fotobureau Licht B.V.", None)),
        ("You told us that you bought it from Shutterstock Images.", (None, None)),
    ],
)
def test_the_author_is_told_where_named_apart(sentence: str, found: tuple[str | None, str | None]) -> None:
    assert parties(f"{sentence}\n\nCase 4KD82P. EUR 310.\n\nCopytrack") == found


def test_the_issuer_is_never_its_own_principal() -> None:
    assert parties("We write on behalf of Copytrack GmbH. Case 4KD82P.") == (None, None)


def test_the_reader_is_not_the_party() -> None:
    assert parties("Sehr geehrte Frau Rautenberg,\n\nunser Kunde hat sein Foto auf Ihrer Seite gefunden. 310 €.") == (
        None,
        None,
    )


def test_a_surname_gets_its_first_name_from_elsewhere_in_the_letter() -> None:
    found = told_by_a_lawyer("Mon client est M. Weber. La photographie a été prise par Karl Weber en 2019.")
    assert found == "Karl Weber"


def test_an_author_who_claims_is_the_party_and_one_in_a_caption_is_not() -> None:
    caption = "We found the picture (photographer: Ilse Brandt) on your site. EUR 310."
    assert parties(caption) == (None, "Ilse Brandt")
    assert parties(f"{caption} Ms Brandt has asked us to write to you.") == ("Ilse Brandt", None)
