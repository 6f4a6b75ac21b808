"""The verdict, its reasons, and the address that an answer may go to."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest

from inboxbot.letter.parse import read_letter
from inboxbot.records import Attachment, Brief, Facts, Identity, Receiver, Sign, Standing, Trust
from inboxbot.trust.weigh import weigh
from tests.letter.mails import message, pdf
from tests.trust.keys import key
from tests.trust.letters import CLAIMED, GENUINE, WARNED
from tests.trust.profiles import COPYTRACK, HADOPI, PIXTRAKK, PROFILES
from tests.trust.receivers import Sent, delivered

ENGLISH = Identity(language="en")
CLAIM = "Dear Sir,\n\nour customer's image is used on your website. Compensation: 350.00 EUR. Case number 7K2M9Q.\n"
NOTIFIED = (
    "ARCOM - LETTRE DE NOTIFICATION (3e phase)\nDossier 316 96 204 3 118 6\nVous disposez de quinze jours pour vos observations.\n"
    * 8
)
NOBODY = "Arcom (Hadopi) is not answered by e-mail: use the form or the postal address that the letter gives."
NO_RECIPIENT = "No address is safe to answer to: choose the recipient yourself after checking."


def sent(sender: str, body: str = CLAIM, subject: str = "Case 7K2M9Q", **headers: str) -> EmailMessage:
    return message(body, From=sender, To="atelier@client.example", Subject=subject, **headers)


def weighed(
    made: EmailMessage,
    room: str,
    facts: Facts = CLAIMED,
    stage: str | None = "notice",
    *,
    proved: bool = False,
    ours: str = "",
) -> Trust:
    raw, receiver = made.as_bytes(), Receiver()
    if proved:
        raw, receiver = delivered(raw, "own server", Sent(str(made["From"]).rpartition("@")[2].rstrip(">")))
    brief = Brief(ENGLISH, receiver, ours=frozenset(filter(None, [ours])))
    return weigh(read_letter(raw), raw, PROFILES[room], facts, stage, brief)


def forwarded(body: str, inner: str = "Copytrack <case@copytrack.com>") -> EmailMessage:
    return sent(
        "Paul <paul@example.org>",
        f"Is this real?\n\n---------- Forwarded message ---------\nFrom: {inner}\nDate: Mon, 3 Mar 2025 at 10:15\nSubject: Your case\nTo: <paul@example.org>\n\n{body}",
        "Fwd: Your case",
    )


class TestTheRecipient:
    def test_is_the_claims_desk_that_the_letter_comes_from(self) -> None:
        assert weighed(sent("Copytrack <Case@Copytrack.com>"), "copytrack").reply_to == "case@copytrack.com"

    def test_is_the_claims_desk_that_answers_shall_go_to(self) -> None:
        made = sent("Copytrack <robot@copytrack.com>", Reply_To="en.debitor@copytrack.com")
        assert weighed(made, "copytrack").reply_to == "en.debitor@copytrack.com"

    def test_is_the_desk_of_a_forwarded_letter(self) -> None:
        assert weighed(forwarded(CLAIM), "copytrack").reply_to == "case@copytrack.com"

    def test_is_the_proved_sender(self) -> None:
        made = sent("Jana <jana@mail.copytrack.com>")
        assert weighed(made, "copytrack", proved=True).reply_to == "jana@mail.copytrack.com"

    def test_is_the_proved_law_firm(self) -> None:
        made = sent("Cabinet Vauquier <cv@vauquier-associes.example>")
        assert weighed(made, "pixtrakk", proved=True).reply_to == "cv@vauquier-associes.example"

    def test_is_where_the_proved_sender_wants_answers_within_its_own_domain(self) -> None:
        made = sent("Cabinet <robot@vauquier-associes.example>", Reply_To="greffe@vauquier-associes.example")
        assert weighed(made, "pixtrakk", proved=True).reply_to == "greffe@vauquier-associes.example"

    def test_is_never_where_somebody_elses_answers_go(self) -> None:
        made = sent("Cabinet <cv@vauquier-associes.example>", Reply_To="cv@elsewhere.example")
        assert weighed(made, "pixtrakk", proved=True).reply_to == "cv@vauquier-associes.example"

    @pytest.mark.parametrize("sender", ["Jana <jana@copytrack.com>", "Kanzlei <k@kanzlei.example>"])
    def test_is_left_to_the_user_where_nothing_is_proved(self, sender: str) -> None:
        trust = weighed(sent(sender), "copytrack")
        assert trust.reply_to is None
        assert trust.reasons[-1] == NO_RECIPIENT

    def test_is_left_to_the_user_where_nobody_reads_answers(self) -> None:
        trust = weighed(sent("Copytrack <no-reply@copytrack.com>"), "copytrack", proved=True)
        assert trust.verdict is Standing.GENUINE
        assert trust.reply_to is None
        assert trust.reasons[-1] == NO_RECIPIENT

    def test_is_never_the_person_who_forwarded_the_letter(self) -> None:
        made = forwarded(CLAIM, "Cabinet <cv@vauquier-associes.example>")
        assert weighed(made, "pixtrakk", proved=True).reply_to is None

    def test_is_never_the_colleague_who_scanned_the_letter(self) -> None:
        made = sent("Anne <anne@client.example>", "Reçu ce matin.", "Courrier PixTrakk")
        made.add_attachment(pdf(NOTIFIED), maintype="application", subtype="pdf", filename="scan.pdf")
        assert weighed(made, "pixtrakk", proved=True, ours="contact@client.example").reply_to is None

    def test_is_the_law_firm_whose_letterhead_the_paper_bears(self) -> None:
        made = sent("SELARL <s@hallier.example>", "Voir pièce jointe.", "N/Réf.")
        made.add_attachment(
            pdf("SELARL HALLIER, s@hallier.example\n" + NOTIFIED),
            maintype="application",
            subtype="pdf",
            filename="l.pdf",
        )
        assert weighed(made, "pixtrakk", proved=True).reply_to == "s@hallier.example"

    def test_of_a_hadopi_draft_is_nobody(self) -> None:
        trust = weighed(
            sent("Arcom <rg@arcom.fr>", "Votre accès a servi à partager."),
            "hadopi",
            WARNED,
            "recommendation_2",
            proved=True,
        )
        assert trust.verdict is Standing.GENUINE
        assert trust.reply_to is None
        assert trust.reasons[-1] == NOBODY


class TestAForwardedLetter:
    def test_is_at_best_unverified(self) -> None:
        trust = weighed(forwarded(CLAIM), "copytrack", proved=True)
        assert trust.verdict is Standing.UNVERIFIED
        assert trust.reasons[0] == "This letter was forwarded: its original sender cannot be verified."

    def test_is_suspect_where_the_inner_sender_imitates(self) -> None:
        assert weighed(forwarded(CLAIM, "Copytrack <case@copytrak.com>"), "copytrack").verdict is Standing.SUSPECT

    def test_is_suspect_where_its_words_are(self) -> None:
        assert weighed(forwarded(CLAIM + "Pay in Bitcoin."), "copytrack").verdict is Standing.SUSPECT

    def test_even_from_the_issuers_own_domain_proves_nothing_of_the_inner_letter(self) -> None:
        made = forwarded(CLAIM)
        made.replace_header("From", "Jana <jana@copytrack.com>")
        assert weighed(made, "copytrack", proved=True).verdict is Standing.UNVERIFIED

    def test_from_a_private_mailbox_is_not_held_against_it(self) -> None:
        made = forwarded(CLAIM)
        made.replace_header("From", "Paul <paul.copytrack.victim@gmail.com>")
        assert weighed(made, "copytrack").verdict is Standing.UNVERIFIED


class TestWhatComesByPostOnly:
    def test_is_suspect_where_it_was_sent_directly(self) -> None:
        trust = weighed(sent("Arcom <rg@arcom.fr>", NOTIFIED, "Notification"), "hadopi", WARNED, "notification_3")
        assert trust.verdict is Standing.SUSPECT
        assert trust.reasons == ("At this stage Arcom (Hadopi) writes by signed-for letter, never directly by e-mail.",)

    def test_is_suspect_where_the_issuer_attached_it(self) -> None:
        made = sent("Arcom <rg@arcom.fr>", "Voir pièce jointe.", "Notification")
        made.add_attachment(pdf(NOTIFIED), maintype="application", subtype="pdf", filename="n.pdf")
        assert weighed(made, "hadopi", WARNED, "notification_3").verdict is Standing.SUSPECT

    def test_is_unverified_where_somebody_scanned_it(self) -> None:
        made = sent("Paul <paul@example.org>", "Voici la lettre.", "Lettre")
        made.add_attachment(pdf(NOTIFIED), maintype="application", subtype="pdf", filename="scan.pdf")
        trust = weighed(made, "hadopi", WARNED, "notification_3")
        assert trust.verdict is Standing.UNVERIFIED
        assert (
            trust.reasons[0]
            == "This letter came to you through somebody else or as a scan: its origin cannot be verified."
        )

    def test_is_unverified_where_it_was_forwarded(self) -> None:
        made = forwarded(NOTIFIED, "Anne <anne@example.org>")
        assert weighed(made, "hadopi", WARNED, "notification_3").verdict is Standing.UNVERIFIED

    def test_is_unverified_where_the_user_sent_it_to_himself(self) -> None:
        made = sent("Claire <contact@client.example>", NOTIFIED, "lettre Arcom")
        assert (
            weighed(made, "hadopi", WARNED, "notification_3", ours="contact@client.example").verdict
            is Standing.UNVERIFIED
        )

    def test_is_unverified_where_somebody_tells_of_it(self) -> None:
        made = sent(
            "Paul <paul@example.org>", "Bonjour, j'ai reçu cette lettre en recommandé :\n\n" + NOTIFIED, "Que faire ?"
        )
        assert weighed(made, "hadopi", WARNED, "notification_3").verdict is Standing.UNVERIFIED

    def test_stays_suspect_on_paper_where_it_asks_for_money(self) -> None:
        made = sent("Paul <paul@example.org>", "Voici la lettre.", "Lettre")
        made.add_attachment(
            pdf(NOTIFIED + "Vous devez payer 150 euros."), maintype="application", subtype="pdf", filename="scan.pdf"
        )
        assert weighed(made, "hadopi", WARNED, "notification_3").verdict is Standing.SUSPECT

    def test_a_court_fine_on_paper_is_no_imitation(self) -> None:
        fine = NOTIFIED + "Une amende de 200 € vous a été infligée."
        made = sent("Paul <paul@example.org>", "Voici la lettre.", "Lettre")
        made.add_attachment(pdf(fine), maintype="application", subtype="pdf", filename="scan.pdf")
        assert weighed(made, "hadopi", WARNED, None).verdict is Standing.UNVERIFIED
        assert weighed(sent("Arcom <rg@arcom.fr>", fine, "Amende"), "hadopi", WARNED, None).verdict is Standing.SUSPECT


class TestWhatAGenuineLetterCarries:
    BODY = "Votre accès a servi à partager une œuvre. Surveillez-le."

    def weigh(self, facts: Facts, stage: str | None = "recommendation_1", *, unread: bool = False) -> Trust:
        raw = sent("Hadopi <hadopi@hadopi.fr>", self.BODY, "Recommandation").as_bytes()
        letter = read_letter(raw)
        if unread:
            lost = Attachment("a.pdf", "application/pdf", 9, "0" * 64, unread="the PDF is encrypted")
            letter = replace(letter, attachments=(lost,), unread=("a.pdf: the PDF is encrypted",))
        return weigh(letter, raw, HADOPI, facts, stage, Brief(ENGLISH))

    def test_nothing_of_it_is_decisive(self) -> None:
        trust = self.weigh(Facts())
        assert trust.verdict is Standing.SUSPECT
        assert "the file number, the IP address, the internet provider" in trust.reasons[0]

    def test_one_thing_missing_is_told_and_no_more(self) -> None:
        trust = self.weigh(replace(WARNED, isp=None))
        assert trust.verdict is Standing.UNVERIFIED
        assert (
            "What a genuine letter of Arcom (Hadopi) always carries is missing: the internet provider." in trust.reasons
        )

    def test_nothing_is_missed_where_not_all_could_be_read(self) -> None:
        assert self.weigh(Facts(), unread=True).verdict is Standing.UNVERIFIED

    def test_nothing_is_missed_in_an_acknowledgement(self) -> None:
        assert self.weigh(Facts(), None).verdict is Standing.UNVERIFIED


class TestSoftSigns:
    MAILBOX = "Delorme <cabinet.delorme@gmail.com>"

    def test_one_alone_is_told(self) -> None:
        trust = weighed(sent(self.MAILBOX), "pixtrakk")
        assert trust.verdict is Standing.UNVERIFIED
        assert "The sender writes from a free mail service (gmail.com)." in trust.reasons

    def test_several_add_up(self) -> None:
        body = (
            CLAIM
            + "Settle within 48 hours, our account has changed: LT12 1000 0111 0100 1000. https://wetransfer.com/d/1"
        )
        trust = weighed(sent(self.MAILBOX, body), "pixtrakk")
        assert trust.verdict is Standing.SUSPECT
        assert trust.reasons[-1] == "Several warning signs come together."

    def test_do_not_count_against_the_proved_issuer(self) -> None:
        body = CLAIM + "Settle within 48 hours. Our new bank account: see https://wetransfer.com/d/1"
        assert (
            weighed(sent("Copytrack <case@copytrack.com>", body), "copytrack", proved=True).verdict is Standing.GENUINE
        )

    def test_hard_ones_count_even_against_the_proved_issuer(self) -> None:
        body = CLAIM + "Buy gift cards and send us the codes."
        assert (
            weighed(sent("Copytrack <case@copytrack.com>", body), "copytrack", proved=True).verdict is Standing.SUSPECT
        )

    def test_a_foreign_account_is_told_with_its_country(self) -> None:
        trust = weighed(sent("Cabinet <c@cabinet.example>", CLAIM + "IBAN DE89 3704 0044 0532 0130 00"), "pixtrakk")
        assert "The account to be credited is a foreign one (DE)." in trust.reasons

    @pytest.mark.parametrize(
        "text", ["IBAN FR76 3000 6000 0112 3456 7890 189", "IBAN DE89 3704 0044 0532 0130 01", "SB44 ABCD EFGH IJKL"]
    )
    def test_the_rooms_own_country_and_what_is_no_account_are_not(self, text: str) -> None:
        assert not any(
            "account" in each for each in weighed(sent("Cabinet <c@cabinet.example>", CLAIM + text), "pixtrakk").reasons
        )


class TestTheServersDoubt:
    FAILED = Sent("copytrack.com", "evil.example", "evil.example", "fail", "pass", "pass")

    def weigh(self, sender: str, profile_name: str, **marks: str) -> Trust:
        made = sent(sender, **marks)
        raw, receiver = delivered(
            made.as_bytes(), "own server", replace(self.FAILED, domain=sender.rpartition("@")[2].rstrip(">"))
        )
        facts = WARNED if profile_name == "hadopi" else CLAIMED
        return weigh(read_letter(raw), raw, PROFILES[profile_name], facts, "recommendation_1", Brief(ENGLISH, receiver))

    def test_decides_where_the_issuer_writes_itself(self) -> None:
        trust = self.weigh("Copytrack <case@copytrack.com>", "copytrack")
        assert trust.verdict is Standing.SUSPECT
        assert trust.reasons == (
            "Your mail server found that this mail does not come from copytrack.com, although it shows that address.",
        )

    def test_does_not_where_the_providers_relay_its_letters(self) -> None:
        assert self.weigh("Hadopi <x@hadopi.fr>", "hadopi").verdict is Standing.UNVERIFIED

    def test_does_not_behind_a_list(self) -> None:
        assert (
            self.weigh("Copytrack <case@copytrack.com>", "copytrack", List_Id="<club.example>").verdict
            is Standing.UNVERIFIED
        )


def test_a_signature_of_the_issuers_own_makes_a_letter_genuine_without_any_server() -> None:
    import dkim

    raw = sent("Copytrack <jana@copytrack.com>").as_bytes()
    raw = dkim.sign(raw, b"s1", b"copytrack.com", key().private, include_headers=[b"from", b"subject"]) + raw
    brief = Brief(ENGLISH, Receiver(dkim_keys={"s1._domainkey.copytrack.com": key().record}))
    trust = weigh(read_letter(raw), raw, COPYTRACK, CLAIMED, "notice", brief)
    assert trust.verdict is Standing.GENUINE
    assert trust.reply_to == "jana@copytrack.com"


def test_a_sign_of_a_room_is_told_in_the_users_language_else_in_english() -> None:
    sign = Sign(r"\bsend a fax\b", {"en": "A fax.", "fr": "Un fax."}, hard=True, unless=r"\bnever\b")
    profile = replace(PIXTRAKK, never=(sign,))
    raw = sent("Cabinet <c@cabinet.example>", CLAIM + "Please send a fax.").as_bytes()
    told = {
        lang: weigh(read_letter(raw), raw, profile, CLAIMED, "notice", Brief(Identity(language=lang))).reasons
        for lang in ("fr", "en", "de")
    }
    assert told == {"fr": ("Un fax.",), "en": ("A fax.",), "de": ("A fax.",)}
    raw = sent("Cabinet <c@cabinet.example>", CLAIM + "Never send a fax.").as_bytes()
    assert weigh(read_letter(raw), raw, profile, CLAIMED, "notice", Brief(ENGLISH)).verdict is Standing.UNVERIFIED


def test_every_reason_is_a_sentence_of_at_most_three_hundred_characters() -> None:
    for written in GENUINE:
        raw = written.raw()
        for reason in weigh(
            read_letter(raw), raw, PROFILES[written.room], written.facts, written.stage, Brief()
        ).reasons:
            assert reason.endswith(".")
            assert len(reason) < 300


def test_a_mail_without_a_sender_is_weighed_too() -> None:
    for raw in (b"", b"\n\nhello", b"From: \nSubject: x\n\nhello", b"From: <@@>\n\nhello"):
        for profile in (None, COPYTRACK, PIXTRAKK, HADOPI):
            trust = weigh(read_letter(raw), raw, profile, Facts(), None, Brief(ENGLISH))
            assert trust.verdict is Standing.UNVERIFIED
            assert trust.reply_to is None


@pytest.mark.parametrize("name", ["Сopytrack", "СОРYTRАСK", "Cοpytrack"])
def test_a_name_in_letters_of_another_alphabet_is_a_disguise(name: str) -> None:
    letter = sent(
        "Claims <claims@agency.example>", f"Dear Sir,\n\n{name} GmbH asks for 350.00 EUR. Case number 7K2M9Q.\n"
    ).as_bytes()
    found = weigh(read_letter(letter), letter, COPYTRACK, Facts(), "notice", Brief(identity=ENGLISH))
    assert found.verdict is Standing.SUSPECT
    assert f"It writes the name of Copytrack with letters of another alphabet ({name})." in found.reasons


@pytest.mark.parametrize("name", ["Copytrack", "Copyträck", "Привет Copytrack", "C O P Y T R A C K"])
def test_accents_spacing_and_foreign_words_beside_the_name_are_none(name: str) -> None:
    letter = sent(
        "Claims <claims@agency.example>", f"Dear Sir,\n\n{name} GmbH asks for 350.00 EUR. Case number 7K2M9Q.\n"
    ).as_bytes()
    found = weigh(read_letter(letter), letter, COPYTRACK, Facts(), "notice", Brief(identity=ENGLISH))
    assert not any("alphabet" in reason for reason in found.reasons)
