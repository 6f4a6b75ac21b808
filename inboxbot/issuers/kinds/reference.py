"""References: case and file numbers, as printed."""

from __future__ import annotations

_EDGES = " \t\n.,;:*_|\"'«»“”„‚’‘()[]<>–—-/"


def read_reference(span: str) -> str | None:
    """The reference on one line, its inner blanks kept, without the marks around it."""
    return " ".join(span.split()).strip(_EDGES) or None


def same_reference(one: str, other: str) -> bool:
    """Whether two references differ in blanks, marks and case alone."""
    return _bare(one) == _bare(other)


def _bare(reference: str) -> str:
    return "".join(c for c in reference.casefold() if c.isalnum())
