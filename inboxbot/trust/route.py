"""The way a mail came, as its Received fields tell it from the top: whose servers wrote them, and where it came in.

A sender can write any number of them, but only below the one that the user's own server put on top of what it was
given. That one, the border, is where its `from` names a stranger; what stands below the next Received is the sender's.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import re2

from inboxbot.trust.hosts import belongs, same_owner

LONGEST = 8_000

MICROSOFT = ("outlook.com", "office365.com")

_COMMENT = re2.compile(r"\([^()]*\)")
_BY = re2.compile(r"(?:^|\s)by\s+([a-z0-9._:\[\]-]{1,255})")
_FROM = re2.compile(r"^\s*from\s+([^\s();]{1,255})")
_ADDRESS = re2.compile(r"[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}|\d{1,3}(?:\.\d{1,3}){3}")
_LOCAL_DELIVERY = re2.compile(r"\bwith\s+(?:local|lmtps?a?)\b")

# Not `is_private`: that counts the documentation ranges. 2002:a00::/24 is 10/8 in 6to4, as Google writes its own hops.
_INSIDE = tuple(
    ip_network(block)
    for block in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10",
        "::1/128", "fc00::/7", "fe80::/10", "2002:a00::/24",
    )
)  # fmt: skip
_MICROSOFT_BLOCKS = tuple(ip_network(block) for block in ("2603:1000::/24", "2a01:111::/32"))


@dataclass(frozen=True, slots=True)
class Hop:
    """One Received field: the host that wrote it, and whether it took the mail from a stranger."""

    by: str
    from_outside: bool

    def written_by(self, authserv_id: str) -> bool:
        """Whether this hop may be one of that server's: of the same owner, or a machine without a public name."""
        host = self.by.strip("[]")
        if is_inside(host) or not ("." in host or ":" in host):
            return True
        name = authserv_id.lower().removeprefix("*.")
        return same_owner(host, name) or ("." not in name and host.partition(".")[0] == name)

    def written_by_microsoft(self) -> bool:
        """Whether a machine of Exchange Online wrote it."""
        return belongs(self.by, MICROSOFT) or is_inside(self.by)


def hop(received: str) -> Hop:
    """A Received field (RFC 5321 §4.4), read without its comments, which quote what the sender called himself."""
    received = received[:LONGEST].lower()
    bare = received
    for _ in range(5):
        bare = str(_COMMENT.sub(" ", bare))
    found = _BY.search(bare)
    by = found.group(1) if found else ""
    came = _FROM.search(bare)
    if came is None:
        return Hop(by, from_outside=False)
    clause = received.partition(f" by {by}")[0]
    return Hop(by, _is_stranger(came.group(1), clause, by, local=bool(_LOCAL_DELIVERY.search(received))))


def _is_stranger(name: str, clause: str, by: str, *, local: bool) -> bool:
    """Whether the `from` clause tells of a machine that is not the server's own. Unknown means stranger."""
    found = [address for text in _ADDRESS.findall(clause) if (address := _parsed(text)) is not None]
    if not found:
        return not (local and same_owner(name, by))
    own = belongs(name, MICROSOFT) and belongs(by, MICROSOFT)
    return not all(_within(address, _INSIDE + _MICROSOFT_BLOCKS if own else _INSIDE) for address in found)


def is_inside(host: str) -> bool:
    """Whether this is the address of a machine inside a network, or localhost."""
    address = _parsed(host.strip("[]"))
    return host == "localhost" if address is None else _within(address, _INSIDE)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _within(address: IPv4Address | IPv6Address, blocks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    return any(address in block for block in blocks)
