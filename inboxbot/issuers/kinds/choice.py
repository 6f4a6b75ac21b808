"""One of a closed list, by the patterns that tell each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def read_choice(span: str, choices: Sequence[tuple[str, Any]]) -> str | None:
    """The name of the first choice whose pattern stands in the span."""
    return next((name for name, pattern in choices if pattern is not None and pattern.search(span)), None)
