"""Keys of private linking: who may read them, which are refused, what they never show."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from jingzhun.errors import InputError
from jingzhun.linkage.private import Key, make_key, read_key

SECRET = bytes((i * 167 + 31) ** 2 % 251 for i in range(32))
"""Invented: looks drawn, and is the same in every run."""


def test_a_new_key_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    make_key(tmp_path / "key", SECRET)

    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_key_read_back_is_the_same_key(tmp_path: Path) -> None:
    made = make_key(tmp_path / "key", SECRET)

    assert read_key(tmp_path / "key") == made


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    make_key(tmp_path / "key", SECRET)

    with pytest.raises(InputError, match="already"):
        make_key(tmp_path / "key", SECRET[::-1])


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    make_key(tmp_path / "key", SECRET)
    (tmp_path / "key").chmod(0o640)

    with pytest.raises(InputError, match="chmod 600"):
        read_key(tmp_path / "key")


@pytest.mark.parametrize(
    "secret",
    [
        b"",
        SECRET[:31],
        b"our common passphrase of the two departments",
        bytes(32),
        bytes(range(32)),
        SECRET[:16] * 2,
    ],
    ids=["empty", "short", "passphrase", "zeros", "counted up", "a half twice"],
)
def test_a_weak_key_is_refused(secret: bytes) -> None:
    with pytest.raises(InputError, match="too weak"):
        Key(secret)


def test_a_key_shows_nothing_of_its_secret() -> None:
    key = Key(SECRET)

    assert SECRET.hex() not in repr(key) + key.key_id
    assert repr(SECRET) not in repr(key)


def test_keys_for_two_purposes_differ() -> None:
    key = Key(SECRET)

    assert key.derived("number") != key.derived("name")


def test_a_changed_key_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_key(path, SECRET)
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | {"secret": SECRET[::-1].hex()}), encoding="utf-8")

    with pytest.raises(InputError, match="damaged"):
        read_key(path)


def test_what_is_no_key_file_is_refused_without_showing_it(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text('{"secret": "not hexadecimal"}', encoding="utf-8")
    path.chmod(0o600)

    with pytest.raises(InputError, match="no key file") as caught:
        read_key(path)
    assert "hexadecimal" not in str(caught.value)
