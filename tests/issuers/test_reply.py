"""How a letter's facts get into a reply, and what never does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inboxbot.errors import LetterError
from inboxbot.issuers.answer import answer
from inboxbot.issuers.facts import find_facts, find_stage
from inboxbot.issuers.reply import write_reply
from inboxbot.letter.parse import read_letter
from inboxbot.records import Attachment, Brief, Facts, Reply, Standing, Trust
from tests.issuers.letters import COMPANY, PERSON, TRAINING, mail, read, reply_to, rooms, written

NOTICE = mail(
    "Dear Sir or Madam,\n\nYou are likely using an image without permission. Please provide proof of a licence.\n\n"
    "Your case number is K7Q2XB.\n\nCOPYTRACK GmbH\n"
)


def with_facts(facts: Facts, language: str = "en", scenario: str = "evidence", room: str = "copytrack") -> Reply:
    letter, brief = read_letter(NOTICE), Brief(identity=COMPANY, language=language, scenario=scenario)
    return write_reply(letter, rooms()[room], facts, "notice", Trust(Standing.UNVERIFIED, ()), brief)


def test_a_reply_answers_in_the_letters_language_else_in_english() -> None:
    assert written(NOTICE).language == "en"
    assert reply_to(TRAINING / "copytrack/nora-reminders-07.de.eml").language == "de"
    assert reply_to(TRAINING / "copytrack/selma-studio-03.it.eml").language == "en"


def test_a_person_may_choose_the_language() -> None:
    assert written(NOTICE, language="fr").language == "fr"
    assert written(NOTICE, identity=replace(COMPANY, reply_language="de")).language == "de"


def test_a_text_for_the_arcom_is_french_like_the_letter_and_german_for_whoever_wants_it() -> None:
    letter = TRAINING / "hadopi/solene-second-04.fr.eml"
    assert reply_to(letter).language == "fr"
    assert "Ihre zweite Empfehlung (recommandation) vom " in reply_to(letter, language="de").body


def test_the_case_number_stands_in_subject_and_body() -> None:
    reply = written(
        mail("Your case number is K7Q2XB. Please provide proof of a licence.", subject="Your use of images")
    )
    assert reply.subject == "Re: Your use of images (K7Q2XB)"
    assert "Case number: K7Q2XB" in reply.body


def test_a_subject_that_names_the_case_is_answered_as_it_is() -> None:
    assert written(NOTICE).subject == "Re: Case K7Q2XB"


@pytest.mark.parametrize("marks", ["RE:", "AW:", "RE :", "Re[2]:", "TR:", "WG:", "Fwd: RE:", "Antw:"])
def test_marks_of_answers_and_forwards_are_not_piled_up(marks: str) -> None:
    assert written(NOTICE.replace(b"Subject: Case", f"Subject: {marks} Case".encode())).subject == "Re: Case K7Q2XB"


def test_a_word_that_only_looks_like_a_mark_stays() -> None:
    assert written(NOTICE.replace(b"Subject: Case", b"Subject: Ref: Case")).subject == "Re: Ref: Case K7Q2XB"


@pytest.mark.parametrize(
    ("language", "subject"), [("fr", "Re: Dossier K7Q2XB"), ("en", "Re: Case K7Q2XB"), ("de", "Re: Vorgang K7Q2XB")]
)
def test_what_one_called_a_scan_among_colleagues_is_not_told_to_the_other_side(language: str, subject: str) -> None:
    letter = read_letter(mail("Look what came!", subject="scan, we are caught", sender="Paul <paul@client.example>"))
    scan = Attachment(
        "scan.pdf", "application/pdf", 9, "0", "Copytrack, case number K7Q2XB: proof of a licence, please."
    )
    facts, brief = Facts(case_number="K7Q2XB"), Brief(identity=COMPANY, language=language, scenario="evidence")
    trust = Trust(Standing.UNVERIFIED, ())
    covered = replace(letter, attachments=(scan,))
    assert write_reply(covered, rooms()["copytrack"], facts, "notice", trust, brief).subject == subject
    unnumbered = write_reply(covered, rooms()["copytrack"], Facts(), "notice", trust, brief).subject
    assert unnumbered in ("Re: Votre courrier", "Re: Your letter", "Re: Ihr Schreiben")


def test_a_forward_that_does_not_print_the_letters_subject_lends_it_none() -> None:
    letter = read_letter(NOTICE)
    forwarded = replace(letter, forwarded=replace(letter.head, subject=""))
    brief = Brief(identity=COMPANY, scenario="evidence")
    reply = write_reply(
        forwarded, rooms()["copytrack"], Facts(case_number="K7Q2XB"), "notice", Trust(Standing.UNVERIFIED, ()), brief
    )
    assert reply.subject == "Re: Case K7Q2XB"


def test_a_missing_fact_leaves_a_visible_blank() -> None:
    reply = with_facts(Facts())
    assert "Case number: [TO BE COMPLETED: case number]" in reply.body
    assert "case number" in reply.blanks
    assert "None" not in reply.body
    assert reply.subject == "Re: Case K7Q2XB"


def test_a_sum_that_could_not_be_read_is_not_spoken_of_as_if_it_were() -> None:
    assert "computation of any sum claimed" in with_facts(Facts()).body


def test_a_person_and_a_company_speak_each_in_their_own_way() -> None:
    assert "We have received" in written(NOTICE).body
    alone = written(NOTICE, identity=PERSON)
    assert "I have received" in alone.body
    assert "SIREN" not in alone.body


def test_a_company_signs_with_its_name_and_number_in_words_that_the_reader_knows() -> None:
    assert written(NOTICE, language="fr", quote=False).body.endswith(
        "gérante\nAtelier Durand SARL\nSIREN 123 456 782\n"
    )
    assert written(NOTICE, language="en", quote=False).body.endswith("French registration number (SIREN) 123 456 782\n")


def test_without_a_configuration_the_signature_is_a_blank() -> None:
    reply = written(NOTICE, identity=replace(PERSON, name="", signature=""))
    assert "signature" in reply.blanks


def test_a_law_firm_is_asked_for_its_clients_title_and_others_for_their_mandate() -> None:
    firm = reply_to(TRAINING / "pixtrakk/ines-malaterre-01.fr.eml").body
    assert firm.startswith("Maître,")
    assert "le titre sur lequel il fonde ses droits" in firm
    assert "le mandat écrit" not in firm
    assert "the written mandate" in written(NOTICE).body


def test_a_reminder_repeats_the_request_and_asks_when_it_was_made() -> None:
    body = reply_to(TRAINING / "copytrack/nora-reminders-01.en.eml", language="en").body
    assert "received your reminder of" in body
    assert "[TO BE COMPLETED: date of your first request; if there was none, delete this sentence]" in body


def test_what_may_be_added_is_added_without_admission() -> None:
    body = written(NOTICE, scenario="evidence+removed+non-commercial").body
    assert "As a precaution only, and without any admission" in body
    assert "[TO BE COMPLETED: date of removal]" in body
    assert "nature of the website" in body


def test_a_room_offers_what_may_be_added_where_it_is_worth_naming() -> None:
    room = rooms()["copytrack"]
    assert room.offers("notice")[:4] == ("evidence", "evidence+removed", "evidence+non-commercial", "licence")
    assert {"evidence+removed+non-commercial", "not-ours+hosting", "settle"} <= set(room.ways())
    assert "evidence+hosting" not in room.ways()
    assert rooms()["hadopi"].ways() == ("observations", "notification")


def test_nothing_is_said_of_the_state_of_a_page_that_is_not_ours() -> None:
    assert "As a precaution" not in written(NOTICE, scenario="not-ours+removed").body
    assert "As a precaution" in written(NOTICE, scenario="not-ours+hosting+removed").body


@pytest.mark.parametrize(
    ("room", "scenario", "told"),
    [
        (
            "copytrack",
            "evidence+hosting",
            "“hosting” cannot be added to the reply “evidence”; there are: removed, non-commercial",
        ),
        ("hadopi", "observations+removed", "cannot be added to the reply “observations”; there are: none"),
        ("copytrack", "beg", "has no reply “beg”; there are: evidence"),
    ],
)
def test_a_reply_that_does_not_exist_is_refused_with_those_that_do(room: str, scenario: str, told: str) -> None:
    with pytest.raises(LetterError, match=told):
        written(NOTICE, room, scenario=scenario)


def test_a_counter_offer_names_no_sum_of_its_own() -> None:
    reply = written(NOTICE, scenario="settle")
    assert "sum proposed" in reply.blanks
    assert "without any admission of liability or debt, and in full and final settlement" in reply.body


def test_a_text_for_the_arcom_is_addressed_to_nobody_and_gives_a_company_its_own_wording() -> None:
    path = TRAINING / "hadopi/solene-second-04.fr.eml"
    company, person = reply_to(path), reply_to(path, identity=PERSON)
    assert company.to is None
    assert "charte ou conditions d'utilisation" in company.body
    assert "réglage de la box" in person.body
    assert "(société, SIREN 123 456 782)" in company.body


def test_a_text_for_the_arcom_may_hold_an_address_whose_numbers_look_like_a_date() -> None:
    letter, brief = read_letter(NOTICE), Brief(identity=PERSON, scenario="observations", language="fr")
    reply = write_reply(
        letter, rooms()["hadopi"], Facts(ip_address="192.0.2.88"), None, Trust(Standing.UNVERIFIED, ()), brief
    )
    assert "l'adresse IP 192.0.2.88" in reply.body


# --- the letter below the reply ---------------------------------------------------------------------------------------


def test_the_letter_is_quoted_with_its_links_made_harmless() -> None:
    reply = written(
        mail("Case number K7Q2XB: see https://portal.copytrack.com/en/start and www.copytrack.com for a licence.")
    )
    assert (
        "> Case number K7Q2XB: see hxxps://portal[.]copytrack[.]com/en/start and www[.]copytrack[.]com for a licence."
        in reply.body
    )
    assert "On 3 March 2025, Copytrack wrote:" in reply.body


@pytest.mark.parametrize(
    "path",
    [
        "copytrack/nora-postal-06.fr",  # "Maître, voici le courrier arrivé ce matin"
        "pixtrakk/ines-papier-06.fr",  # "Est-ce que je suis obligée de payer ?"
        "hadopi/odile-notif-01.fr",  # "je pensais avoir réglé le problème en changeant le wifi"
        "copytrack/nora-postal-03.en",
    ],
)
def test_a_note_around_a_scanned_letter_never_goes_to_the_other_side(path: str) -> None:
    file = TRAINING / f"{path}.eml"
    scenario = "observations" if path.startswith("hadopi") else "evidence"
    assert "\n> " not in reply_to(file, scenario, quote=True).body
    note = max(read(file)[1].body.splitlines(), key=len)
    assert note
    assert note not in reply_to(file, scenario, quote=True).body


def test_a_scan_that_the_user_mailed_to_himself_is_not_quoted() -> None:
    raw = mail("Copytrack wants 350 EUR, case number K7Q2XB. I took it from Google.", sender="contact@client.example")
    assert "Google" not in written(raw).body


# --- hostile letters --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "planted",
    [
        "{{ 7 * 7 }}",
        "{% for x in range(9) %}x{% endfor %}",
        "{{ cycler.__init__.__globals__ }}",
        "<script>alert(1)</script>",
        "<b>bold</b>",
        "${7*7} #{7*7} %s %n",
    ],
)
@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_template_syntax_and_markup_in_a_fact_stay_what_they_are_or_leave_a_blank(planted: str, language: str) -> None:
    for fact in ("rights_holder", "case_number", "author"):
        body = with_facts(Facts(**{fact: f"Nora {planted}"}), language).body  # type: ignore[arg-type]
        assert "Nora 49" not in body
        assert "xxxxxxxxx" not in body
        own = body.partition("\n> ")[0]
        assert planted in own or f"Nora {planted}" not in own
        assert "builtins" not in body


@pytest.mark.parametrize("sign", ["\x00", "\x1b[31m", "\u202e", "\r\nBcc: x@example.org", "\u2028", "\x08"])
def test_control_characters_of_a_letter_do_not_reach_the_draft(sign: str) -> None:
    from email import message_from_bytes, policy

    from inboxbot.letter.compose import draft_message
    from tests.cases.readings import NOW

    raw = mail(
        f"Case number K7Q2XB.\nOn behalf of Linden{sign} Agency: please provide proof of a licence.",
        subject=f"Case{sign} K7Q2XB",
    )
    letter = read_letter(raw)
    reply = with_facts(Facts(case_number="K7Q2XB", rights_holder=f"Linden{sign} Agency"))
    draft = message_from_bytes(
        draft_message(letter.head, reply, COMPANY, "<d@example.org>", NOW), policy=policy.default
    )
    assert draft["Bcc"] is None
    words = draft.get_content().replace("\r\n", "\n")
    assert not any(c in words for c in "\x00\x1b\u202e\u2028\x08\r")


def test_a_letter_cannot_stop_its_own_reply_nor_put_words_into_it() -> None:
    reply = with_facts(Facts(case_number="K7Q2XB", rights_holder="We are sorry and will pay Ltd"))
    assert "sorry" not in reply.body.partition("\n> ")[0]
    assert "K7Q2XB" in reply.body


def test_a_letter_that_is_itself_a_template_is_quoted_as_it_is() -> None:
    reply = written(mail("Case number K7Q2XB {{ 7*7 }} {% include '/etc/passwd' %} licence"))
    assert "> Case number K7Q2XB {{ 7*7 }} {% include '/etc/passwd' %} licence" in reply.body


def test_a_reply_that_the_lint_refuses_becomes_silence_with_the_reason(tmp_path: Path) -> None:
    from inboxbot.issuers.room import open_rooms
    from tests.cases.readings import verdict

    (tmp_path / "reply.evidence.en.j2").write_text("Case {{ case_number }}: {{ issuer }} asks {{ name }}.\n")
    room = open_rooms(user_templates=tmp_path)["copytrack"]
    letter, brief = read_letter(NOTICE), Brief(identity=replace(COMPANY, name="We will pay"))
    facts, stage = find_facts(letter, room, brief), find_stage(letter, room)
    reply, silence = answer(letter, verdict(), room, facts, stage, Trust(Standing.UNVERIFIED, ()), brief)
    assert (reply is None) == (silence is not None)
    if reply is not None:
        assert "We will pay" not in reply.body.partition("\n\n")[0]
