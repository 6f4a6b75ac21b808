"""Which of a letter's addresses are pages and images of the use, which is the portal, and which are neither."""

from __future__ import annotations

import pytest

from inboxbot.issuers.facts import find_facts
from inboxbot.letter.parse import read_letter
from inboxbot.records import Brief, Facts
from tests.issuers.letters import mail, rooms
from tests.letter.mails import message

LAWYER = "Me Brun <brun@cabinet-brun.example>"
PAGE = "https://bakery-lane.example/blog/market-day"


def facts(body: str, room: str = "copytrack", sender: str = "Copytrack <case@copytrack.com>") -> Facts:
    return find_facts(read_letter(mail(body, "Case 4KD82P", sender)), rooms()[room], Brief())


def of_a_lawyer(body: str) -> Facts:
    return facts(f"Madame,\n\n{body}\n\nMe Brun, avocat", "pixtrakk", LAWYER)


def rich(html: str) -> Facts:
    made = message("", html, From="Copytrack <case@copytrack.com>", Subject="Case 4KD82P")
    return find_facts(read_letter(made.as_bytes()), rooms()["copytrack"], Brief())


def test_pages_images_and_portal_are_told_apart() -> None:
    found = facts(
        f"Page: {PAGE}?utm_source=x&p=3\nImage: https://cdn.example/u/77/rose-1200x800.jpg\n"
        "Details: https://portal.copytrack.com/login"
    )
    assert found.page_urls == (f"{PAGE}?utm_source=x&p=3",)
    assert found.image_urls == ("https://cdn.example/u/77/rose-1200x800.jpg",)
    assert found.portal_url == "https://portal.copytrack.com/login"


@pytest.mark.parametrize(
    "footer",
    [
        "Privacy: https://www.copytrack.com/privacy",
        "https://www.facebook.com/copytrack",
        "https://www.linkedin.com/company/copytrack",
        "Original: https://www.weber-photo.example/portfolio/rose.jpg",
        "Our client's shop: https://shop.weber-photo.example/rose",
        "Screenshot: https://proof.example/s/4471.png",
        "https://www.gesetze-im-internet.de/urhg/__97.html",
        "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000032655082",
        "https://maps.google.com/?q=copytrack",
        "https://calendly.com/desk/15",
        "https://web.archive.org/web/2019/https://bakery-lane.example/",
    ],
)
def test_other_addresses_are_no_places_of_use(footer: str) -> None:
    found = facts(f"The picture is on {PAGE}.\n\n{footer}")
    assert (found.page_urls, found.image_urls) == ((PAGE,), ())


def test_the_writers_own_site_is_no_place_of_use() -> None:
    found = of_a_lawyer(f"La photographie figure sur {PAGE}.\n\nhttps://www.cabinet-brun.example/honoraires")
    assert found.page_urls == (PAGE,)


def test_a_page_that_is_only_linked_is_found_behind_its_words() -> None:
    found = rich(
        f'<p>Case 4KD82P: a picture on <a href="{PAGE}">your website</a>. <a href="https://portal.copytrack.com/c/4KD82P">Open</a></p>'
    )
    assert found.page_urls == (PAGE,)
    assert found.portal_url == "https://portal.copytrack.com/c/4KD82P"


def test_an_address_that_a_mail_filter_wrapped_is_unwrapped() -> None:
    wrapped = "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fbakery-lane.example%2Fblog%2Fmarket-day&amp;data=05"
    assert rich(f'<p>A picture on <a href="{wrapped}">{PAGE}</a></p>').page_urls == (PAGE,)


def test_an_images_path_is_resolved_against_its_page() -> None:
    found = of_a_lawyer(f"L'image /wp-content/uploads/rose.jpg apparaît sur {PAGE}.")
    assert found.image_urls == ("https://bakery-lane.example/wp-content/uploads/rose.jpg",)


def test_a_site_named_by_its_host_counts_where_no_page_is_given() -> None:
    assert of_a_lawyer("Le site bakery-lane.example reproduit une photographie.").page_urls == ("bakery-lane.example",)
    assert of_a_lawyer(f"Votre site bakery-lane.example la montre : {PAGE}").page_urls == (PAGE,)


def test_a_payment_page_of_the_lawyer_is_the_portal() -> None:
    found = of_a_lawyer("Vous pouvez régler en ligne : https://paiement.cabinet-brun.example/dossier/4512")
    assert found.portal_url == "https://paiement.cabinet-brun.example/dossier/4512"


def test_a_reply_form_of_the_arcom_is_the_portal() -> None:
    body = "Dossier 44 018 7 301 6. Vos observations : https://www.arcom.fr/formulaire/avertissement"
    found = facts(body, "hadopi", "Arcom <ne-pas-repondre@arcom.fr>")
    assert found.portal_url == "https://www.arcom.fr/formulaire/avertissement"
    assert found.page_urls == ()


def test_an_address_is_quoted_with_the_words_beside_it() -> None:
    passage = facts(f"The picture is on {PAGE}.").evidence["page_urls"]
    assert passage.quote == f"The picture is on {PAGE}."
