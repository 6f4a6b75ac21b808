"""Internet addresses of both versions, as printed."""

from __future__ import annotations

import ipaddress


def read_ip(span: str) -> str | None:
    """The address as printed, or None where it is none (RFC 4291 §2.2), masked digits included."""
    value = span.strip(" .,;[]()")
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return None
    return value
