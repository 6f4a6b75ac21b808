"""Letters as the issuers write them, in our words: what must never be called suspect, whatever the receiver adds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from inboxbot.records import Facts
from tests.letter.mails import message, pdf

WARNED = Facts(
    case_number="316 96 204 3 118 6",
    ip_address="203.0.113.68",
    isp="Orange",
    facts_at=datetime(2014, 8, 23, 15, 10),  # noqa: DTZ001 - naive as printed
)
CLAIMED = Facts(
    case_number="7K2M9Q",
    amount=Decimal("350.00"),
    currency="EUR",
    page_urls=("https://www.client.example/blog/port",),
    portal_url="https://portal.copytrack.com/en/start",
)
ASKED = Facts(amount=Decimal("840.00"), currency="EUR", page_urls=("https://www.client.example/chambres",))


@dataclass(frozen=True)
class Written:
    """One letter: its room, sender, stage, words and facts; `relay` is the domain that sent it, where not the sender's."""

    room: str
    sender: str
    subject: str
    body: str
    facts: Facts
    stage: str | None
    relay: str | None = None
    html: str | None = None
    reply_to: str | None = None
    attached: str | None = None

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2].rstrip(">")

    def raw(self) -> bytes:
        made = message(self.body, self.html, From=self.sender, To="atelier@client.example", Subject=self.subject)
        if self.reply_to:
            made["Reply-To"] = self.reply_to
        if self.attached:
            made.add_attachment(pdf(self.attached), maintype="application", subtype="pdf", filename="lettre.pdf")
        return made.as_bytes()


_COPYTRACK = (
    Written(
        "copytrack",
        "Copytrack <case@copytrack.com>",
        "Unauthorised use of an image - case 7K2M9Q",
        """Dear Sir or Madam,

on behalf of our customer, a picture agency, we have found one of its images on your website:
https://www.client.example/blog/port

If you hold a licence, simply send us proof of it within 10 days. If not, you may choose between a licence at 389.59 EUR,
which also covers the coming year, and a compensation of 350.00 EUR for the past use.

You can see all details, upload documents and pay by bank transfer or PayPal in our portal under your case number 7K2M9Q:
https://portal.copytrack.com/en/start

Please never send us passwords or card data by e-mail.

Legal Department
COPYTRACK GmbH, registered under 7525 G 1 KG 02/16
IBAN DE89 3704 0044 0532 0130 00""",
        CLAIMED,
        "notice",
    ),
    Written(
        "copytrack",
        "Copytrack <fr.debitor@copytrack.com>",
        "Deuxième rappel, dossier 7K2M9Q",
        """Madame, Monsieur,

Sans réponse de votre part à notre courrier du 3 mars, nous vous rappelons que l'image de notre client figure toujours sur
votre site. Merci de nous transmettre une licence ou de régler la somme de 350,00 € au plus tard le 27 mars 2025.

La suppression de l'image ne met pas fin au dossier. À défaut, nous transmettrons l'affaire à nos avocats partenaires.

Le portail : https://portal.copytrack.com/fr/start, dossier 7K2M9Q

Copytrack, service juridique""",
        CLAIMED,
        "reminder",
    ),
    Written(
        "copytrack",
        '"COPYTRACK GmbH" <de.debitor@copytrack.com>',
        "Berechtigungsanfrage 7K2M9Q",
        """Sehr geehrte Damen und Herren,

unsere Mandantin hat festgestellt, dass auf Ihrer Seite ein Lichtbild von ihr gezeigt wird. Bitte weisen Sie uns binnen
14 Tagen eine Lizenz nach. Andernfalls können Sie eine Nachlizenzierung zu 389,59 EUR erwerben oder Schadensersatz in Höhe
von 350,00 EUR zahlen. Bei Zahlung per Überweisung geben Sie bitte die Fallnummer 7K2M9Q an.

Mit freundlichen Grüßen
COPYTRACK GmbH""",
        CLAIMED,
        "notice",
    ),
    Written(
        "copytrack",
        "Copytrack Support <support@mail.copytrack.com>",
        "Re: [7K2M9Q] your message",
        "Dear Sir,\n\nthank you for the documents. They do not show a licence for this image. Our claim of 350.00 EUR stands.\n\nJana, Copytrack",
        CLAIMED,
        "reminder",
        html="<p>Dear Sir,</p><p>thank you for the documents. They do not show a licence for this image. Our claim of 350.00 EUR"
        ' stands. Details: <a href="https://u1234567.ct.sendgrid.net/ls/click?upn=abc">portal.copytrack.com</a></p>'
        "<p>Jana, Copytrack</p>",
        reply_to="case@copytrack.com",
    ),
    Written(
        "copytrack",
        "Kanzlei Hoffmann & Partner <sekretariat@kanzlei-hoffmann.example>",
        "Copytrack ./. Sie, Fall 7K2M9Q",
        """Sehr geehrte Damen und Herren,

wir zeigen an, dass uns die COPYTRACK GmbH mit der Durchsetzung ihrer Ansprüche beauftragt hat. Wir fordern Sie auf, den
Betrag von 520,00 EUR einschließlich unserer Kosten bis zum 28. März 2025 auf unser Anderkonto zu überweisen.

Hoffmann, Rechtsanwalt""",
        replace(CLAIMED, portal_url=None),
        "lawyer",
        attached="Kanzlei Hoffmann & Partner\nVollmacht und Forderungsaufstellung\nsekretariat@kanzlei-hoffmann.example",
    ),
)

_PIXTRAKK = (
    Written(
        "pixtrakk",
        "Cabinet Vauquier <c.vauquier@vauquier-associes.example>",
        "Photographie de M. Berthelin, notre réf. 18.0331",
        """Madame, Monsieur,

J'interviens au nom de Monsieur Berthelin, photographe, dont le cliché est reproduit sans autorisation sur votre site
(https://www.client.example/chambres), ainsi que l'a constaté la société PixTrakk.

Mon Client est disposé à clore ce différend contre une indemnité transactionnelle de 840 € TTC, frais de dossier compris,
à verser par virement sur le compte CARPA de mon cabinet (RIB ci-joint) sous quinze jours. Vous voudrez bien retirer la
photographie sous 48 heures.

IBAN FR76 3000 6000 0112 3456 7890 189

Christine Vauquier, avocat à la Cour""",
        ASKED,
        "notice",
    ),
    Written(
        "pixtrakk",
        "PixTrakk <reclamations@pixtrakk.com>",
        "Utilisation d'une photographie de la collection PixPalace",
        """Bonjour,

Nos outils ont repéré sur votre page https://www.client.example/chambres une photographie que représente PixPalace.
Disposez-vous d'une licence ? Si oui, merci de nous en adresser copie. Sinon, une régularisation vous est proposée à
420 € TTC. L'espace en ligne https://www.pixtrakk.com/dossier vous donne le détail.

L'équipe PixTrakk""",
        replace(ASKED, portal_url="https://www.pixtrakk.com/dossier"),
        "notice",
    ),
    Written(
        "pixtrakk",
        "Maître Delorme <cabinet.delorme@wanadoo.fr>",
        "PIXTRAKK / votre site, relance",
        """Madame, Monsieur,

Sauf erreur de ma part, ma lettre recommandée du 12 février est restée sans effet. Je vous invite à me faire tenir la somme
de 840 € TTC par chèque à l'ordre de la CARPA sous huitaine, faute de quoi j'assignerai.

Les captures d'écran, trop lourdes, sont à votre disposition ici : https://wetransfer.com/downloads/1a2b3c

Delorme, avocat au barreau de Tours""",
        ASKED,
        "reminder",
        reply_to="delorme@delorme-avocat.example",
    ),
    Written(
        "pixtrakk",
        "SELARL Hallier <secretariat@hallier-montcorbier.example>",
        "N/Réf. HUYGHEBAERT / 160412",
        "Madame, Monsieur,\n\nVeuillez trouver ci-joint le courrier de ce jour, également adressé en recommandé.\n\nLe secrétariat",
        ASKED,
        "notice",
        attached="SELARL HALLIER - MONTCORBIER\nsecretariat@hallier-montcorbier.example\n\n"
        + "Mandaté par Monsieur Huyghebaert, photographe, dont l'oeuvre a été relevée par PIXTRAKK, je vous mets en demeure de\n"
        * 3
        + "régler 840 euros TTC dans les huit jours, par chèque à l'ordre de la CARPA.",
    ),
    Written(
        "pixtrakk",
        "Brightwell Law <claims@brightwell-law.example>",
        "Our client: PixPalace photographer - Without prejudice",
        """Dear Sirs,

we act for a photographer whose work PixTrakk, part of the PixWays group, has found at https://www.client.example/chambres.
Please send us a copy of your licence, or pay EUR 840 inclusive of VAT within 14 days of the date of this letter.

Yours faithfully
Brightwell Law""",
        ASKED,
        "notice",
    ),
)

_HADOPI = (
    Written(
        "hadopi",
        "Hadopi <recommandation@hadopi.fr>",
        "Recommandation de la Commission de protection des droits, dossier n° 316 96 204 3 118 6",
        """Madame, Monsieur,

Votre accès à internet, fourni par Orange (adresse IP n° 203.0.113.68), a servi le samedi 23 août 2014 à 15 heures 10 à
mettre en partage une œuvre protégée. Ces faits, constatés par procès-verbal, peuvent constituer une infraction pénale.

L'article L. 336-3 du code de la propriété intellectuelle vous impose de veiller à ce que votre accès ne soit pas utilisé
à cette fin. Vous pouvez installer un logiciel de sécurisation et changer la clé de votre Wi-Fi, désinstaller le logiciel
de partage ou demander conseil à votre fournisseur. L'offre légale de streaming et de téléchargement est présentée sur
http://www.offrelegale.fr.

En cas de renouvellement, le juge peut vous condamner au paiement d'une amende d'un montant maximal de 1 500 euros. La
Hadopi ne vous demandera jamais de payer quoi que ce soit, ni votre mot de passe, ni un numéro de carte bancaire. Méfiez-vous
des courriels frauduleux qui réclament le règlement d'une amende par coupon PCS ou par SMS surtaxé.

Vous pouvez présenter vos observations par le formulaire du site ou par courrier.""",
        WARNED,
        "recommendation_1",
        relay="orange.fr",
    ),
    Written(
        "hadopi",
        "Arcom - réponse graduée <ne-pas-repondre@arcom.fr>",
        "DEUXIÈME AVERTISSEMENT - dossier 316 96 204 3 118 6",
        """Madame, Monsieur,

Un premier avertissement vous a été adressé le 12 février 2024. De nouveaux faits de mise à disposition d'œuvres par réseau
de pair à pair ont été relevés depuis votre accès Orange, adresse IP 203.0.113.68, le 23 août 2024 à 15 h 10. Le présent
courriel est doublé d'une lettre remise contre signature.

Vous encourez une contravention de cinquième classe (1 500 € au plus ; 7 500 € pour une personne morale), que seul un
tribunal peut prononcer. Aucun paiement ne vous est demandé. Ne répondez pas à ce courriel : les formulaires sont sur
https://www.arcom.fr/internet-et-reseaux-sociaux/reagir-la-reception-dun-avertissement

Arcom, 39-43 quai André-Citroën, 75015 Paris""",
        WARNED,
        "recommendation_2",
    ),
    Written(
        "hadopi",
        "Service abonnés <avertissement@sfr.fr>",
        "Transmission d'une recommandation de l'Arcom",
        """Cher client,

En application de l'article R. 331-8, nous vous faisons suivre la recommandation ci-dessous de l'Arcom.

Dossier n° 316 96 204 3 118 6. Faits du 23 août 2014 à 15 heures 10, adresse IP 203.0.113.68, logiciel uTorrent. L'Arcom
vous rappelle que l'abonné est tenu de surveiller sa ligne. Elle ne réclame jamais d'argent et n'envoie jamais de pièce à
télécharger. La négligence caractérisée est passible d'une amende pouvant aller jusqu'à 1 500 €.

SFR""",
        WARNED,
        "recommendation_1",
    ),
    Written(
        "hadopi",
        "Arcom <ne-pas-repondre@arcom.fr>",
        "Your file 316 96 204 3 118 6 - first warning",
        """Dear subscriber,

your Orange line, IP address 203.0.113.68, was used on 23 August 2014 at 15:10 to share a protected work. This is a
recommendation, not a fine; you are not asked to pay anything, and nobody acting for Arcom will ever ask you to. Please change
the Wi-Fi password and tell the people who use the line.

A translation for convenience; the French text alone has legal effect.""",
        WARNED,
        "recommendation_1",
    ),
    Written(
        "hadopi",
        "Arcom <reponse-graduee@arcom.fr>",
        "Accusé de réception de vos observations",
        "Madame, Monsieur,\n\nVos observations du 3 mars ont bien été reçues et versées à votre dossier. Elles n'appellent pas de réponse de votre part.\n\nArcom",
        Facts(),
        None,
    ),
)

GENUINE = (*_COPYTRACK, *_PIXTRAKK, *_HADOPI)
