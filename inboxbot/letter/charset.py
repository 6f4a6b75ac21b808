"""Bytes to text by the declared charset where it is true, and by what the bytes say where it is not."""

from __future__ import annotations

import codecs

# Only real character sets: Python also calls zip, hex, idna and unicode_escape "codecs" (reliability study §3.4).
_ALLOWED = frozenset(
    "ascii utf-8 utf-7 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 "
    "cp1257 cp1258 iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 "
    "iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman cp437 cp850 cp858 cp866 gb2312 gbk gb18030 big5 "
    "shift_jis euc_jp euc_kr iso2022_jp iso2022_kr tis-620".split()
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TWICE = ("Ã©", "Ã¨", "Ã ", "Ã\xa0", "Ã¼", "Ã¶", "Ã¤", "ÃŸ", "â‚¬", "â€™", "Â ", "Â\xa0", "Ã±", "Ã§")


def codec_of(declared: str | None) -> str | None:
    """Python's name of a declared charset, or None where it is none, unknown or not a character set."""
    if not declared or len(declared) > 40:
        return None
    try:
        name = codecs.lookup(declared.strip().strip("\"'").lower()).name
    except (LookupError, ValueError, UnicodeError):
        return None
    return name if name in _ALLOWED else None


def decode(payload: bytes, declared: str | None = None) -> tuple[str, str | None]:
    """The text of `payload` and, where the declaration was wrong or unusable, what was done about it."""
    for mark, codec in _BOMS:
        if payload.startswith(mark):
            return payload.decode(codec, "replace"), None
    if payload.isascii() and not _escaping(declared):
        return payload.decode("ascii"), None
    name = codec_of(declared)
    text, defect = _decode(payload, name)
    if declared and name is None and defect is None:
        defect = f"the charset {_shown(declared)} is unknown; the text was read by its bytes"
    return _untwist(text), defect


def _decode(payload: bytes, name: str | None) -> tuple[str, str | None]:
    unicode_text = _strict(payload, "utf-8")
    if name in (None, "ascii", "utf-8"):
        if unicode_text is not None:
            return unicode_text, None
        if name == "utf-8" and _mostly_utf8(payload):
            return payload.decode("utf-8", "replace"), "some bytes are not the UTF-8 they are declared to be"
        wrong = "declared as UTF-8 but is Windows-1252" if name == "utf-8" else None
        return payload.decode("cp1252", "replace"), wrong
    if name in ("iso8859-1", "cp1252", "iso8859-15"):
        if unicode_text is not None:  # valid multi-byte UTF-8 does not come about by chance in Latin text
            return unicode_text, f"declared as {name} but is UTF-8"
        name = "cp1252" if name == "iso8859-1" else name  # as every browser and mail client does (WHATWG Encoding §4.2)
    text = _strict(payload, name or "utf-8")
    if text is not None:
        return text, None
    if unicode_text is not None:
        return unicode_text, f"declared as {name} but is UTF-8"
    return payload.decode(name or "utf-8", "replace"), f"some bytes are not the {name} they are declared to be"


def _strict(payload: bytes, name: str) -> str | None:
    try:
        return payload.decode(name)
    except (UnicodeError, ValueError):
        return None


def _mostly_utf8(payload: bytes) -> bool:
    """Whether only a few bytes break the UTF-8: a cut character rather than another charset."""
    if any(_strict(payload[:-n], "utf-8") is not None for n in (1, 2, 3)):
        return True
    text = payload.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken * 4 <= sum(1 for c in text if ord(c) > 127) - broken


def _escaping(declared: str | None) -> bool:
    """Charsets whose letters hide behind ASCII bytes."""
    return bool(declared) and (codec_of(declared) or "").startswith(("utf-7", "utf-16", "utf-32", "iso2022"))


def _untwist(text: str) -> str:
    """Mend text that was encoded as UTF-8 twice (`rÃ©clamation`), where that undoes cleanly."""
    if sum(text.count(sign) for sign in _TWICE) < 2:
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _shown(declared: str) -> str:
    return "".join(c for c in declared[:40] if c.isalnum() or c in "-_.:") or "(unreadable)"
