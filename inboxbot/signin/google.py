"""Signing in with Google: once in a browser, from then on by a refresh token (google-auth-oauthlib).

Google does not give mail access to the device flow: the browser comes back to a port of this machine.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from google.auth.exceptions import GoogleAuthError, RefreshError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import InstalledAppFlow, WSGITimeoutError
from oauthlib.oauth2 import OAuth2Error
from requests.exceptions import RequestException

from inboxbot.errors import MailboxError, RefusedError, SetupError

SCOPES = ("https://mail.google.com/",)  # the only one that IMAP accepts
PATIENCE = 600  # seconds for a person to sign in
PROMPT = "Open this address in a browser of this machine, and allow inboxbot to read your mail:\n\n  {url}\n"


@dataclass(frozen=True, slots=True)
class Google:
    """The account `name` at Google; `client_file` is the client as its console gives it out ("Desktop app", JSON)."""

    client_file: Path
    name: str

    def sign_in(self, user: str, *, port: int = 0) -> str:
        """Print an address, wait until the person has signed in there, and return what is to be kept.

        RefusedError when it came to nothing, MailboxError when Google cannot be reached.
        """
        client = _client(self.client_file)
        flow = InstalledAppFlow.from_client_config({"installed": client}, SCOPES)
        try:
            credentials: Credentials = flow.run_local_server(
                port=port,
                open_browser=bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")),
                authorization_prompt_message=PROMPT,
                success_message="inboxbot is signed in. You may close this page.",
                timeout_seconds=PATIENCE,
                login_hint=user,
                prompt="consent",  # without it a second sign-in gives no refresh token
            )
        except WSGITimeoutError:
            raise RefusedError(f"nobody signed in within {PATIENCE // 60} minutes: try again") from None
        except OAuth2Error as error:
            raise RefusedError(f"Google refused the sign-in: {error.description or error.error}") from None
        except RequestException as error:
            raise MailboxError(f"Google cannot be reached: {_line(error)}") from None
        except OSError as error:
            raise RefusedError(f"port {port} cannot be had ({error.strerror}): give another --port") from None
        if not credentials.refresh_token:
            raise RefusedError("Google gave no refresh token: remove inboxbot at myaccount.google.com and try again")
        kept: str = credentials.to_json()
        return kept

    def renewed(self, kept: str) -> tuple[str, str]:
        """See `Provider`."""
        credentials = self._credentials(kept)
        if credentials.valid:
            return str(credentials.token), kept
        try:
            credentials.refresh(Request())
        except RefreshError as error:
            if error.retryable:
                raise MailboxError(f"Google cannot renew the sign-in now: {_line(error)}") from None
            raise RefusedError(
                f"Google takes the sign-in back ({_line(error)}): the password was changed, access was removed, half a year "
                f"went by, or the client is still in test (7 days): run inboxbot login {self.name}"
            ) from None
        except GoogleAuthError as error:
            raise MailboxError(f"Google cannot be reached: {_line(error)}") from None
        return str(credentials.token), credentials.to_json()

    def _credentials(self, kept: str) -> Credentials:
        client = _client(self.client_file)
        try:
            told: dict[str, Any] = json.loads(kept)
            expiry = datetime.fromisoformat(told["expiry"]).replace(tzinfo=None) if told.get("expiry") else None
            return Credentials(
                told.get("token"),
                refresh_token=told["refresh_token"],
                token_uri=client["token_uri"],
                client_id=client["client_id"],
                client_secret=client.get("client_secret"),
                scopes=SCOPES,
                expiry=expiry,  # naive, in UTC: google-auth's way
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SetupError([f"what was kept of the sign-in is damaged: run inboxbot login {self.name}"]) from None


def _client(path: Path) -> dict[str, Any]:
    mend = 'download it from console.cloud.google.com, "Clients", type "Desktop app"'
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        client: dict[str, Any] = told["installed"]
        if {"client_id", "auth_uri", "token_uri"} <= client.keys():
            return client
    except OSError as error:
        raise SetupError([f"client_file {path} cannot be read ({error.strerror}): {mend}"]) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise SetupError([f"client_file {path} is not a desktop client of Google's: {mend}"])


def _line(error: Exception) -> str:
    return " ".join(str(error.args[0] if error.args else error).split())[:200]
