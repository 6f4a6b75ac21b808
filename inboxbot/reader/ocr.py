"""Tesseract behind the Ocr port: one page at a time, one thread, and a clock."""

from __future__ import annotations

import io
import os
import shutil
from typing import Any

from inboxbot.errors import LetterError
from inboxbot.ports import Ocr

LANGUAGES = "fra+eng+deu"  # ß and ö are read right only with deu in the list (libraries study §1)
MAX_PIXELS = 40_000_000
SECONDS = 20
_FORMATS = ("PNG", "JPEG", "TIFF")  # Pillow's other decoders are where its flaws were found
_WIDTH = 1600  # pixels: a page photographed smaller than this is enlarged, as Tesseract wants some 300 dpi


def find_ocr() -> Ocr | None:
    """Tesseract if the program and its Python door are both installed, else None."""
    if shutil.which("tesseract") is None:
        return None
    try:
        import PIL  # noqa: F401, PLC0415
        import pytesseract  # noqa: F401, PLC0415
    except ImportError:
        return None
    return Tesseract(_installed(LANGUAGES))


class Tesseract:
    """Reads page images with Debian's tesseract-ocr; LetterError when a page is too large, damaged or too slow."""

    def __init__(self, languages: str = LANGUAGES, seconds: float = SECONDS) -> None:
        self._languages = languages
        self._seconds = seconds

    def __call__(self, image: bytes) -> str:
        """The text of a PNG, JPEG or TIFF of at most 40 megapixels."""
        import pytesseract  # noqa: PLC0415 - a reader that meets no scan needs neither

        os.environ["OMP_THREAD_LIMIT"] = "1"  # four threads on a page cost more than they save, and the CPU is counted
        picture = _opened(image)
        try:
            return str(pytesseract.image_to_string(picture, lang=self._languages, timeout=self._seconds))
        except RuntimeError as error:  # pytesseract's timeout, and its TesseractError
            slow = "timeout" in str(error).lower()
            raise LetterError(
                f"OCR took longer than {self._seconds:g} seconds" if slow else "OCR could not read the picture"
            ) from None
        except OSError as error:
            raise LetterError(f"OCR could not be run ({type(error).__name__})") from None


def _opened(image: bytes) -> Any:
    """The picture upright, in grey and large enough, its size checked before a pixel is decoded."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415

    try:
        picture = Image.open(io.BytesIO(image), formats=_FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise LetterError("the picture is larger than 40 megapixels")
        grey = ImageOps.exif_transpose(picture).convert("L")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError):
        raise LetterError("the picture is damaged") from None
    if grey.width < _WIDTH:
        factor = min(2.0, _WIDTH / grey.width)
        grey = grey.resize((round(grey.width * factor), round(grey.height * factor)), Image.Resampling.LANCZOS)
    return grey


def _installed(wanted: str) -> str:
    """Those of the wanted languages that Tesseract has; its default where it cannot say."""
    import pytesseract  # noqa: PLC0415

    try:
        known = set(pytesseract.get_languages())
    except (OSError, RuntimeError):
        return "eng"
    return "+".join(language for language in wanted.split("+") if language in known) or "eng"
