"""Texts of the report in both languages, side by side in the page: the reader switches, nothing is loaded."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup, escape

FILES = ("frame", "places", "people", "evaluation", "quality", "crosscheck")


@dataclass(frozen=True)
class Both:
    """A piece of the page in English and Simplified Chinese; only one is visible at a time."""

    en: str
    zh: str

    def __html__(self) -> str:
        """Both texts, marked with their language; one element when they are equal."""
        if self.en == self.zh:
            return str(escape(self.en))
        return Markup(
            '<span class="t" lang="en">{}</span><span class="t" lang="zh-Hans">{}</span>'
        ).format(self.en, self.zh)

    def of(self, language: str) -> str:
        """The text in one language, `en` or `zh`."""
        return self.zh if language == "zh" else self.en


@cache
def catalogue() -> Mapping[str, Both]:
    """All texts by key."""
    found: dict[str, Both] = {}
    for name in FILES:
        text = files(__package__).joinpath(f"texts/{name}.toml").read_text(encoding="utf-8")
        for key, entry in tomllib.loads(text).items():
            if key in found:
                raise ValueError(f"the text {key} stands in two files")
            found[key] = Both(entry["en"], entry["zh"])
    return found


def say(key: str, **values: Any) -> Both:
    """A text with its values filled in; values that differ by language are `Both`."""
    text = catalogue()[key]
    return Both(
        Markup(text.en).format(**{k: _in(v, "en") for k, v in values.items()}),  # noqa: S704 - own texts
        Markup(text.zh).format(**{k: _in(v, "zh") for k, v in values.items()}),  # noqa: S704 - own texts
    )


def known(prefix: str, name: str) -> Both:
    """The text `prefix_name`, or the bare name where there is no such text (a pack may bring new ones)."""
    return catalogue().get(f"{prefix}_{name}") or both(name)


def both(value: Any) -> Both:
    """A label (`{en, zh}`) or any other value as a text in both languages; nothing becomes "not known"."""
    if isinstance(value, Both):
        return value
    if isinstance(value, Mapping):
        return Both(str(value["en"]), str(value["zh"]))
    return catalogue()["not_known"] if value is None else Both(str(value), str(value))


def titled(value: Any) -> Both:
    """A label where it begins a line: English ones start with a capital."""
    text = both(value)
    return Both(text.en[:1].upper() + text.en[1:], text.zh)


def joined(parts: list[Both]) -> Both:
    """An enumeration in both languages."""
    return Both(
        Markup(", ").join(part.en for part in parts), Markup("、").join(part.zh for part in parts)
    )


def _in(value: Any, language: str) -> Any:
    return value.of(language) if isinstance(value, Both) else value
