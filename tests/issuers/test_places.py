"""A letter as the rules see it: where words stand, and that what is found can be quoted as printed."""

from __future__ import annotations

from dataclasses import replace

from inboxbot.issuers.places import plain, view, views_of
from inboxbot.letter.parse import read_letter
from inboxbot.records import Address, Quoted
from tests.issuers.letters import mail
from tests.letter.mails import message


def test_plain_text_keeps_every_character_in_its_place() -> None:
    odd = "Référence n° 4512 – « l’œuvre » Größe: ×2 №7"
    assert plain(odd) == 'Reference no 4512 - " l\'euvre " Grose: x2 n7'
    assert len(plain(odd)) == len(odd)


def test_plain_text_keeps_its_capitals() -> None:
    assert plain("Élise MÜLLER") == "Elise MULLER"


def test_a_line_that_a_page_broke_goes_on() -> None:
    found = view("body", "The photograph was taken by our client and shown on\nyour website without a licence.")
    assert "shown on your website" in found.plain


def test_a_label_begins_a_line_of_its_own() -> None:
    found = view("body", "The photograph was shown on your website without any licence.\nCase number: K7Q2XB")
    assert "\nCase number" in found.plain


def test_short_lines_stay_apart() -> None:
    assert view("body", "Dossier\nK7Q2XB\nMontant").plain == "Dossier\nK7Q2XB\nMontant"


def test_a_passage_is_quoted_as_it_was_printed() -> None:
    text = "Bonjour.\nVotre référence à rappeler : 4512-AX. Merci."
    found = view("body", text)
    start = found.plain.index("reference")
    assert found.quote(start, start + 9) == "Votre référence à rappeler : 4512-AX."


def test_a_long_sentence_is_quoted_around_what_was_found() -> None:
    found = view("body", "mot " * 200 + "AIGUILLE " + "mot " * 200)
    start = found.plain.index("AIGUILLE")
    quote = found.quote(start, start + 8)
    assert "AIGUILLE" in quote
    assert len(quote) <= 240


def test_the_places_of_a_letter() -> None:
    made = message("The claim is attached.", Subject="Case K7Q2XB", From="Desk <case@copytrack.com>")
    made.add_attachment(b"Case K7Q2XB in writing", maintype="text", subtype="plain", filename="claim-K7Q2XB.txt")
    views = views_of(read_letter(made.as_bytes()))
    assert [found.text for found in views["subject"]] == ["Case K7Q2XB"]
    assert [found.source for found in views["attachments"]] == ["attachment:claim-K7Q2XB.txt"]
    assert [found.text for found in views["names"]] == ["claim-K7Q2XB.txt"]
    assert [found.text for found in views["sender"]] == ["Desk <case@copytrack.com>"]


def test_what_a_letter_quotes_is_history_that_of_the_issuer_before_the_users_own() -> None:
    mine = Quoted("my own words", Address("Claire", "contact@client.example"))
    theirs = Quoted("the first letter", Address("Copytrack", "case@copytrack.com"))
    letter = replace(read_letter(mail("We wait.")), quoted=(mine, theirs))
    assert [found.text for found in views_of(letter)["history"]] == ["the first letter", "my own words"]


def test_the_users_own_addresses_are_known_even_where_the_letter_went_elsewhere() -> None:
    mine = Quoted("my own words", Address("Claire", "claire@elsewhere.example"))
    theirs = Quoted("the first letter", Address("Copytrack", "case@copytrack.com"))
    letter = replace(read_letter(mail("We wait.")), quoted=(mine, theirs))
    texts = [found.text for found in views_of(letter, frozenset({"claire@elsewhere.example"}))["history"]]
    assert texts == ["the first letter", "my own words"]
