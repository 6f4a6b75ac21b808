"""One TOML file, checked whole: unknown keys are refused with the nearest known one, every problem is told at once."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from inboxbot.errors import SetupError
from inboxbot.records import Identity, Receiver

SYSTEM, SYSTEM_STATE = Path("/etc/inboxbot"), Path("/var/lib/inboxbot")  # of the packaged unit
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IdentitySection(Section):
    """Who signs the drafts and owns the case sheets."""

    name: str = ""
    address: str = ""
    signature: str = ""
    kind: Literal["person", "company", "association"] = "person"
    siren: str | None = None
    language: Literal["fr", "en", "de"] = "fr"
    reply_language: Literal["fr", "en", "de"] | None = None
    templates: str | None = None

    def record(self) -> Identity:
        """As the other rooms know it."""
        return Identity(**self.model_dump(exclude={"templates"}))


class Account(Section):
    """One mailbox: IMAP by `host`, or a local Maildir by `maildir`."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    host: str | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str | None = None
    password_file: str | None = None
    password_command: list[str] | None = None
    password_env: str | None = None
    credential: str | None = None
    auth: Literal["password", "xoauth2"] = "password"
    token_command: list[str] | None = None
    provider: Literal["google", "microsoft"] | None = None
    client_file: str | None = None
    client_id: str | None = None
    tenant: str = "common"
    authority: Annotated[str, Field(pattern=r"^https://[^/]+$")] = "https://login.microsoftonline.com"
    ca_file: str | None = None
    maildir: str | None = None
    inbox: Annotated[list[str], Field(min_length=1)] = ["INBOX"]
    drafts: str = "auto"
    since: date | Literal["new", "all"] = "new"
    authserv_id: str | None = None
    arc_sealers: list[str] = []
    dkim_dns: bool = False
    microsoft: bool = False
    sheets: str = "Inboxbot/Cases"
    keywords: bool = False
    quote: bool = True
    poll_seconds: Annotated[int, Field(ge=10, le=86400)] = 300
    max_drafts_per_day: Annotated[int, Field(ge=0)] = 100
    identity: IdentitySection | None = None

    @property
    def label(self) -> str:
        """user@host: the account of the letter keys, the same whatever the section is called."""
        return f"{self.user}@{self.host}" if self.host else f"maildir@{Path(self.maildir or '').expanduser()}"

    @property
    def effective_port(self) -> int:
        """The configured port, else 993 with implicit TLS (RFC 8314 §7.3) and 143 without."""
        return self.port or (993 if self.security == "tls" else 143)

    def receiver(self) -> Receiver:
        """Whose word on senders to believe."""
        return Receiver(self.authserv_id, tuple(self.arc_sealers), self.microsoft)

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if (self.host is None) == (self.maildir is None):
            raise ValueError('give either "host" (IMAP) or "maildir" (local mail), one of them')
        if self.maildir is not None:
            return self
        if self.user is None:
            raise ValueError('"user" is missing')
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError('security = "none" would send the password in clear; it is for loopback only: use "tls"')
        sources = (self.password_file, self.password_command, self.password_env, self.credential)
        given = sum(source is not None for source in sources)
        if self.auth == "password" and given != 1:
            raise ValueError(
                'give one of "password_file", "password_command", "password_env" or "credential"'
                + (", not several" if given else "")
            )
        if self.auth == "xoauth2" and (self.token_command is None) == (self.provider is None):
            raise ValueError('with auth = "xoauth2" give either "token_command" or "provider"')
        if self.provider == "google" and self.client_file is None:
            raise ValueError('provider = "google" needs "client_file": docs/providers.md says where to get it')
        if self.provider == "microsoft" and self.client_id is None:
            raise ValueError('provider = "microsoft" needs "client_id": docs/providers.md says where to get it')
        if self.auth == "password" and (self.token_command or self.provider):
            raise ValueError('"token_command" and "provider" go with auth = "xoauth2"')
        return self


class Store(Section):
    url: str = "sqlite:///state.db"
    retention_days: Annotated[int, Field(ge=1)] = 1095


class Models(Section):
    dir: str = "models"


class Learning(Section):
    """What is kept to learn from, after how many new labels the service gives a lesson by itself (0: never), and
    whether each lesson is told by a sheet."""

    keep: Literal["masked", "raw"] = "masked"
    after: Annotated[int, Field(ge=0)] = 20
    sheet: bool = False


class Issuers(Section):
    extra_dirs: list[str] = []


class Cases(Section):
    """What the case book tells by itself: a reminder so many days before a deadline (0: none), a digest each morning."""

    remind_days: Annotated[int, Field(ge=0, le=60)] = 3
    digest: bool = False


class Metrics(Section):
    """Figures for Prometheus: over HTTP on this machine, or as a file for node_exporter."""

    listen: Annotated[str, Field(pattern=r"^(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$")] | None = None
    textfile: str | None = None


class Webhook(Section):
    """Who is told of events: an address or a command; `details` adds case number, amount and deadline."""

    url: str | None = None
    secret_file: str | None = None
    secret_env: str | None = None
    credential: str | None = None
    command: Annotated[list[str], Field(min_length=1)] | None = None
    events: list[str] = ["*"]
    details: bool = False

    @property
    def is_on(self) -> bool:
        """Whether anybody is told."""
        return self.url is not None or self.command is not None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if self.url is not None and self.command is not None:
            raise ValueError('give either "url" or "command", one of them')
        given = sum(source is not None for source in (self.secret_file, self.secret_env, self.credential))
        if self.url is not None:
            parts = urlsplit(self.url)
            if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
                raise ValueError(f'"url" must begin with https:// (http:// for this machine only), not {self.url}')
            if given != 1:
                raise ValueError('give one of "secret_file", "secret_env" or "credential": events are signed with it')
        return self


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["human", "json"] = "human"


class Config(Section):
    """The whole configuration; relative paths in it are relative to its file."""

    identity: IdentitySection = IdentitySection()
    account: list[Account] = []
    store: Store = Store()
    models: Models = Models()
    learning: Learning = Learning()
    issuers: Issuers = Issuers()
    cases: Cases = Cases()
    log: Log = Log()
    metrics: Metrics = Metrics()
    webhook: Webhook = Webhook()
    path: Path | None = Field(default=None, exclude=True)

    def identity_of(self, account: Account) -> Identity:
        """The account's own identity, else the common one; its address defaults to the account's user."""
        record = (account.identity or self.identity).record()
        if record.address or not account.user or "@" not in account.user:
            return record
        return Identity(**{**_plain(record), "address": account.user})

    def beside(self, path: str) -> Path:
        """A path of the configuration: absolute, or relative to the configuration file."""
        base = self.path.parent if self.path else Path.cwd()
        return (base / Path(path).expanduser()).resolve()

    @property
    def state_dir(self) -> Path:
        """$STATE_DIRECTORY under systemd, the system service's own for its configuration, else the platform's place."""
        given = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
        if given:
            return Path(given)
        of_the_system = self.path is not None and self.path.parent == SYSTEM
        return SYSTEM_STATE if of_the_system else platformdirs.user_state_path("inboxbot")

    @property
    def models_dir(self) -> Path:
        """Where trained models are kept: relative to the state directory."""
        return self.state_dir / self.models.dir


def find(given: str | None) -> Path | None:
    """The configuration file that counts: the one given, $INBOXBOT_CONFIG, or the first of the well-known places."""
    if given or (given := os.environ.get("INBOXBOT_CONFIG")):
        return Path(given)
    places = (
        Path("inboxbot.toml"),
        Path(platformdirs.user_config_dir("inboxbot")) / "inboxbot.toml",
        SYSTEM / "inboxbot.toml",
    )
    return next((place for place in places if place.is_file()), None)


def load(path: Path) -> Config:
    """Read and check the file; SetupError with every problem, each naming the file and the key."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SetupError([f"{path}: no such file: `inboxbot init` writes one"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError([f"{path}: cannot be read: {error}"]) from None
    except tomllib.TOMLDecodeError as error:
        raise SetupError([f"{path}: not valid TOML: {error}"]) from None
    try:
        config = Config.model_validate({**table, "path": path.resolve()})
    except ValidationError as error:
        raise SetupError([f"{path}: {problem}" for problem in _problems(error)]) from None
    if twins := _twins([account.name for account in config.account]):
        raise SetupError([f'{path}: two accounts are called "{name}": give each its own name' for name in twins])
    if twins := _twins([account.label for account in config.account]):
        raise SetupError([f"{path}: two accounts open the same mailbox {label}: keep one" for label in twins])
    return config


def _twins(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _problems(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        place = problem["loc"]
        key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
        if problem["type"] == "extra_forbidden":
            known = _known_keys(place[:-1])
            near = difflib.get_close_matches(str(place[-1]), known, 1, 0.5)
            yield f"unknown key {key}" + (
                f" (did you mean {near[0]}?)" if near else f" (known: {', '.join(sorted(known))})"
            )
        else:
            message = re.sub(r"^Value error, ", "", problem["msg"])
            yield f"{key}: {message[:1].lower()}{message[1:]}" if key else message


def _known_keys(place: tuple[int | str, ...]) -> list[str]:
    model: Any = Config
    for part in place:
        if isinstance(part, str) and part in getattr(model, "model_fields", {}):
            model = {
                "identity": IdentitySection, "account": Account, "store": Store, "models": Models,
                "learning": Learning, "issuers": Issuers, "cases": Cases, "log": Log, "metrics": Metrics, "webhook": Webhook,
            }.get(part, model)  # fmt: skip
    return [name for name in model.model_fields if name != "path"]


def _plain(identity: Identity) -> Mapping[str, Any]:
    return {name: getattr(identity, name) for name in Identity.__dataclass_fields__}
