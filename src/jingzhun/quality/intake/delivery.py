"""Records of other departments: what a mapping must say of their delivery, and what the ledger keeps of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Pairs
from datetime import date

from jingzhun.errors import InputError
from jingzhun.frames.deliveries import EVERYWHERE, Delivery
from jingzhun.frames.partitions import combined_hash
from jingzhun.quality.intake.areas import Areas
from jingzhun.quality.intake.mapping import DeliveryRule, Mapping, TableMapping
from jingzhun.quality.intake.report import SourceFile
from jingzhun.standard import schema
from jingzhun.standard.divisions import prefix_of
from jingzhun.standard.divisions.codes import is_code

DELIVERY = "delivery_id"
"""The column that names the delivery of a row; the import fills it."""
_COUNTY = 6
TEMPLATE = (
    "Write below the table:  delivery: {source: who delivered it, legal_basis: law or agreement,"
    " received: 2019-06-30}; also purpose, from, until, and covers: [area codes] when it is not the whole area"
)

Location = tuple[str | int, ...]
Delivered = Pairs[str, Counter[int]]
"""Delivery -> period -> accepted rows."""


def delivery_faults(
    table: schema.Table, mapping: TableMapping, here: Location
) -> Iterator[tuple[Location, str, str]]:
    """What is wrong with the delivery of a table in a mapping: where, what, what to do."""
    if not table.is_external:
        if mapping.delivery is not None:
            what = f"{table.table} belongs to the register; only tables of other departments are delivered"
            yield (*here, "delivery"), what, "Leave `delivery` out"
        return
    if mapping.delivery is None:
        whose = f" ({table.department.en} {table.department.zh})" if table.department else ""
        what = f"{table.table} holds records of another department{whose}: the mapping must say which delivery"
        yield here, what, TEMPLATE
        return
    if DELIVERY in mapping.columns:
        yield (*here, "columns", DELIVERY), f"{DELIVERY} is filled by the import", "Leave it out"
    for code in mapping.delivery.covers or ():
        if not is_code(code):
            what = f"covers: '{code}' is not a division code"
            yield (
                (*here, "delivery", "covers"),
                what,
                "Write 2, 4, 6, 9 or 12 digits, as in '622926'",
            )


def delivery_id(import_id: str, number: int) -> str:
    """The delivery of the table with this number in the mapping of an import."""
    return f"{import_id}-{number + 1}"


def refuse_impossible(mapping: Mapping, areas: Areas | None, *, on: date) -> None:
    """InputError when a delivery came after the day of the import, or covers an area the pack does not know."""
    for table in mapping.tables:
        rule = table.delivery
        if rule is None:
            continue
        if rule.received > on:
            raise InputError(
                f"The delivery of {table.table} was received on {rule.received}, after the day of the import",
                do=f"Correct `received`, or give the day with --on; it is {on} here",
            )
        for code in covered_by(rule, areas):
            if not _is_known(code, areas):
                raise InputError(
                    f"The delivery of {table.table} covers '{code}', an area that the pack does not know",
                    do="Correct `covers` in the mapping, or use another policy pack",
                )


def _is_known(prefix: str, areas: Areas | None) -> bool:
    return areas is None or any(c.startswith(prefix[:_COUNTY]) for c in areas.counties)


def covered_by(rule: DeliveryRule, areas: Areas | None) -> tuple[str, ...]:
    """Prefixes of the areas that a delivery covers, an abolished county as its successor."""
    if rule.covers is None:
        return (EVERYWHERE,)
    past = areas.past_counties if areas else {}
    prefixes = (prefix_of(code) for code in rule.covers)
    return tuple(past.get(p[:_COUNTY], p[:_COUNTY]) + p[_COUNTY:] for p in prefixes)


def deliveries_of(
    import_id: str,
    mapping: Mapping,
    files: Pairs[int, list[SourceFile]],
    rows: Delivered,
    areas: Areas | None,
    *,
    on: date,
) -> tuple[Delivery, ...]:
    """What the ledger keeps: one delivery for each external table of the mapping that had files, and period.

    A delivery without an accepted row is kept where the mapping names its period: it says that nobody in
    the areas it covers has a record.
    """
    found: list[Delivery] = []
    for number, table in enumerate(mapping.tables):
        rule, own = table.delivery, files.get(number)
        if rule is None or not own:
            continue
        name = delivery_id(import_id, number)
        counts = rows.get(name, Counter())
        for period in sorted({*counts, *_named_period(table)}):
            found.append(
                Delivery(
                    id=name,
                    table=table.table,
                    period=period,
                    source=rule.source,
                    legal_basis=rule.legal_basis,
                    purpose=rule.purpose,
                    received=rule.received,
                    from_date=rule.from_date,
                    until_date=rule.until_date,
                    covers=covered_by(rule, areas),
                    sha256=_digest(own),
                    rows=counts[period],
                    imported=on,
                )
            )
    return tuple(found)


def _named_period(table: TableMapping) -> tuple[int, ...]:
    """The period when the mapping gives it for all rows."""
    rule = table.rules.get("period")
    constant = None if rule is None else rule.constant
    return () if constant is None or not constant.strip().isdigit() else (int(constant),)


def _digest(files: list[SourceFile]) -> str:
    if len(files) == 1:
        return files[0].sha256
    return combined_hash(file.sha256 for file in files)
