"""A provider of access tokens as Google and Microsoft are: over HTTPS, with refresh tokens that are good for one use each."""

from __future__ import annotations

import base64
import json
import secrets
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.servers.imapservers import Server
from tests.servers.jwtmini import token


class OAuthServer:
    """Signs tokens that `imap` accepts for `user`; what it hands out can be made short-lived, revoked or held back."""

    def __init__(self, imap: Server, user: str) -> None:
        self._signed_with = imap.secret_file.read_bytes()
        self.user, self.ca = user, imap.ca
        self.lifetime = 3600
        self.revoked = self.busy = False
        self.renewals = 0
        self._live: set[str] = set()
        self._one_at_a_time = threading.Lock()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path.endswith("/openid-configuration"):
                    return self._answer(200, provider.configuration())
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                back = urlencode({"code": "a-code", "state": asked["state"]})
                self.send_response(302)
                self.send_header("Location", f"{asked['redirect_uri']}?{back}")
                self.send_header("Content-Length", "0")
                return self.end_headers()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                asked = {name: values[0] for name, values in parse_qs(body).items()}
                self._answer(*provider.answer(urlsplit(self.path).path, asked))

            def _answer(self, code: int, told: dict[str, Any]) -> None:
                body = json.dumps(told).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls = Path(imap.ca).parent
        context.load_cert_chain(tls / "server.crt", tls / "server.key")
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def google_client(self, path: Path) -> Path:
        """The client as Google's console gives it out, for this server."""
        client = {
            "client_id": "inboxbot-test",
            "client_secret": "not-a-secret",
            "auth_uri": f"{self.url}/authorize",
            "token_uri": f"{self.url}/token",
            "redirect_uris": ["http://localhost"],
        }
        path.write_text(json.dumps({"installed": client}))
        return path

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": f"{self.url}/common/v2.0",
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "device_authorization_endpoint": f"{self.url}/devicecode",
        }

    def answer(self, path: str, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.busy:
            return 503, {"error": "temporarily_unavailable"}
        if path == "/devicecode":
            return 200, {
                "device_code": "a-device",
                "user_code": "K7Q2-XB",
                "verification_uri": f"{self.url}/device",
                "expires_in": 60,
                "interval": 1,
            }
        with self._one_at_a_time:
            if asked["grant_type"] == "refresh_token":
                self.renewals += 1
                if self.revoked or asked["refresh_token"] not in self._live:
                    return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
                self._live.discard(asked["refresh_token"])
            return 200, self._handed_out(asked)

    def _handed_out(self, asked: dict[str, str]) -> dict[str, Any]:
        refresh = secrets.token_urlsafe(16)
        self._live.add(refresh)
        claims = {
            "iss": f"{self.url}/common/v2.0",
            "aud": asked.get("client_id", "inboxbot-test"),
            "sub": "s",
            "preferred_username": self.user,
        }
        return {
            "access_token": token(self.user, self._signed_with),
            "refresh_token": refresh,
            "expires_in": self.lifetime,
            "token_type": "Bearer",
            "scope": asked.get("scope", "https://mail.google.com/"),
            "id_token": f"{_part({'alg': 'none'})}.{_part(claims)}.",
            "client_info": _part({"uid": "u", "utid": "t"}),
        }


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
