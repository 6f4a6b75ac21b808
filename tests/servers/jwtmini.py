"""Access tokens that the test Dovecot accepts: JWTs signed with HS256, from the standard library alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time


def token(user: str, secret: bytes, *, issuer: str = "https://issuer.test", seconds: int = 3600) -> str:
    """A token for `user`, valid for so many seconds (negative: expired)."""
    now = int(time.time())
    claims = {"sub": user, "iss": issuer, "iat": now - 5, "nbf": now - 5, "exp": now + seconds, "scope": "email"}
    signed = _part({"alg": "HS256", "typ": "JWT"}) + b"." + _part(claims)
    return (signed + b"." + _base64(hmac.new(secret, signed, hashlib.sha256).digest())).decode()


def _part(value: dict) -> bytes:
    return _base64(json.dumps(value).encode())


def _base64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
