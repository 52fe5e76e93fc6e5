"""Source texts in the reader's language: packs cite in English, with the Chinese of each clause beside."""

from __future__ import annotations

from collections.abc import Mapping

_BETWEEN = "; "


def clauses(text: str) -> list[str]:
    """The clauses of a source text, as `chinese` of sources.yaml names them."""
    return text.split(_BETWEEN)


def cited(text: str, language: str, chinese: Mapping[str, str]) -> str:
    """A source text in a language; a clause that has no Chinese stays as it is, as references and addresses do."""
    if language != "zh":
        return text
    return "；".join(chinese.get(clause, clause) for clause in clauses(text))
