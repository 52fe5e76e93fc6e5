"""Every text that users see stands in both languages."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator

from pydantic import BaseModel

from jingzhun.policy.pack import Pack, load_pack, pack_names
from jingzhun.standard import schema
from jingzhun.standard.labels import Label

from .source import CHINESE, PACKAGE, called, modules, text_of

Found = tuple[str, str, str]
"""Place, English, Chinese."""


def _labels_in(value: object, place: str) -> Iterator[Found]:
    if isinstance(value, Label):
        yield place, value.en, value.zh
    elif isinstance(value, BaseModel):
        here = getattr(value, "id", None) or getattr(value, "name", None)
        inside = f"{place}/{here}" if isinstance(here, str) else place
        for name in type(value).model_fields:
            yield from _labels_in(getattr(value, name), f"{inside}.{name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _labels_in(item, f"{place}.{key}")
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _labels_in(item, place)


def _of_pack(pack: Pack) -> Iterator[Found]:
    parts = {
        "pack": pack.info,
        "parameters": list(pack.parameters.values()),
        "definitions": list(pack.definitions.values()),
        "income": list(pack.income),
        "profiles": list(pack.profiles.values()),
        "checks": list(pack.checks.values()),
        "check_groups": dict(pack.check_groups),
        "causes": pack.causes,
        "monitoring": pack.monitoring,
        "cases": list(pack.cases),
        "columns": list(pack.extra_columns),
    }
    return _labels_in(parts, pack.id)


def _of_standard() -> Iterator[Found]:
    yield from _labels_in(list(schema.tables().values()), "tables")
    for codes in schema.code_lists().values():
        yield f"codes/{codes.list}", codes.label.en, codes.label.zh
        yield from ((f"codes/{codes.list}/{v.code}", v.en, v.zh) for v in codes.values)


def _of_code() -> Iterator[Found]:
    """Labels written in the source: `Label(en=..., zh=...)` and `{"en": ..., "zh": ...}`."""
    for module in modules():
        for node in module.nodes():
            given: dict[str, ast.expr] = {}
            if isinstance(node, ast.Call) and called(node) == "Label":
                given = {word.arg: word.value for word in node.keywords if word.arg}
            elif isinstance(node, ast.Dict):
                given = {
                    t: v for k, v in zip(node.keys, node.values, strict=True) if (t := text_of(k))
                }
            english, chinese = text_of(given.get("en")), text_of(given.get("zh"))
            if english is not None and chinese is not None and isinstance(node, ast.expr):
                yield f"{module.place}:{node.lineno}", english, chinese


def _of_report() -> Iterator[Found]:
    """Texts of the report page: TOML tables with `en` and `zh`."""
    for path in sorted((PACKAGE / "report" / "texts").glob("*.toml")):
        for key, text in tomllib.loads(path.read_text(encoding="utf-8")).items():
            # A form such as "{n} MiB" has no words to translate.
            words = re.sub(r"{.*?}|MiB", "", text["en"])
            if re.search("[A-Za-z]", words):
                yield f"{path.name}: {key}", text["en"], text["zh"]


def _quotes_without(english: str) -> bool:
    """Whether an English text has Chinese in it other than a term in brackets: `number (审图号)`."""
    return bool(CHINESE.search(re.sub(r"\([^)]*\)", "", english)))


def _wrong(found: Iterator[Found]) -> list[str]:
    return [
        f"{place}: {english!r} / {chinese!r}"
        for place, english, chinese in found
        if not english.strip() or _quotes_without(english) or not CHINESE.search(chinese)
    ]


def test_every_text_of_the_packs_is_english_and_chinese() -> None:
    assert [w for name in pack_names() for w in _wrong(_of_pack(load_pack(name)))] == []


def test_every_label_of_the_data_standard_is_english_and_chinese() -> None:
    assert _wrong(_of_standard()) == []


def test_every_label_in_the_code_is_english_and_chinese() -> None:
    assert _wrong(_of_code()) == []


def test_every_text_of_the_report_is_english_and_chinese() -> None:
    assert _wrong(_of_report()) == []


def test_the_labels_are_found_at_all() -> None:
    # Guards the tests above: a walk that finds nothing would find nothing wrong.
    assert len(list(_of_pack(load_pack("gansu")))) > 500
    assert len(list(_of_standard())) > 300
    assert len(list(_of_code())) > 50
    assert len(list(_of_report())) > 50
