"""Five mails of one claim, as they come and go over four weeks: notice, reminder, the user's answer, final notice, closing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

NUMBER = "K7Q2XB"


def days_ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def mail(
    name: str,
    subject: str,
    body: str,
    days: float,
    sender: str = "Copytrack <case@copytrack.com>",
    to: str = "contact@client.example",
    more: str = "",
) -> bytes:
    head = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {format_datetime(days_ago(days))}\r\n"
        f"Message-ID: <{name}@copytrack.com>\r\n{more}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return (head + body.replace("\n", "\r\n")).encode()


def day(days: float) -> str:
    then = days_ago(days)
    return f"{then.day} {then:%B %Y}"


def notice() -> bytes:
    return mail("n1", f"Use of an image on your website - case {NUMBER}", f"""\
Dear Sir or Madam,

COPYTRACK GmbH has been exclusively commissioned by Linden Picture Agency to clarify the use of its images. You are
likely using an image without the permission of its owner.

Your case number is {NUMBER}. The image was found at https://www.client.example/blog/lavender.

Please send us proof of a valid licence. If you have none, you can settle the matter by paying compensation
of 350.00 EUR for the past use, by {day(14)} at the latest, on https://portal.copytrack.com/en/start.

Kind regards
Copytrack
""", days=28)  # fmt: skip


def reminder() -> bytes:
    return mail("r1", f"Reminder: your case {NUMBER}", f"""\
Dear Sir or Madam,

We have not heard from you since our first letter about the image of Linden Picture Agency on your website. This is a
reminder: case number {NUMBER} is still open.

Please provide proof of a licence, or pay the compensation of 350.00 EUR by {day(3)}.

Kind regards
Copytrack
""", days=13)  # fmt: skip


def edited() -> bytes:
    """The draft to the reminder, completed in a mail program, which gave it an identity of its own."""
    return _mine("e1")


def answer() -> bytes:
    """The same as it is sent, under yet another identity."""
    return _mine("a1")


def _mine(name: str) -> bytes:
    more = "In-Reply-To: <r1@copytrack.com>\r\nReferences: <r1@copytrack.com>\r\n"
    body = "To whom it may concern,\n\nPlease provide your mandate.\n"
    me, issuer = "Atelier Durand <contact@client.example>", "case@copytrack.com"
    written = mail(name, f"Re: Reminder: your case {NUMBER}", body, 10, me, issuer, more)
    return written.replace(f"<{name}@copytrack.com>".encode(), f"<{name}@client.example>".encode())


def final() -> bytes:
    return mail("f1", f"Final notice - case {NUMBER}", f"""\
Dear Sir or Madam,

Despite our reminder you have neither provided a licence nor paid. This is our final notice before we hand case number
{NUMBER} over to our partner lawyers in your country.

Last chance: pay the compensation of 350.00 EUR by {day(-6)}, or send us proof of a licence for the image of Linden
Picture Agency.

Copytrack
""", days=4)  # fmt: skip


def closing() -> bytes:
    return mail("c1", f"Case {NUMBER} closed", f"""\
Dear Sir or Madam,

Thank you for the documents. We have reviewed them and withdraw the claim: case number {NUMBER} is closed, nothing is
owed and no further action is needed on your side.

Kind regards
Copytrack
""", days=1, more="References: <f1@copytrack.com>\r\n")  # fmt: skip
