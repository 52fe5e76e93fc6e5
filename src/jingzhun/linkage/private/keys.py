"""The shared key: made at random, kept in a file that only its owner can read, named by an id."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from jingzhun.errors import InputError, Place

BYTES = 32
"""Random bytes of a key."""
_FEWEST_VALUES = 16
"""Of 32 bytes drawn at random, fewer than 16 differ about once in 10^17 keys."""
_FORMAT = "jingzhun linkage key"
_VERSION = 1
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Key:
    """A shared secret of at least 32 random bytes; it is never printed, logged or written into a result.

    InputError when the secret is short, a passphrase or a pattern.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        wrong = _weakness(self.secret)
        if wrong:
            raise InputError(
                f"The key is too weak: {wrong}", do="Make one with `jingzhun link make-key FILE`"
            )

    @property
    def key_id(self) -> str:
        """Sixteen characters that tell which key was used and say nothing of the secret."""
        return self.derived("key id").hex()[:16]

    def derived(self, purpose: str) -> bytes:
        """A key for one purpose alone: values encoded for different purposes can't be compared."""
        return hmac.digest(self.secret, b"jingzhun/" + purpose.encode(), hashlib.sha256)


def _weakness(secret: bytes) -> str:
    """Why a secret is none; empty when nothing is known against it."""
    if len(secret) < BYTES:
        return f"it has {len(secret)} bytes, at least {BYTES} are needed"
    if all(32 <= byte < 127 for byte in secret):
        return "it is text, as a passphrase would be"
    steps = {(b - a) % 256 for a, b in pairwise(secret)}
    if min(len(set(secret)), len(steps)) < _FEWEST_VALUES:
        return "it is a pattern"
    half = len(secret) // 2
    if secret[:half] == secret[half : 2 * half]:
        return "it is a pattern"
    return ""


def make_key(path: Path, secret: bytes) -> Key:
    """Write a key of random bytes, drawn by the caller, to a new file that only its owner can read (0600).

    InputError when the secret is weak, or there is a file already: a lost key can't be made again.
    """
    key = Key(secret)
    content = {
        "format": _FORMAT,
        "version": _VERSION,
        "key_id": key.key_id,
        "secret": key.secret.hex(),
    }
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise InputError(
            "There is a file of that name already", where=Place(file=str(path)), do="Name another"
        ) from error
    except OSError as error:
        raise InputError(
            "The key can't be written there", where=Place(file=str(path)), why=error.strerror or ""
        ) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(json.dumps(content, indent=1) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    return key


def read_key(path: Path) -> Key:
    """The key in a file.

    InputError when others than its owner may read the file, when it is no key file, or holds a weak key.
    """
    where = Place(file=str(path))
    try:
        mode = path.stat().st_mode
        content = json.loads(path.read_text(encoding="utf-8"))
        secret = bytes.fromhex(content["secret"])
        told = (content["format"], content["version"], content["key_id"])
    except OSError as error:
        raise InputError("The key file can't be read", where=where) from error
    except (ValueError, KeyError, TypeError) as error:
        # Without the cause: its text could hold a piece of the secret.
        raise InputError("This is no key file of Jingzhun", where=where) from error.__cause__
    if os.name == "posix" and mode & _OTHERS:
        raise InputError(
            "Others than its owner can read the key file", where=where, do=f"Run: chmod 600 {path}"
        )
    key = Key(secret)
    if told != (_FORMAT, _VERSION, key.key_id):
        raise InputError(
            "The key file is damaged, or of another version",
            where=where,
            do="Get it once more from the department that made it",
        )
    return key
