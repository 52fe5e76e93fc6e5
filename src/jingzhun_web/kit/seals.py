"""Direct identifiers at rest: encrypted with an authenticated cipher, found by a keyed index.

A sealed value is `version byte | key number | 12 random bytes | ciphertext and tag`. The blind index of a
value is an HMAC of its normal form: equal values have equal indexes, and without the key nothing can be read
from them but that they are equal.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jingzhun_web.kit.environment import SettingsError

NONCE, TAG, HEAD = 12, 16, 2
SM4_KEY = 16


class _Aead(Protocol):
    version: int

    def encrypt(self, nonce: bytes, data: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes) -> bytes: ...


class _Aes:
    version = 1

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def encrypt(self, nonce: bytes, data: bytes) -> bytes:
        return self._aead.encrypt(nonce, data, None)

    def decrypt(self, nonce: bytes, data: bytes) -> bytes:
        return self._aead.decrypt(nonce, data, None)


class _Sm4:
    version = 2

    def __init__(self, key: bytes) -> None:
        # SM4 has keys of 128 bits; they are derived, so that one kind of key serves both ciphers.
        self._key = hashlib.sha256(b"sm4" + key).digest()[:SM4_KEY]

    def encrypt(self, nonce: bytes, data: bytes) -> bytes:
        working = Cipher(algorithms.SM4(self._key), modes.GCM(nonce)).encryptor()
        return working.update(data) + working.finalize() + working.tag

    def decrypt(self, nonce: bytes, data: bytes) -> bytes:
        mode = modes.GCM(nonce, data[-TAG:])
        working = Cipher(algorithms.SM4(self._key), mode).decryptor()
        return working.update(data[:-TAG]) + working.finalize()


_CIPHERS: dict[str, type[_Aes] | type[_Sm4]] = {"aes-256-gcm": _Aes, "sm4-gcm": _Sm4}


@dataclass(frozen=True)
class Seals:
    """Keys made ready. `keys`: the first encrypts, all decrypt, by their number from the end."""

    keys: Sequence[bytes]
    index_key: bytes
    cipher: str = "aes-256-gcm"

    def seal(self, text: str) -> bytes:
        """The text encrypted under the first key."""
        return self.seal_bytes(text.encode())

    def seal_each(self, texts: Sequence[str | None]) -> list[bytes | None]:
        """Each text encrypted, None where there is none: the same as `seal`, some times quicker for a column."""
        aead = self._aead(_CIPHERS[self.cipher].version, len(self.keys) - 1)
        head, encrypt = bytes([aead.version, len(self.keys) - 1]), aead.encrypt
        nonces = os.urandom(NONCE * len(texts))
        made: list[bytes | None] = []
        for place, text in enumerate(texts):
            if text is None:
                made.append(None)
                continue
            nonce = nonces[NONCE * place : NONCE * (place + 1)]
            made.append(head + nonce + encrypt(nonce, text.encode()))
        return made

    def open(self, sealed: bytes) -> str:
        """The text again; SettingsError when no key opens it."""
        return self.open_bytes(sealed).decode()

    def seal_bytes(self, data: bytes) -> bytes:
        """Bytes encrypted under the first key."""
        aead = self._aead(_CIPHERS[self.cipher].version, len(self.keys) - 1)
        nonce = os.urandom(NONCE)
        head = bytes([aead.version, len(self.keys) - 1])
        return head + nonce + aead.encrypt(nonce, data)

    def open_bytes(self, sealed: bytes) -> bytes:
        """The bytes again; SettingsError when no key opens them."""
        version, number = sealed[0], sealed[1]
        nonce, data = sealed[HEAD : HEAD + NONCE], sealed[HEAD + NONCE :]
        try:
            return self._aead(version, number).decrypt(nonce, data)
        except (InvalidTag, IndexError, StopIteration) as error:
            raise SettingsError(
                "What was encrypted can't be decrypted",
                why="None of the keys in JINGZHUN_DATA_KEYS is the one it was encrypted with",
                do="Add the earlier key at the end of the list",
            ) from error

    def index(self, text: str) -> bytes:
        """The blind index of a text; give it in its normal form."""
        return hmac.digest(self.index_key, text.encode(), "sha256")

    @cached_property
    def _made(self) -> dict[tuple[int, int], _Aead]:
        return {}

    def _aead(self, version: int, number: int) -> _Aead:
        known = self._made.get((version, number))
        if known is None:
            kind = next(kind for kind in _CIPHERS.values() if kind.version == version)
            # Numbered from the oldest, which stands last: a new key put in front changes no number.
            known = self._made[version, number] = kind(self.keys[len(self.keys) - 1 - number])
        return known
