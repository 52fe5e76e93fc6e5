"""A mapping made ready: readings for each column, and for each source the texts they read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from jingzhun.errors import InputError, Place
from jingzhun.frames.readers import ReadOptions, Source, plain_header
from jingzhun.quality.intake.areas import Areas
from jingzhun.quality.intake.mapping import ColumnRule, TableMapping
from jingzhun.quality.intake.readings import Reading, reading_of
from jingzhun.quality.intake.record_ids import MADE, NOT_CONTENT
from jingzhun.standard import schema

_FIELD = re.compile(r"\{([^{}:]+)(?::0?([0-9]{1,2}))?\}")
_LISTED = 12


@dataclass(frozen=True)
class TablePlan:
    """One table of a mapping with the reading of each of its columns."""

    table: schema.Table
    mapping: TableMapping
    readings: dict[str, Reading]

    @property
    def options(self) -> ReadOptions:
        """How its sources are opened."""
        m = self.mapping
        return ReadOptions(
            encoding=m.encoding,
            delimiter=m.delimiter,
            quote=m.quote == "double",
            header_row=m.header_row,
            sheet=m.sheet,
        )

    @property
    def places(self) -> tuple[str, ...]:
        """Headers with the names of places from which the area is derived; empty when it is not."""
        return self.mapping.derive.get(self.table.area or "", ())

    @property
    def record_id_from(self) -> tuple[str, ...]:
        """Columns from which the number of a record is made where its source has none.

        Those that the mapping names, else all that it fills; none where the source's number must be there.
        """
        named = self.mapping.derive.get(MADE)
        if named is not None or (MADE in self.readings and not self.mapping.rules[MADE].optional):
            return named or ()
        return tuple(name for name in self.filled if name not in NOT_CONTENT)

    @property
    def filled(self) -> tuple[str, ...]:
        """The columns that an import by this plan sets, in the order of the standard."""
        derived = self.mapping.derive
        return tuple(n for n in self.table.by_name if n in self.readings or n in derived)


@dataclass(frozen=True)
class BoundSource:
    """A source and, for each column to fill, the expression that gives its texts."""

    source: Source
    plan: TablePlan
    texts: dict[str, pl.Expr]
    names: tuple[pl.Expr, ...] = ()
    """The names of places from which the area is derived, the widest first."""
    delivery: str | None = None
    """What the rows carry as `delivery_id`; null for tables of the register."""


def plan_table(mapping: TableMapping, table: schema.Table, areas: Areas | None) -> TablePlan:
    """The plan of one table. `areas`: what the pack knows of places, null to accept any."""
    return TablePlan(
        table,
        mapping,
        {
            name: reading_of(table, table.column(name), rule, mapping, areas)
            for name, rule in mapping.rules.items()
        },
    )


def bind(plan: TablePlan, source: Source) -> BoundSource:
    """Find the mapping's headers in a source; InputError lists those that are not there."""
    headers = _Headers(source)
    texts: dict[str, pl.Expr] = {}
    absent: list[str] = []
    for name, rule in plan.mapping.rules.items():
        found = _text_of(rule, headers)
        if found is not None:
            texts[name] = found
        elif not rule.optional:
            absent.append(f"{' / '.join(rule.source or (rule.template or '',))} (for {name})")
    places = plan.places
    names = tuple(headers.column(h) for h in places)
    missing_names = [h for h in places if h not in headers]
    if absent or missing_names:
        raise _absent(source, [*absent, *missing_names])
    return BoundSource(source, plan, texts, names)


class _Headers:
    """The columns of a source by the plain form of their headers."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._by_plain = {plain_header(name): name for name in reversed(source.columns)}

    def __contains__(self, header: str) -> bool:
        return plain_header(header) in self._by_plain

    def column(self, header: str) -> pl.Expr:
        """The column under a header; InputError when the header stands there twice."""
        plain = plain_header(header)
        if plain in self._source.repeated:
            raise InputError(
                f"The header '{header}' stands in the file more than once",
                where=Place(file=self._source.path.name),
                do="Rename one of the columns",
            )
        return pl.col(self._by_plain.get(plain, header))


def _text_of(rule: ColumnRule, headers: _Headers) -> pl.Expr | None:
    if rule.constant is not None:
        return pl.repeat(rule.constant, pl.len(), dtype=pl.String)
    if rule.template is not None:
        return _from_template(rule.template, headers)
    found = next((h for h in rule.source or () if h in headers), None)
    return None if found is None else headers.column(found)


def _from_template(template: str, headers: _Headers) -> pl.Expr | None:
    """`{header}` is the cell, `{header:06}` the cell with zeros before it; null where one is null."""
    parts: list[pl.Expr] = []
    end = 0
    for found in _FIELD.finditer(template):
        header, width = found.group(1).strip(), found.group(2)
        if header not in headers:
            return None
        cell = headers.column(header).str.strip_chars()
        parts.append(pl.lit(template[end : found.start()]))
        parts.append(cell.str.zfill(int(width)) if width else cell)
        end = found.end()
    if not parts:
        return pl.repeat(template, pl.len(), dtype=pl.String)
    return pl.concat_str([*parts, pl.lit(template[end:])])


def _absent(source: Source, absent: Sequence[str]) -> InputError:
    there = ", ".join(source.columns[:_LISTED])
    more = f" and {len(source.columns) - _LISTED} more" if len(source.columns) > _LISTED else ""
    return InputError(
        f"These columns of the mapping are not in the file: {'; '.join(absent)}",
        where=Place(file=source.path.name),
        why=f"Read as {source.kind}, the file has: {there}{more}",
        do="Correct the mapping (also `header_row`, `delimiter`, `encoding`), or mark a column"
        " `optional: true`",
    )
