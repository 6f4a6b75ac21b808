"""Every imitation is caught, wherever it claims to come from; ordinary mail is left alone."""

from __future__ import annotations

import pytest

from inboxbot.letter.parse import read_letter
from inboxbot.records import Brief, Facts, Identity, Standing
from inboxbot.trust.weigh import weigh
from tests.letter.mails import mail, message
from tests.trust.fakes import FAKES, LURES
from tests.trust.profiles import PROFILES
from tests.trust.receivers import Sent, delivered

ENGLISH = Brief(Identity(language="en"))


@pytest.mark.parametrize("name", FAKES)
def test_an_imitation_is_suspect_and_gets_no_address(name: str) -> None:
    room, stage, facts, made = FAKES[name]
    raw = made.as_bytes()
    trust = weigh(read_letter(raw), raw, PROFILES[room], facts, stage, ENGLISH)
    assert trust.verdict is Standing.SUSPECT, trust.reasons
    assert trust.reasons
    assert trust.reply_to is None


@pytest.mark.parametrize("name", FAKES)
def test_its_senders_own_proof_does_not_save_it(name: str) -> None:
    room, stage, facts, made = FAKES[name]
    domain = str(made["From"]).rpartition("@")[2].rstrip(">")
    raw, receiver = delivered(made.as_bytes(), "own server", Sent(domain))
    if domain in PROFILES[room].domains:
        receiver = type(receiver)()  # the forger cannot have the issuer's own proof
    trust = weigh(read_letter(raw), raw, PROFILES[room], facts, stage, Brief(receiver=receiver))
    assert trust.verdict is Standing.SUSPECT, trust.reasons


@pytest.mark.parametrize("name", LURES)
def test_a_lure_that_imitates_no_room_is_suspect(name: str) -> None:
    raw = LURES[name].as_bytes()
    trust = weigh(read_letter(raw), raw, None, Facts(), None, ENGLISH)
    assert trust.verdict is Standing.SUSPECT, trust.reasons


@pytest.mark.parametrize(
    "body",
    [
        "Hello Claire,\n\nlunch on Friday? I bought the gift cards for the team.\n\nJan",
        "Your order 4711 has shipped. Pay with gift card, PayPal or Bitcoin next time and save 5 %.",
        "Confirm your e-mail address and choose a password: https://shop.example/confirm",
        "Vos photos sont prêtes : https://wetransfer.com/downloads/1a2b3c",
        "Le tribunal a condamné hier un site pirate ; notre lettre d'information juridique vous en dit plus.",
    ],
)
def test_ordinary_mail_is_unverified_and_nothing_else(body: str) -> None:
    raw = mail(body, From="Jan <jan@example.org>")
    trust = weigh(read_letter(raw), raw, None, Facts(), None, ENGLISH)
    assert trust.verdict is Standing.UNVERIFIED
    assert trust.reasons == ("Nothing here proves that this mail really comes from example.org.",)


def test_ordinary_mail_with_a_proof_is_never_genuine() -> None:
    raw, receiver = delivered(mail("Hello.", From="Jan <jan@copytrack.com>"), "gmail", Sent("copytrack.com"))
    trust = weigh(read_letter(raw), raw, None, Facts(), None, Brief(Identity(language="en"), receiver))
    assert trust.verdict is Standing.UNVERIFIED
    assert trust.reasons == ("Your mail server has verified that this mail really comes from copytrack.com.",)


def test_a_page_that_a_mail_client_made_of_the_text_is_no_trick() -> None:
    made = message("Our client's image is used on your website, case 7K2M9Q.", From="Copytrack <case@copytrack.com>")
    made.add_attachment(b"<p>text</p>", maintype="text", subtype="html", filename="ATT00001.htm")
    raw = made.as_bytes()
    assert (
        weigh(read_letter(raw), raw, PROFILES["copytrack"], Facts(), "notice", ENGLISH).verdict is Standing.UNVERIFIED
    )
