"""Words: yes and no, and the values of code lists, by name or by a declared version's code."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

import polars as pl

from jingzhun.quality.intake.readings.base import Cleaner, Reading, Tier, narrow
from jingzhun.quality.intake.reasons import Problem, Reason
from jingzhun.standard.schema import CodeList

_NEAR, _LISTED = 4, 6
_MOST_COMPARED = 40
"""A longer text is no misspelt name; it is not compared."""
_MOST_LOOKED_UP = 500
_CODE = re.compile(r"[0-9]{1,3}[a-z]?")
LIST_MARK = "\x1f"


def bool_reading(clean: Cleaner, yes: tuple[str, ...], no: tuple[str, ...]) -> Reading:
    """Yes or no, by the words of the mapping; case and width do not matter."""
    words = {_plain(word): True for word in yes} | {_plain(word): False for word in no}
    known = {word: value for word, value in words.items() if word not in clean.missing}
    facts = {"yes": " ".join(yes), "no": " ".join(no)}

    def slow(text: str) -> bool | Problem:
        return words.get(_plain(text), Problem(Reason.NOT_YES_NO, facts))

    return Reading(pl.Boolean, clean, slow, (_looked_up(known, pl.Boolean),))


def code_reading(clean: Cleaner, codes: CodeList, version: str | None) -> Reading:
    """One value of a code list: by name when `version` is null, else by that version's code."""
    lookup = _Lookup(codes, version)
    known = {text: code for text, code in lookup.exact.items() if text not in clean.missing}
    return Reading(pl.String, clean, lookup, (_looked_up(known, pl.String),))


def codes_reading(
    clean: Cleaner, codes: CodeList, version: str | None, marks: str, most: int | None
) -> Reading:
    """Several values of a code list in one cell, each once, in the order of the cell.

    A word for "no" (无) is an empty list: known to be none, which null is not.
    """
    lookup = _Lookup(codes, version)
    between = re.compile("[" + re.escape(marks) + "]")

    def slow(text: str) -> list[str] | Problem:
        if _plain(text) in {"无", "none"} and _plain(text) not in lookup.names:
            return []
        parts = [part.strip() for part in between.split(text) if part.strip()]
        found = [lookup(part) for part in ([text] if _plain(text) in lookup.names else parts)]
        problem = next((item for item in found if isinstance(item, Problem)), None)
        if problem is not None:
            return problem
        kept = list(dict.fromkeys(str(item) for item in found))
        if most is not None and len(kept) > most:
            facts = {"count": str(len(kept)), "most": str(most)}
            return Problem(Reason.TOO_MANY_VALUES, facts)
        return kept

    return Reading(pl.List(pl.String), clean, slow)


class _Lookup:
    """From one word to the stored code, or to the problem."""

    def __init__(self, codes: CodeList, version: str | None) -> None:
        self._codes = codes
        self._version = version
        stored = {value.code: value.code for value in codes.values}
        by_name = codes.by_name()
        self.names: dict[str, str] = {}
        self._compared: dict[str, list[str]] = {}
        if version is not None:
            self._by_code = _version_codes(codes, version, by_name) or stored
            self.exact = self._by_code
            return
        for name, code in by_name.items():
            if not (codes.other_versions and _CODE.fullmatch(name)):
                self.names.setdefault(_plain(name), code)
        # Without other numberings of the same list, its own codes can't be mistaken.
        self._by_code = {} if codes.other_versions else stored
        spellings = (n for v in codes.values for n in (v.zh, v.en, *v.aliases))
        self.exact = self._by_code | {n: self.names[_plain(n)] for n in spellings}

    def __call__(self, text: str) -> str | Problem:
        plain = _plain(text)
        found = self.names.get(plain) or self._by_code.get(text) or self._code(plain)
        return found or self._problem(plain)

    def _code(self, plain: str) -> str | None:
        """A code whose leading zero a spreadsheet has dropped, or in another case."""
        folded = {code.lower(): stored for code, stored in self._by_code.items()}
        return folded.get(plain) or folded.get(plain.zfill(2))

    def _problem(self, plain: str) -> Problem:
        codes = self._codes
        facts = {"codes": codes.list, "version": self._version or codes.version}
        if self._version is not None:
            return Problem(Reason.UNKNOWN_CODE, facts)
        if codes.other_versions and _CODE.fullmatch(plain):
            versions = [codes.version, *(other.version for other in codes.other_versions)]
            return Problem(Reason.CODE_WITHOUT_VERSION, facts | {"versions": ", ".join(versions)})
        by_code = codes.by_code()
        shown = [by_code[code] for code in self._near(plain)]
        listed = shown or codes.values[:_LISTED]
        names = ", ".join(f"{value.zh} ({value.en})" for value in listed)
        more = "" if shown or len(codes.values) <= _LISTED else ", …"
        return Problem(Reason.UNKNOWN_NAME, facts | {"near": names + more})

    def _near(self, plain: str) -> list[str]:
        """Codes with a similar name. Looked up for the first unknown words only: when a whole column
        is wrong, similarity explains nothing and would take hours."""
        if plain not in self._compared:
            if len(plain) > _MOST_COMPARED or len(self._compared) >= _MOST_LOOKED_UP:
                return []
            found = difflib.get_close_matches(plain, self.names, n=_NEAR, cutoff=0.5)
            self._compared[plain] = list(dict.fromkeys(self.names[name] for name in found))
        return self._compared[plain]


def _version_codes(
    codes: CodeList, version: str, by_name: Mapping[str, str]
) -> dict[str, str] | None:
    """Another version's code -> the code stored here; null for the list's own version."""
    other = next((v for v in codes.other_versions if v.version == version), None)
    if other is None:
        return None
    return {code: by_name[name.lower()] for code, name in other.values.items()}


def _looked_up(known: Mapping[str, bool | str], dtype: type[pl.DataType]) -> Tier:
    def tier(raw: pl.Expr) -> pl.Expr:
        return raw.replace_strict(
            list(known), list(known.values()), default=None, return_dtype=dtype
        )

    return tier


def _plain(text: str) -> str:
    return "".join(narrow(text).split()).lower()
