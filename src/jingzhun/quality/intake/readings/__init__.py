"""How cells become values: one `Reading` for each kind of column."""

from __future__ import annotations

from collections.abc import Callable

from jingzhun.quality.intake.areas import Areas
from jingzhun.quality.intake.mapping import BY_NAME, OWN_VERSION, ColumnRule, TableMapping
from jingzhun.quality.intake.readings.areas import division_reading
from jingzhun.quality.intake.readings.base import Cleaner, Reading, Tier
from jingzhun.quality.intake.readings.dates import date_reading, is_date_form
from jingzhun.quality.intake.readings.numbers import NumberForm, number_reading
from jingzhun.quality.intake.readings.texts import id_number_reading, text_reading
from jingzhun.quality.intake.readings.words import bool_reading, code_reading, codes_reading
from jingzhun.quality.intake.units import span_factor, unit_factor
from jingzhun.standard import schema

__all__ = ["Cleaner", "Reading", "Tier", "is_date_form", "reading_of"]


def reading_of(
    table: schema.Table,
    column: schema.Column,
    rule: ColumnRule,
    mapping: TableMapping,
    areas: Areas | None,
) -> Reading:
    """The reading of one column as its rule and the table's mapping say."""
    missing = rule.missing if rule.missing is not None else mapping.missing
    clean = Cleaner(frozenset(missing), rule.values)
    if column.type == "str":
        keys = {*table.key, *(table.parent.key if table.parent else ())}
        return text_reading(clean, is_key=column.name in keys)
    if column.type == "division":
        # Records of other departments may lie anywhere; a household lies where the pack has a county.
        is_area = column.name == table.area
        return division_reading(clean, areas if is_area else None, anywhere=table.is_external)
    if column.type == "bool":
        return bool_reading(clean, rule.yes or mapping.yes, rule.no or mapping.no)
    builders: dict[str, Callable[[], Reading]] = {
        "id_number": lambda: id_number_reading(clean),
        "date": lambda: date_reading(clean, rule.dates or mapping.dates),
        "int": lambda: number_reading(clean, _number_form(column, rule)),
        "decimal": lambda: number_reading(clean, _number_form(column, rule)),
        "code": lambda: _words(column, rule, mapping, clean),
        "codes": lambda: _words(column, rule, mapping, clean),
    }
    return builders[column.type]()


def _number_form(column: schema.Column, rule: ColumnRule) -> NumberForm:
    factor = unit_factor(column, rule.unit) if rule.unit else 1.0
    spans = span_factor(column, rule.per) if rule.per else 1.0
    return NumberForm(
        whole=column.type == "int",
        low=column.min,
        high=column.max,
        unit=column.unit or "",
        factor=(factor or 1.0) * (spans or 1.0),
        rounded=rule.round,
        exponential=rule.transform == "exp",
        is_year=column.unit == "year",
    )


def _words(
    column: schema.Column, rule: ColumnRule, mapping: TableMapping, clean: Cleaner
) -> Reading:
    codes = schema.code_list(column.codes or "")
    version = None if rule.codes == BY_NAME else rule.codes
    if version == OWN_VERSION:
        version = codes.version
    if column.type == "code":
        return code_reading(clean, codes, version)
    marks = rule.separators or mapping.separators
    return codes_reading(clean, codes, version, marks, column.max_items)
