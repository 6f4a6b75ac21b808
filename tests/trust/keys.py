"""RSA keys made on the spot, from a seed: what a sender signs with, and the record that DNS would hold."""

from __future__ import annotations

import base64
import random
from functools import cache
from typing import NamedTuple

SELECTOR = b"s1"


class Key(NamedTuple):
    """A private key as PEM (PKCS #1) and its public half as a DKIM record (RFC 6376 §3.6.1)."""

    private: bytes
    record: bytes


@cache
def key(bits: int = 1024, seed: int = 1) -> Key:
    chance = random.Random(seed)
    p, q = _prime(bits // 2, chance), _prime(bits - bits // 2, chance)
    n, e = p * q, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    private = _sequence(*(_integer(x) for x in (0, n, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))))
    rsa = bytes.fromhex("300d06092a864886f70d0101010500")
    public = _sequence(rsa, _field(3, b"\0" + _sequence(_integer(n), _integer(e))))
    pem = b"-----BEGIN RSA PRIVATE KEY-----\n" + base64.encodebytes(private) + b"-----END RSA PRIVATE KEY-----\n"
    return Key(pem, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public))


def _prime(bits: int, chance: random.Random) -> int:
    while True:
        n = chance.getrandbits(bits) | (3 << (bits - 2)) | 1
        if n % 65537 != 1 and all(n % small for small in (3, 5, 7, 11, 13, 17, 19, 23)) and _is_prime(n, chance):
            return n


def _is_prime(n: int, chance: random.Random) -> bool:
    """Miller–Rabin, twenty rounds."""
    d, r = n - 1, 0
    while d % 2 == 0:
        d, r = d // 2, r + 1
    for _ in range(20):
        x = pow(chance.randrange(2, n - 1), d, n)
        if x in (1, n - 1):
            continue
        for _ in range(r - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def _field(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([128 + (n := (size.bit_length() + 7) // 8)]) + size.to_bytes(n)
    return bytes([tag]) + length + content


def _integer(value: int) -> bytes:
    return _field(2, value.to_bytes(value.bit_length() // 8 + 1))


def _sequence(*items: bytes) -> bytes:
    return _field(0x30, b"".join(items))
