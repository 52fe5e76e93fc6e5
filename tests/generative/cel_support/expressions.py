"""Random well-typed expressions over the whole subset, as text."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from jingzhun.policy.cel.tree import Kind
from jingzhun.standard import schema

from . import names

Draw = Callable[[st.SearchStrategy[str]], str]

_CODES = {
    "main_cause": "poverty_cause",
    "housing_grade": "housing_grade",
    "sex": "sex",
    "id_sex": "sex",
    "village_attribute": "village_attribute",
    "health": "health",
    "other_causes": "poverty_cause",
    "grade": "housing_grade",
}
_TEXTS = ("", "139", "13900", "62", "银行", 'a"b', "a\\b", "𠮷", "wrong_check", "resident")
_COMPARE = ("<", "<=", ">", ">=", "==", "!=")
_CONSTANTS = {
    Kind.BOOL: ("true", "false"),
    Kind.INT: ("0", "1", "-1", "2", "3", "7", "12", "-5", "100", "4000", "0x10"),
    Kind.DOUBLE: ("0.0", "0.5", "1.0", "-2.25", "4.0", "1e3", "-0.0"),
    Kind.STRING: tuple(json.dumps(text, ensure_ascii=False) for text in _TEXTS),
    Kind.DATE: (
        "on",
        'date("2003-09-30")',
        'date("2020-02-29")',
        'timestamp("2016-02-29T00:00:00Z")',
    ),
}


def expressions(
    kind: Kind, *, level: str = "household", with_has: bool = True, depth: int = 4
) -> st.SearchStrategy[str]:
    """Texts of expressions that give `kind`; `with_has` says whether they may ask what is known."""

    @st.composite
    def text(draw: Draw) -> str:
        person = "m" if level == "person" else ""
        return _Writer(draw, person, with_has=with_has, in_macro=False).write(kind, depth)

    return text()


@dataclass(frozen=True)
class _Writer:
    """Writes expressions in one place: outside of macros, or about the person called `person`.

    `exact` restricts decimals to sums that do not depend on their order. `record` is the record asked in
    a macro over records of `table`.
    """

    draw: Draw
    person: str
    with_has: bool
    in_macro: bool
    exact: bool = False
    record: str = ""
    table: str = ""

    def write(self, kind: Kind, depth: int) -> str:
        """An expression of `kind` with at most `depth` levels."""
        if depth <= 0:
            return self.one_of(self.leaves(kind))
        forms = [*_FORMS[kind], _choice]
        form = forms[int(self.one_of(tuple(str(n) for n in range(len(forms)))))]
        written = form(self, kind, depth - 1)
        return written if written else self.one_of(self.leaves(kind))

    def one_of(self, texts: tuple[str, ...] | list[str]) -> str:
        """One of some texts."""
        return self.draw(st.sampled_from(texts))

    def fields(self, kind: Kind) -> list[str]:
        """Fields of `kind` that can be read here."""
        found = [f"village.{name}" for name in names.VILLAGE[kind]]
        if not (self.exact and kind is Kind.DOUBLE):
            found += names.HOUSEHOLD[kind]
        if self.person:
            found += [f"{self.person}.{name}" for name in names.MEMBER[kind]] * 2
        if self.record:
            found += [f"{self.record}.{name}" for name in names.RECORDS[self.table][kind]] * 3
        return found

    def leaves(self, kind: Kind) -> list[str]:
        """What needs no operator."""
        found = [*_CONSTANTS[kind], *names.PARAMETERS_OF.get(kind, ()), *(self.fields(kind) * 2)]
        if not self.in_macro:
            found += names.DEFINITIONS_OF.get(kind, ())
        if self.person:
            found += [f"{self.person}.{name}" for name in names.MEMBER_DEFINITIONS_OF.get(kind, ())]
        if self.person and not self.record:
            found += [f"{self.person}.{name}" for name in names.RECORD_DEFINITIONS_OF.get(kind, ())]
        return found


Form = Callable[[_Writer, Kind, int], str]


def _choice(w: _Writer, kind: Kind, depth: int) -> str:
    return f"({w.write(Kind.BOOL, depth)} ? {w.write(kind, depth)} : {w.write(kind, depth)})"


def _infix(*operators: str) -> Form:
    def form(w: _Writer, kind: Kind, depth: int) -> str:
        return f"({w.write(kind, depth)} {w.one_of(operators)} {w.write(kind, depth)})"

    return form


def _negative(w: _Writer, kind: Kind, depth: int) -> str:
    return f"-({w.write(kind, depth)})"


def _times(w: _Writer, kind: Kind, depth: int) -> str:
    factor = w.one_of(("2", "-3", "7") if kind is Kind.INT else ("2.0", "-0.5", "4.0"))
    return f"({w.write(kind, depth)} * {factor})"


def _divided(w: _Writer, kind: Kind, depth: int) -> str:
    if w.exact:
        return ""
    sign = "/" if kind is Kind.DOUBLE else w.one_of(("/", "%"))
    return f"({w.write(kind, depth)} {sign} {w.write(kind, depth)})"


def _product(w: _Writer, kind: Kind, depth: int) -> str:
    return "" if w.exact else f"({w.write(kind, depth)} * {w.write(kind, depth)})"


def _not(w: _Writer, kind: Kind, depth: int) -> str:
    return f"!({w.write(kind, depth)})"


def _compared(w: _Writer, _: Kind, depth: int) -> str:
    left = w.one_of(("int", "double", "timestamp"))
    right = w.one_of(("int", "double")) if left != "timestamp" else left
    sides = [replace(w, exact=False).write(Kind(side), depth) for side in (left, right)]
    return f"({sides[0]} {w.one_of(_COMPARE)} {sides[1]})"


def _same(w: _Writer, _: Kind, depth: int) -> str:
    sign = w.one_of(("==", "!="))
    if w.one_of(("text", "condition")) == "condition":
        return f"({w.write(Kind.BOOL, depth)} {sign} {w.write(Kind.BOOL, depth)})"
    field = w.one_of(w.fields(Kind.STRING))
    other = w.one_of([*_codes_of(field), *w.fields(Kind.STRING)])
    return f"({field} {sign} {other})"


def _codes_of(field: str) -> tuple[str, ...]:
    listed = _CODES.get(field.rsplit(".", maxsplit=1)[-1])
    if listed is None:
        return _CONSTANTS[Kind.STRING]
    return tuple(f'"{code}"' for code in list(schema.code_list(listed).by_code())[:4])


def _listed(w: _Writer, _: Kind, depth: int) -> str:
    kind = Kind(w.one_of(("int", "double", "string", "timestamp", "list(string)")))
    if kind is Kind.STRINGS:
        field = w.one_of(w.fields(kind))
        return f"({w.one_of(_codes_of(field))} in {field})"
    if kind is Kind.STRING:
        field = w.one_of(w.fields(kind))
        codes = _codes_of(field)
        return f"({field} in [{w.one_of(codes)}, {w.one_of(codes)}])"
    constants = _CONSTANTS[kind]
    item = replace(w, exact=False).write(kind, depth)
    return f"({item} in [{w.one_of(constants)}, {w.one_of(constants)},])"


def _text_test(w: _Writer, _: Kind, depth: int) -> str:
    part = w.one_of(_CONSTANTS[Kind.STRING])
    return (
        f"{w.write(Kind.STRING, depth)}.{w.one_of(('startsWith', 'endsWith', 'contains'))}({part})"
    )


def _has(w: _Writer, _: Kind, depth: int) -> str:
    kind = Kind(w.one_of([k.value for k in Kind]))
    field = w.one_of(w.fields(kind)) if w.with_has else ""
    if not field:
        return ""
    return f"has({field if '.' in field else 'household.' + field})"


def _list(w: _Writer, depth: int) -> tuple[str, _Writer] | None:
    """Members or, of a person, records; filtered; None where no list can stand."""
    if w.record or (w.in_macro and not w.person):
        return None
    of_records = w.in_macro or (bool(w.person) and w.one_of(("yes", "no")) == "yes")
    if of_records:
        table, name = w.one_of(list(names.RECORDS)), w.one_of(("r", "v"))
        text, inner = f"{w.person}.{table}", replace(w, record=name, table=table, in_macro=True)
    else:
        name = w.one_of(("p", "q") if w.person == "m" else ("m", "p"))
        text, inner = "members", replace(w, person=name, in_macro=True)
    for _ in range(int(w.one_of(("0", "0", "1", "1", "2")))):
        text += f".filter({name}, {inner.write(Kind.BOOL, min(depth, 2))})"
    return text, inner


def _quantified(w: _Writer, _: Kind, depth: int) -> str:
    found = _list(w, depth)
    if found is None:
        return ""
    items, inner = found
    macro = w.one_of(("exists", "all", "exists_one"))
    return f"{items}.{macro}({inner.record or inner.person}, {inner.write(Kind.BOOL, depth)})"


def _counted(w: _Writer, _: Kind, depth: int) -> str:
    found = _list(w, depth)
    return "" if found is None else w.one_of((f"size({found[0]})", f"{found[0]}.size()"))


def _summed(w: _Writer, kind: Kind, depth: int) -> str:
    found = _list(w, depth)
    if found is None:
        return ""
    items, inner = found
    body = replace(inner, exact=True).write(kind, min(depth, 2))
    return f"{items}.map({inner.record or inner.person}, {body}).sum()"


def _converted(w: _Writer, kind: Kind, depth: int) -> str:
    if kind is Kind.INT:
        return "" if w.exact else f"int({w.write(Kind.DOUBLE, depth)})"
    if kind is Kind.DOUBLE:
        return f"double({w.write(Kind.INT, depth)})"
    return f"string({w.write(Kind.INT, depth)})"


def _measured(w: _Writer, _: Kind, depth: int) -> str:
    what = w.one_of(("text", "list", "date"))
    if what == "date":
        return f"{w.write(Kind.DATE, depth)}.getFullYear()"
    written = w.write(Kind.STRING, depth) if what == "text" else w.one_of(w.fields(Kind.STRINGS))
    return f"size({written})"


_FORMS: dict[Kind, tuple[Form, ...]] = {
    Kind.BOOL: (
        *(_infix("&&", "||"), _infix("&&", "||"), _not, _compared, _compared, _same, _listed),
        *(_text_test, _has, _quantified, _quantified),
    ),
    Kind.INT: (
        _infix("+", "-"),
        _times,
        _divided,
        _negative,
        _converted,
        _measured,
        _counted,
        _summed,
    ),
    Kind.DOUBLE: (_infix("+", "-"), _times, _divided, _product, _negative, _converted, _summed),
    Kind.STRING: (_converted,),
    Kind.DATE: (),
}
