"""Imitations: those that are on record, retold in our words, and fresh ones. None may pass for anything but suspect."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

from inboxbot.records import Facts
from tests.letter.mails import message
from tests.trust.letters import CLAIMED, WARNED

BARE = Facts()


def mail(sender: str, subject: str, body: str, html: str | None = None, **headers: str) -> EmailMessage:
    return message(body, html, From=sender, To="atelier@client.example", Subject=subject, **headers)


def with_file(
    made: EmailMessage, name: str, content: bytes = b"MZ\x90\x00", kind: str = "octet-stream"
) -> EmailMessage:
    made.add_attachment(content, maintype="application", subtype=kind, filename=name)
    return made


_FORMAL = (
    "Madame, Monsieur,\n\nVotre accès à internet a servi à partager des œuvres protégées (article L. 336-3 du CPI).\n\n"
)
_CLAIM = "Dear Sir or Madam,\n\nour customer's image is used on your website. Compensation: 350.00 EUR. Case number 7K2M9Q.\n\n"

# room, stage, facts, mail
FAKES: dict[str, tuple[str, str | None, Facts, EmailMessage]] = {
    # --- on record (domain study, B2) ---
    "Hadopi 2011: a premium SMS": (
        "hadopi", "recommendation_1", BARE,
        mail("HADOPI <contact@hadopi.fr>", "Avertissement", _FORMAL + "Pour régulariser votre situation, envoyez HADOPI par SMS au 81212 (3 € + prix du SMS)."),
    ),
    "Hadopi June 2012: fifty euros by coupon": (
        "hadopi", "recommendation_1", BARE,
        mail("HADOPI <no_reply@hadopi.fr>", "Dossier n° xxxxxx", _FORMAL + "Vous avez regardé des films en streaming. Pour clore le dossier n° xxxxxx, réglez 50 € par coupon PCS Mastercard\nsous 48 heures, faute de quoi il sera transmis au juge."),
    ),
    "Hadopi: a password": (
        "hadopi", "recommendation_1", WARNED,
        mail("Hadopi <service@hadopi.fr>", "Vérification", _FORMAL + "Confirmez votre identité en répondant avec votre identifiant et votre mot de passe de messagerie : envoyez-nous votre mot de passe."),
    ),
    "Hadopi: agents who call": (
        "hadopi", "recommendation_2", BARE,
        mail("Agent Hadopi <agent@hadopi.fr>", "Amende", _FORMAL + "Un agent vous appellera. La somme de 450 euros est à régler par carte bancaire au téléphone, ou appelez le 0899 70 12 34."),
    ),
    "Copytrack: a look-alike domain": (
        "copytrack", "notice", CLAIMED,
        mail("Copytrack <case@copy-track.com>", "Case 7K2M9Q", _CLAIM + "Pay here: https://portal.copy-track.com/pay"),
    ),
    "a photographer with a folder of proofs": (
        "copytrack", "notice", BARE,
        mail("Mel <mel.photographer@gmail.com>", "You use my images", "Hi, I am a photographer represented by Copytrack. My images are on your website without licence. See the document with all my images here:\nhttps://firebasestorage.googleapis.com/v0/b/evidence-3315/o/report.html\n\nYou have 48 hours."),
    ),
    "a law firm on a free mailbox with an archive": (
        "pixtrakk", "notice", BARE,
        with_file(mail("Cabinet Pixtrakk Avocats <cabinet.pixtrakk@gmail.com>", "Contrefaçon", "Maître Bertrand, avocat de PixTrakk. Les preuves sont jointes. Réglez 1 250 € sous 24 h."), "preuves.zip", b"PK\x03\x04"),
    ),
    "an information stealer dressed as a document": (
        "copytrack", "notice", CLAIMED,
        with_file(mail("Legal <legal@image-rights.example>", "Copyright infringement, Copytrack", _CLAIM + "The evidence is attached."), "Evidence_Report.pdf.exe"),
    ),
    "an archive called a PDF": (
        "copytrack", "notice", CLAIMED,
        with_file(mail("Legal <legal@image-rights.example>", "Copyright infringement, Copytrack", _CLAIM), "Evidence.pdf", b"PK\x03\x04" + b"\0" * 40),
    ),
    "a firm of two invented names wants a large sum": (
        "pixtrakk", "final", BARE,
        mail("Kanzlei Auerhahn-Sondermann <mahnung@auerhahn-sondermann.example>", "Abmahnung", "Unsere Mandantin Pixtrakk fordert 3.890,00 EUR binnen 48 Stunden auf das Konto LT12 1000 0111 0100 1000. Unsere Bankverbindung hat sich geändert.", Reply_To="auerhahn.sondermann@gmx.net"),
    ),
    # --- fresh ---
    "Hadopi: a fine": (
        "hadopi", None, BARE,
        mail("Arcom <amendes@arcom.fr>", "Avis d'amende forfaitaire", _FORMAL + "Une amende de 135 € vous est infligée. Vous disposez de trente jours."),
    ),
    "Hadopi: the third stage by mail": (
        "hadopi", "notification_3", WARNED,
        mail("Arcom <ne-pas-repondre@arcom.fr>", "Notification - troisième phase", _FORMAL + "La Commission a délibéré sur votre dossier : les faits sont susceptibles de poursuites. Vous avez quinze jours pour présenter vos observations."),
    ),
    "Hadopi: nothing that tells whose line or when": (
        "hadopi", "recommendation_1", BARE,
        mail("Hadopi <hadopi@recommandation-internet.example>", "Recommandation", _FORMAL + "Veuillez surveiller votre accès."),
    ),
    "Hadopi: a payment page": (
        "hadopi", "recommendation_1", WARNED,
        mail("Arcom <service@arcom.fr>", "Régularisation", _FORMAL + "Afin d'éviter toute poursuite, vous devez vous acquitter de la somme de 89 € sur notre page de paiement."),
    ),
    "Hadopi: in English": (
        "hadopi", "recommendation_1", WARNED,
        mail("Arcom <service@arcom.fr>", "Copyright warning", "Your line was used to share works. To avoid prosecution you must pay the sum of 150 euros within 72 hours."),
    ),
    "Hadopi: proofs to download": (
        "hadopi", "recommendation_1", WARNED,
        mail("Arcom <service@arcom.fr>", "Vos preuves", _FORMAL + "Téléchargez les preuves de l'infraction sur https://wetransfer.com/downloads/9f."),
    ),
    "Hadopi: a program to run": (
        "hadopi", "recommendation_1", WARNED,
        mail("Arcom <service@arcom.fr>", "Sécurisation", _FORMAL + "Décompressez l'archive jointe et lancez le programme de sécurisation."),
    ),
    "Hadopi: gift cards": (
        "hadopi", "recommendation_1", WARNED,
        mail("Arcom <service@arcom.fr>", "Dernier rappel", _FORMAL + "Transmettez-nous les codes de trois cartes cadeaux Amazon de 50 € pour annuler la procédure."),
    ),
    "Hadopi: a look-alike of five letters": (
        "hadopi", "recommendation_1", WARNED,
        mail("Arcom <contact@arcorn.fr>", "Premier avertissement", _FORMAL + "Veuillez surveiller votre accès."),
    ),
    "Hadopi: from a free mailbox": (
        "hadopi", "recommendation_1", WARNED,
        mail("ARCOM <arcom.reponse.graduee@gmail.com>", "Premier avertissement", _FORMAL + "Veuillez surveiller votre accès."),
    ),
    "Hadopi: the name shows the real address": (
        "hadopi", "recommendation_1", WARNED,
        mail('"ne-pas-repondre@arcom.fr" <x@notices.example>', "Premier avertissement", _FORMAL),
    ),
    "Copytrack: crypto-currency": (
        "copytrack", "notice", CLAIMED,
        mail("Copytrack <case@copytrack.com>", "Case 7K2M9Q", _CLAIM + "Payment is accepted in Bitcoin only, to the wallet below."),
    ),
    "Copytrack: a homograph": (
        "copytrack", "notice", CLAIMED,
        mail("Copytrack <case@xn--opytrack-ech.com>", "Case 7K2M9Q", _CLAIM),
    ),
    "Copytrack: answers go to a free mailbox": (
        "copytrack", "notice", CLAIMED,
        mail("Copytrack <case@copytrack.com>", "Case 7K2M9Q", _CLAIM, Reply_To="copytrack.cases@outlook.com"),
    ),
    "Copytrack: a link that shows the portal": (
        "copytrack", "notice", CLAIMED,
        mail("Copytrack <case@copytrack.com>", "Case 7K2M9Q", _CLAIM, '<p>Our customer\'s image is used on your website. Pay 350.00 EUR: <a href="https://pay.case-desk.example/x">https://portal.copytrack.com/en/start</a></p>'),
    ),
    "Copytrack: a form attached as a page": (
        "copytrack", "reminder", CLAIMED,
        with_file(mail("Copytrack <case@copytrack.com>", "Case 7K2M9Q", _CLAIM + "Fill in the attached form."), "Settlement.html", b"<form></form>", "octet-stream"),
    ),
    "Copytrack: two senders": (
        "copytrack", "notice", CLAIMED,
        mail("Copytrack <case@copytrack.com>, Desk <desk@evil.example>", "Case 7K2M9Q", _CLAIM),
    ),
    "Copytrack: somebody else's portal and haste": (
        "copytrack", "notice", replace(CLAIMED, portal_url="https://copyright-resolve.example/pay"),
        mail("Copytrack Claims <claims@image-claims.example>", "Case 7K2M9Q", _CLAIM + "Settle within 48 hours at https://copyright-resolve.example/pay to the account NL91 ABNA 0417 1643 00."),
    ),
    "Copytrack: card data": (
        "copytrack", "notice", CLAIMED,
        mail("Copytrack <case@copytrack.com>", "Case 7K2M9Q", _CLAIM + "Please reply with your credit card number, expiry date and CVV; we send you a receipt. Provide your card number by return mail."),
    ),
    "Copytrack: a password in German": (
        "copytrack", "notice", CLAIMED,
        mail("Copytrack <case@copytrack.com>", "Fall 7K2M9Q", "Bitte geben Sie uns zur Prüfung das Passwort Ihrer Website: senden Sie die Zugangsdaten an diese Adresse."),
    ),
    "Pixtrakk: the account has moved": (
        "pixtrakk", "reminder", BARE,
        mail("Me Lemoine <avocat@cabinet-lemoine.example>", "PIXTRAKK, relance", "Notre compte CARPA est en maintenance : utilisez exceptionnellement le RIB LT12 1000 0111 0100 1000 pour les 840 € TTC.\nEnvoyez aussi une copie de votre pièce d'identité.", Reply_To="lemoine.avocat@yandex.com"),
    ),
    "Pixtrakk: its name on a free mailbox": (
        "pixtrakk", "notice", BARE,
        mail("PixTrakk Contentieux <contentieux@outlook.fr>", "Photographie", "Votre site reproduit une photographie. Indemnité : 840 € TTC."),
    ),
    "Pixtrakk: a look-alike link": (
        "pixtrakk", "notice", BARE,
        mail("Cabinet Roux <contact@roux-avocats.example>", "Photographie", "Votre site reproduit une photographie suivie par PixTrakk. Réglez ici : https://pixtrakk-paiement.fr/840"),
    ),
    "Pixtrakk: a macro document": (
        "pixtrakk", "notice", BARE,
        with_file(mail("Cabinet Roux <contact@roux-avocats.example>", "PixTrakk", "Voir pièce jointe. Indemnité : 840 € TTC."), "mise_en_demeure.docm"),
    ),
}  # fmt: skip

# generic lures that imitate no room
LURES: dict[str, EmailMessage] = {
    "a script at the end of a link": mail("Legal Dept <info@attorneys.example>", "Copyright", "You use my images on your website. Check the proofs: http://files.example/evidence/scan_8812.js"),
    "crypto-currency under threat": mail("IRCB <bureau@collect.example>", "Infringement", "You infringed copyright with 4 photos on your website. Send 0.12 BTC to the wallet and pay before the court does."),
    "an archive with a password": with_file(mail("Law Office <law.office@gmail.com>", "Infringement", "The copyright infringement on your page is proved in the archive. Unzip it with the password 4471. You have 24 hours."), "proof.zip", b"PK\x03\x04"),
    "a program": with_file(mail("HR <hr@jobs.example>", "Your contract", "Please read."), "contract.scr"),
    "two senders": mail("A <a@one.example>, B <b@two.example>", "Hello", "Hello."),
}  # fmt: skip
