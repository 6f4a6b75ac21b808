"""Every imitation is caught, wherever it claims to come from; ordinary mail is left alone."""

from __future__ import annotations

from functools import cache

import pytest

from inboxbot.flow import understand
from inboxbot.letter.parse import read_letter
from inboxbot.model.judge import open_judge
from inboxbot.ports import Judge
from inboxbot.reader.known import known
from inboxbot.records import Brief, Facts, Identity, Standing
from inboxbot.trust.weigh import weigh
from tests.issuers.letters import rooms
from tests.letter.mails import mail, message
from tests.trust.fakes import FAKES, LURES
from tests.trust.letters import WARNED
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


@pytest.mark.parametrize("name", FAKES)
def test_no_imitation_is_drafted_by_the_whole_program(name: str) -> None:
    _, _, _, made = FAKES[name]
    reading = understand(made.as_bytes(), ENGLISH, packaged_judge(), rooms())
    assert reading.reply is None
    assert reading.trust.verdict is not Standing.GENUINE


@cache
def packaged_judge() -> Judge:
    return open_judge(None, known(rooms()))


ASKING = (
    "Vous n'avez jamais répondu : réglez 50 € par coupon PCS.",
    "To close your fraud file, pay with gift cards and send us the codes.",
    "Ne tardez pas, envoyez-nous votre mot de passe.",
    "Betrug wird bestraft: zahlen Sie 300 EUR per Gutscheinkarten.",
    "Send the code of a Steam card.",
    "Überweisen Sie den Betrag in Bitcoin.",
    "Envoyez PAIX par SMS au 81212.",
    "Please confirm your bank card number and CVV.",
    "Ricarichi la carta prepagata indicata e ci mandi lo scontrino: pagamento entro tre giorni.",
    "Confermi le credenziali del Suo sito.",
    "Pague con tarjetas de regalo y mande los códigos.",
    "Indíquenos el número de su tarjeta.",
    "U kunt betalen met cadeaukaarten.",
    "Stuur ons uw wachtwoord.",
    "Please download and run TeamViewer for the verification.",
    "Fournissez une copie recto verso de votre carte bleue.",
    "Send a photo of your passport and your credit card.",
)
NOT_ASKING = (
    "Nous ne vous demanderons jamais votre mot de passe.",
    "Ne communiquez jamais votre mot de passe.",
    "N'envoyez aucun paiement par carte cadeau : ne payez pas.",
    "Méfiez-vous des messages qui réclament un paiement par coupon PCS.",
    "We never ask for payment in Bitcoin.",
    "We do not accept gift cards.",
    "Please never send us passwords.",
    "Beware of fraudulent e-mails that ask you to pay by gift card.",
    "Wir fragen niemals nach Ihrem Passwort und akzeptieren keine Gutscheinkarten.",
    "Non chiediamo mai la Sua password e non accettiamo carte regalo.",
    "Il pagamento può avvenire con carta di credito o bonifico; inviate la licenza a questo indirizzo.",
    "Nunca le pediremos su contraseña ni el pago con tarjetas de regalo.",
    "Puede pagar con tarjeta; envíenos la factura del fotógrafo.",
    "Wij vragen u nooit om uw wachtwoord en accepteren geen cadeaukaarten.",
    "Stuur ons uw licentie; u kunt betalen per bankoverschrijving of creditcard.",
    "Log in with this password: 7KQ2-11 and confirm your case.",
    "Payment by bank transfer, credit card or PayPal is accepted.",
    "Send us a copy of your licence, or pay by credit card.",
    "Envoyez-nous une copie de votre licence, ou réglez par carte bancaire.",
    "Please send a copy of your invoice or use your credit card in the portal.",
    "Vous trouverez nos coordonnées bancaires au bas de cette lettre.",
)


@pytest.mark.parametrize("sentence", ASKING)
def test_asking_for_what_no_honest_letter_asks_is_decisive(sentence: str) -> None:
    raw = mail(f"Copytrack, case 7K2M9Q.\n\n{sentence}\n", From="Copytrack <case@copytrack.com>")
    assert weigh(read_letter(raw), raw, PROFILES["copytrack"], Facts(), "notice", ENGLISH).verdict is Standing.SUSPECT


def test_asking_at_the_end_of_an_endless_sentence_is_heard() -> None:
    raw = mail(
        "Copytrack, case 7K2M9Q, " + "and so on, " * 400 + "pay with gift cards", From="Copytrack <case@copytrack.com>"
    )
    assert weigh(read_letter(raw), raw, PROFILES["copytrack"], Facts(), "notice", ENGLISH).verdict is Standing.SUSPECT


@pytest.mark.parametrize("sentence", NOT_ASKING)
def test_saying_that_one_never_asks_is_not_asking(sentence: str) -> None:
    raw = mail(f"Copytrack, case 7K2M9Q.\n\n{sentence}\n", From="Copytrack <case@copytrack.com>")
    trust = weigh(read_letter(raw), raw, PROFILES["copytrack"], Facts(), "notice", ENGLISH)
    assert trust.verdict is Standing.UNVERIFIED, trust.reasons


HADOPI_ASKS = (
    "Vous ne nous avez pas répondu : vous devez payer 50 €.",
    "Payez 90 € sous huit jours, sinon le juge peut vous condamner à 1 500 €.",
    "Merci de procéder au règlement de 68 € avant le 30.",
    "Le montant à régler est de 120 euros.",
    "Réglez l'amende en ligne sur notre page de paiement.",
    "Vous êtes redevable d'une somme de 75 € à verser à l'Arcom.",
    "Pour clore votre dossier, il convient de verser 40 euros.",
    "Afin d'éviter des poursuites, veuillez régler la somme de 99 €.",
    "To avoid prosecution you must pay 150 euros.",
)
HADOPI_QUOTES = (
    "Vous encourez une amende pouvant atteindre 1 500 euros.",
    "Le juge peut vous condamner au paiement d'une amende de 1 500 € au plus.",
    "La négligence caractérisée est punie d'une contravention de cinquième classe (1 500 €).",
    "Nous ne vous demandons pas de payer.",
    "L'Arcom ne réclame jamais d'argent et n'envoie jamais de lien de paiement.",
    "Vous n'avez rien à payer.",
    "Vous n'avez aucune somme à acquitter.",
    "Aucun paiement ne vous est demandé.",
    "Vous n'êtes pas tenu de régler une somme quelconque.",
    "Méfiez-vous de tout message qui vous invite à payer une amende.",
    "Merci de régler les paramètres de votre box et de vous acquitter de votre obligation de surveillance.",
    "Vous êtes invité à consulter l'offre légale, gratuite ou payante.",
    "You are not asked to pay anything.",
    "Si le tribunal vous condamne, vous devrez payer l'amende au Trésor public.",
)


@pytest.mark.parametrize("sentence", HADOPI_ASKS)
def test_a_letter_of_the_authority_that_asks_for_money_is_an_imitation(sentence: str) -> None:
    raw = mail(f"Madame, Monsieur,\n\n{sentence}\n", From="Arcom <ne-pas-repondre@arcom.fr>", Subject="Avertissement")
    assert (
        weigh(read_letter(raw), raw, PROFILES["hadopi"], WARNED, "recommendation_1", ENGLISH).verdict
        is Standing.SUSPECT
    )


@pytest.mark.parametrize("sentence", HADOPI_QUOTES)
def test_a_letter_of_the_authority_may_quote_what_the_law_threatens(sentence: str) -> None:
    raw = mail(f"Madame, Monsieur,\n\n{sentence}\n", From="Arcom <ne-pas-repondre@arcom.fr>", Subject="Avertissement")
    trust = weigh(read_letter(raw), raw, PROFILES["hadopi"], WARNED, "recommendation_1", ENGLISH)
    assert trust.verdict is Standing.UNVERIFIED, trust.reasons


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
