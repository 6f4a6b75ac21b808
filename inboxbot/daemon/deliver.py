"""How an event leaves: a signed POST (Standard Webhooks 1.0), or a command that gets it on its standard input."""

from __future__ import annotations

import base64
import hashlib
import hmac
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException

from inboxbot.daemon.events import Event
from inboxbot.errors import InboxbotError

SECONDS = 10.0


class UndeliveredError(InboxbotError):
    """The event did not arrive, or was not acknowledged: it is sent again later."""


@dataclass(frozen=True, slots=True)
class Post:
    """POSTs an event to `url`, signed; delivered is what is answered with 2xx. The secret is asked for at each delivery."""

    url: str
    secret: Callable[[], str]

    def __call__(self, event: Event) -> None:
        """UndeliveredError says why it did not arrive; SetupError that there is no secret."""
        body, now = event.body(), int(time.time())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "inboxbot",
            "webhook-id": event.id,
            "webhook-timestamp": str(now),
            "webhook-signature": signature(self.secret(), event.id, now, body),
        }
        request = urllib.request.Request(self.url, body, headers, method="POST")  # noqa: S310 - checked: https or loopback
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS):
                pass
        except urllib.error.HTTPError as error:
            raise UndeliveredError(f"{self.url}: answered {error.code}") from None
        except (OSError, HTTPException, ValueError) as error:
            raise UndeliveredError(f"{self.url}: {getattr(error, 'reason', None) or error}") from None


@dataclass(frozen=True, slots=True)
class Command:
    """Runs a command (a list, no shell, 10 s) with the event on its standard input; delivered is exit code 0."""

    words: Sequence[str]

    def __call__(self, event: Event) -> None:
        """UndeliveredError says why it was not."""
        shown = self.words[0]
        try:
            done = subprocess.run(  # noqa: S603 - the user's own command, from the user's own configuration
                list(self.words), input=event.body(), capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise UndeliveredError(f"{shown} did not end within {SECONDS:g} s") from None
        except OSError as error:
            raise UndeliveredError(f"{shown}: {error.strerror}") from None
        if done.returncode:
            complaint = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
            raise UndeliveredError(f"{shown} failed with exit code {done.returncode}: {complaint[0]}")


def signature(secret: str, identity: str, moment: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA-256 of id, time and body; a secret that starts with `whsec_` is base64."""
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    signed = f"{identity}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed event goes where it was addressed, or nowhere."""

    def redirect_request(self, *_: object) -> None:
        return None
