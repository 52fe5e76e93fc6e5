"""Settings from the environment, typed; a wrong value ends the start with a sentence, not a traceback."""

from __future__ import annotations

import base64
import binascii
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from jingzhun.errors import UserError

PREFIX = "JINGZHUN_"
KEY_BYTES = 32
SHORTEST_SECRET = 50
Mode = Literal["demo", "production"]


class SettingsError(UserError):
    """A setting of the platform is missing or wrong."""


class Environment(BaseSettings):
    """What may be set, each as `JINGZHUN_<NAME>`; the database as `DATABASE_URL` too.

    In mode `demo` everything has a value and the database is the embedded one; in `production` the secrets
    must be given, and nothing that is made for the demo runs.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    mode: Mode = "demo"
    home: Path = Path("demo-platform")
    """Folder of the embedded database, uploads and snapshots."""
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    """The application's own role; it must neither own the tables nor bypass row security."""
    owner_database_url: str | None = None
    """The role that owns the tables; only `migrate`, `backup` and `restore` need it, and nothing else should."""
    secret_key: str | None = None
    data_keys: Annotated[tuple[str, ...], NoDecode] = ()
    """Keys of direct identifiers, 32 bytes in base64; the first encrypts, all decrypt."""
    index_key: str | None = None
    """Key of the blind index, 32 bytes in base64."""
    cipher: Literal["aes-256-gcm", "sm4-gcm"] = "aes-256-gcm"
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ("127.0.0.1", "localhost", "[::1]")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    workers: int = Field(default=2, ge=1, le=64)
    behind_https: bool = False
    """Whether a reverse proxy speaks HTTPS for us; obligatory in production."""
    session_hours: int = Field(default=8, ge=1, le=24)
    second_factor: Literal["off", "optional", "identifiers", "everybody"] = "optional"
    temporary_password_days: int = Field(default=7, ge=1, le=90)
    """How long a password that an administrator has given opens an account. DEFAULT: our own."""
    reveals_per_hour: int = Field(default=60, ge=1, le=10_000)
    """Households whose numbers an account may see in full within an hour. DEFAULT: our own."""
    largest_import_mib: int = Field(default=256, ge=1, le=4096)
    """Of all files that are handed in at once, in MiB; they pass through memory."""
    publicity_days: int = Field(default=7, ge=1, le=60)
    objection_phone: str = Field(default="", max_length=40)
    """Shown on public lists; empty: that none was set."""
    recheck_share: float = Field(default=0.10, ge=0, le=1)
    """Share of judged findings that are checked again before they are closed. DEFAULT: our own."""

    @field_validator("data_keys", "allowed_hosts", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("data_keys")
    @classmethod
    def _keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for key in value:
            key_bytes(key)
        return value

    @field_validator("index_key")
    @classmethod
    def _key(cls, value: str | None) -> str | None:
        if value is not None:
            key_bytes(value)
        return value

    @model_validator(mode="after")
    def _whole(self) -> Environment:
        if self.mode == "demo":
            return self
        needed = {
            "DATABASE_URL": self.database_url,
            f"{PREFIX}SECRET_KEY": self.secret_key,
            f"{PREFIX}DATA_KEYS": self.data_keys,
            f"{PREFIX}INDEX_KEY": self.index_key,
        }
        absent = [name for name, given in needed.items() if not given]
        if absent:
            raise ValueError(f"production needs {', '.join(absent)}")
        if len(self.secret_key or "") < SHORTEST_SECRET:
            raise ValueError(f"{PREFIX}SECRET_KEY needs at least {SHORTEST_SECRET} characters")
        if not self.behind_https:
            raise ValueError(f"production needs HTTPS: set {PREFIX}BEHIND_HTTPS=true")
        return self


def key_bytes(text: str) -> bytes:
    """The 32 bytes of a key written in base64; ValueError that does not repeat the key."""
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("a key is not base64") from error
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {len(key)} bytes, not {KEY_BYTES}")
    return key


@cache
def environment() -> Environment:
    """The settings of this process; SettingsError names what is wrong, never a secret's value."""
    try:
        return Environment()
    except ValidationError as error:
        wrong = "; ".join(
            f"{PREFIX}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" if e["loc"] else e["msg"]
            for e in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError(
            f"The platform's settings are wrong: {wrong}",
            do="Correct the environment; docs/operations.md lists every setting",
        ) from None
