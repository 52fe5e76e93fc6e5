"""Every text of the platform is there in Simplified Chinese too, once, with the same places for values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po

PLATFORM = Path(__file__).parents[2] / "src" / "jingzhun_web"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_now": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
IN_TEMPLATE = re.compile(
    r"""\{%\s*(?:translate|trans)\s+(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')([^%]*)%\}"""
)
BLOCK = re.compile(
    r"\{%\s*blocktrans(?:late)?\b([^%]*)%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL
)
CONTEXT = re.compile(r"""context\s+["']([^"']*)["']""")
PLURAL = re.compile(r"\{%\s*plural\s*%\}")
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


Text = tuple[str, str]
"""Context, which is mostly empty, and the text: a translation is of both."""


def texts_in_code() -> Iterator[tuple[Text, str]]:
    """Text and file of every call of gettext; Django's `_` is one."""
    for path in sorted(PLATFORM.rglob("*.py")):
        for _line, found, _comments, context in extract_from_file("python", path, KEYWORDS):
            text = found[0] if isinstance(found, tuple) else found
            yield (context or "", str(text)), str(path.relative_to(PLATFORM))


def texts_in_pages() -> Iterator[tuple[Text, str]]:
    """Text and file of everything that a template translates."""
    for path in sorted((PLATFORM / "templates").rglob("*.html")):
        page, name = path.read_text(encoding="utf-8"), str(path.relative_to(PLATFORM))
        for double, single, rest in IN_TEMPLATE.findall(page):
            yield (context_of(rest), double or single), name
        for options, inside in BLOCK.findall(page):
            text = PLURAL.split(inside)[0]
            if "trimmed" in options:
                text = " ".join(line.strip() for line in text.splitlines() if line.strip())
            yield (context_of(options), VARIABLE.sub(r"%(\1)s", text)), name


def context_of(options: str) -> str:
    found = CONTEXT.search(options)
    return found[1] if found else ""


def catalogs() -> dict[Path, Catalog]:
    found = {}
    for path in sorted(PLATFORM.rglob("django.po")):
        with path.open("rb") as file:
            found[path] = read_po(file, locale="zh_Hans", abort_invalid=True)
    return found


def translated() -> dict[Text, str]:
    known: dict[Text, str] = {}
    for catalog in catalogs().values():
        for message in catalog:
            if message.id:
                one = message.id[0] if isinstance(message.id, tuple | list) else message.id
                word = message.string
                known[message.context or "", one] = str(
                    word[0] if isinstance(word, tuple | list) else word
                )
    return known


@pytest.mark.parametrize("texts", [texts_in_code, texts_in_pages])
def test_every_text_is_translated(texts: object) -> None:
    known = translated()
    assert callable(texts)

    missing = sorted({(name, text) for text, name in texts() if text[1] and not known.get(text)})

    assert missing == []


def test_no_text_has_two_translations() -> None:
    words: dict[tuple[str, str], set[str]] = {}
    for catalog in catalogs().values():
        for message in catalog:
            if message.id:
                key = (str(message.id), str(message.context or ""))
                words.setdefault(key, set()).add(str(message.string))

    assert {text for text, found in words.items() if len(found) > 1} == set()


def test_a_translation_has_places_for_the_same_values() -> None:
    wrong = [
        text
        for (_context, text), word in translated().items()
        if word and sorted(PLACE.findall(text)) != sorted(PLACE.findall(word))
    ]

    assert wrong == []
