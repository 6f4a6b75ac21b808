"""Mails built for the tests: real MIME, real PDF, real Word documents, real pixels."""

from __future__ import annotations

import io
from email.message import EmailMessage

DEMAND = """Madame, Monsieur,

Nous avons constaté l'utilisation d'une photographie sur votre site sans licence.
Nous vous demandons de régler la somme de 350,00 € sous 14 jours.
Dossier : AB12CD

Cordialement,
Le service juridique"""

ENGLISH = """Dear Sir or Madam,

our member has found that you are using a picture without a licence.
Please pay the amount of 350.00 EUR within 14 days.
Your case number is AB12CD.

Kind regards
The claims team"""


def mail(body: str | bytes = "", *, charset: str = "utf-8", kind: str = "text/plain", **headers: str) -> bytes:
    """A one-part mail, byte for byte as written here: 8bit, declared as told."""
    payload = body.encode(charset) if isinstance(body, str) else body
    fields = {
        "From": "Claims Desk <claims@issuer.example>",
        "To": "contact@client.example",
        "Subject": "Your case",
        "Date": "Wed, 12 Mar 2025 10:15:00 +0100",
        "Message-ID": "<one@issuer.example>",
        "MIME-Version": "1.0",
        "Content-Type": f"{kind}; charset={charset}",
        "Content-Transfer-Encoding": "8bit",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return head.encode("utf-8") + b"\n" + payload


def message(plain: str | None = None, rich: str | None = None, **headers: str) -> EmailMessage:
    """A mail to which parts can be added."""
    made = EmailMessage()
    fields = {
        "From": "Claims Desk <claims@issuer.example>",
        "To": "contact@client.example",
        "Subject": "Your case",
        "Date": "Wed, 12 Mar 2025 10:15:00 +0100",
        "Message-ID": "<one@issuer.example>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in fields.items():
        if value:
            made[name] = value
    if plain is not None:
        made.set_content(plain)
        if rich is not None:
            made.add_alternative(rich, subtype="html")
    elif rich is not None:
        made.set_content(rich, subtype="html")
    return made


def pdf(*pages: str) -> bytes:
    """A PDF with a text layer, one string a page."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for page in pages:
        for number, line in enumerate(page.split("\n")):
            canvas.drawString(72, 770 - 18 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def picture(text: str, *, width: int = 1240, height: int = 900, kind: str = "PNG") -> bytes:
    """A page as a camera or scanner gives it: pixels only."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("L", (width, height), 255)
    font = ImageFont.load_default(size=30)
    ImageDraw.Draw(page).multiline_text((60, 60), text, fill=0, font=font, spacing=14)
    out = io.BytesIO()
    page.save(out, kind)
    return out.getvalue()


def scanned_pdf(text: str, pages: int = 1) -> bytes:
    """A PDF whose pages are pictures."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for _ in range(pages):
        canvas.drawImage(ImageReader(io.BytesIO(picture(text))), 30, 350, 535, 388)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def word(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A Word document of paragraphs, then a table."""
    import docx

    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, value in zip(table.add_row().cells, row, strict=True):
                cell.text = value
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
