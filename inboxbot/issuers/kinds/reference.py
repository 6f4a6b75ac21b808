"""References: case and file numbers, as printed."""

from __future__ import annotations

_EDGES = " \t\n.,;:*_|\"'«»“”„‚’‘()[]<>–—-/"


def read_reference(span: str) -> str | None:
    """The reference on one line, its inner blanks kept, without the marks around it."""
    return " ".join(span.split()).strip(_EDGES) or None


def same_reference(one: str, other: str) -> bool:
    """Whether two references are one: but for blanks, marks and case, or the initials and letters that one adds."""
    first, second = sorted((_bare(one), _bare(other)), key=len)
    return bool(first) and (second.startswith(first) or second.endswith(first))


def _bare(reference: str) -> str:
    return "".join(c for c in reference.casefold() if c.isalnum())
