"""Patterns over raw bytes. RE2 takes them for UTF-8 unless told otherwise, and then no pattern passes over a stray \\xe9."""

from __future__ import annotations

from typing import Any

import re2


def octets(pattern: bytes) -> Any:
    """The compiled pattern, to which each byte is one character."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(pattern, options)
