"""The words of a PDF; pages without a text layer are rendered for OCR. pypdfium2 is imported when a PDF comes, not before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from inboxbot.errors import LetterError
from inboxbot.letter.text import tidy

if TYPE_CHECKING:
    from inboxbot.letter.scan import Ocr

MAX_BYTES = 15 << 20
MAX_PAGES = 20
MAX_OCR_PAGES = 5
MAX_TEXT = 200_000
_WORDS_OF_A_TEXT_LAYER = 5  # fewer on a page: a stamp or page number over a scan
_DPI = 200
_MAX_PIXELS = 40_000_000


class Words(NamedTuple):
    """What could be read, and why not all of it."""

    text: str = ""
    unread: str | None = None
    scanned: bool = False


def read_pdf(data: bytes, ocr: Ocr | None) -> Words:
    """The text of a PDF, at most 20 pages of it, 5 by OCR."""
    if len(data) > MAX_BYTES:
        return Words(unread="the PDF is larger than 15 MB")
    import pypdfium2  # noqa: PLC0415 - 90 ms and C++ that only a PDF needs

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or getattr(error, "err_code", None) == 4
        return Words(unread="the PDF is protected by a password" if locked else "the PDF is damaged")
    try:
        return _pages(document, ocr)
    except (pypdfium2.PdfiumError, ValueError, OSError, IndexError, TypeError):
        return Words(unread="the PDF is damaged")
    finally:
        document.close()


def _pages(document: Any, ocr: Ocr | None) -> Words:
    count = len(document)
    texts: list[str] = []
    unread: list[str] = []
    scanned, size = 0, 0
    for number, page in enumerate(_each(document, min(count, MAX_PAGES)), 1):
        text = tidy(_text(page))
        if len(text.split()) < _WORDS_OF_A_TEXT_LAYER and _has_pictures(page):
            if ocr is None:
                unread.append(f"page {number} is a scan and OCR is not installed")
            elif scanned >= MAX_OCR_PAGES:
                unread.append(f"page {number} is a scan beyond the first {MAX_OCR_PAGES}")
            else:
                scanned += 1
                try:
                    text = tidy(ocr(_png(page)))
                except LetterError as error:
                    unread.append(f"page {number}: {error}")
        texts.append(text)
        size += len(text)
        if size > MAX_TEXT:
            unread.append("the text is longer than 200,000 characters")
            break
    if count > MAX_PAGES:
        unread.append(f"only {MAX_PAGES} of {count} pages were read")
    text = "\n\n".join(filter(None, texts))[:MAX_TEXT]
    if not text and not unread:
        unread.append("the PDF has no text")
    return Words(text, "; ".join(unread[:6]) or None, scanned > 0)


def _each(document: Any, count: int) -> Iterator[Any]:
    for index in range(count):
        page = document[index]
        try:
            yield page
        finally:
            page.close()


def _text(page: Any) -> str:
    layer = page.get_textpage()
    try:
        return str(layer.get_text_bounded(errors="ignore"))
    finally:
        layer.close()


def _has_pictures(page: Any) -> bool:
    from pypdfium2 import raw  # noqa: PLC0415

    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM], max_depth=2))


def _png(page: Any) -> bytes:
    """The page as a PNG of at most 40 megapixels."""
    import io  # noqa: PLC0415

    width, height = page.get_size()
    scale = min(_DPI / 72, (_MAX_PIXELS / max(width * height, 1)) ** 0.5)
    picture = io.BytesIO()
    page.render(scale=scale, grayscale=True).to_pil().save(picture, "PNG")
    return picture.getvalue()
