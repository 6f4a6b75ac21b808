"""Signing in with Microsoft: once by a code that is typed in any browser, from then on by a refresh token (msal)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msal
from requests.exceptions import RequestException

from inboxbot.errors import MailboxError, RefusedError, SetupError

SCOPES = ("https://outlook.office.com/IMAP.AccessAsUser.All",)
# what only a new sign-in mends (OAuth 2.0, RFC 6749 §5.2, and OpenID Connect's)
GONE = frozenset({"invalid_grant", "interaction_required", "login_required", "consent_required"})


@dataclass(frozen=True, slots=True)
class Microsoft:
    """The account `name` at Microsoft; `client_id` is an app registration that allows public client flows."""

    client_id: str
    name: str
    tenant: str = "common"
    authority: str = "https://login.microsoftonline.com"

    def sign_in(self, show: Callable[[str], None]) -> str:
        """Show where to type which code, wait until the person has done so, and return what is to be kept.

        RefusedError when it came to nothing, MailboxError when Microsoft cannot be reached.
        """
        cache = msal.SerializableTokenCache()
        with _reached():
            app = self._app(cache)
            flow = app.initiate_device_flow(scopes=list(SCOPES))
            if "user_code" not in flow:
                raise RefusedError(f"Microsoft refused the sign-in: {_told(flow)}: check client_id and tenant")
            show(f"Open {flow['verification_uri']} in any browser and type this code:\n\n  {flow['user_code']}\n")
            answer = app.acquire_token_by_device_flow(flow)
        if "access_token" not in answer:
            raise RefusedError(f"Microsoft refused the sign-in: {_told(answer)}")
        kept: str = cache.serialize()
        return kept

    def renewed(self, kept: str) -> tuple[str, str]:
        """See `Provider`."""
        cache = msal.SerializableTokenCache()
        try:
            cache.deserialize(kept)
            with _reached():
                app = self._app(cache)
                (account, *_) = app.get_accounts()
                answer = app.acquire_token_silent_with_error(list(SCOPES), account=account) or {}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SetupError([f"what was kept of the sign-in is damaged: run inboxbot login {self.name}"]) from None
        if "access_token" in answer:
            return str(answer["access_token"]), cache.serialize() if cache.has_state_changed else kept
        if answer.get("error") in GONE:
            raise RefusedError(
                f"Microsoft takes the sign-in back ({_told(answer)}): the password was changed, access was removed, or 90 "
                f"days went by without use: run inboxbot login {self.name}"
            )
        raise MailboxError(f"Microsoft cannot renew the sign-in now: {_told(answer)}")

    def _app(self, cache: msal.SerializableTokenCache) -> Any:
        try:
            return msal.PublicClientApplication(
                self.client_id,
                authority=f"{self.authority}/{self.tenant}",
                token_cache=cache,
                instance_discovery=False,  # the authority is the user's own choice
            )
        except ValueError as error:
            raise SetupError(
                [f"Microsoft knows no such tenant: {_line(str(error))}: check tenant and authority"]
            ) from None


@contextlib.contextmanager
def _reached() -> Iterator[None]:
    """What cannot be reached is a matter of the network."""
    try:
        yield
    except (RequestException, msal.exceptions.MsalServiceError) as error:
        raise MailboxError(f"Microsoft cannot be reached: {_line(str(error))}") from None


def _told(answer: Mapping[str, Any]) -> str:
    error, more = answer.get("error", "no answer"), str(answer.get("error_description", ""))
    return _line(f"{error}: {more.partition('Trace ID')[0]}".rstrip(": "))


def _line(text: str) -> str:
    return " ".join(text.split())[:200]
