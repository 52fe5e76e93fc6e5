"""The deliveries as the import ledger tells of them, the same way an import does."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from jingzhun.frames.deliveries import EVERYWHERE, LEDGER, Delivery
from jingzhun.sample.external.rows import PREFIXES, delivery_id
from jingzhun.sample.parameters import Parameters
from jingzhun.sample.streams import Streams
from jingzhun.standard import schema


def ledger(
    parameters: Parameters, seed: int, period: int, rows: Mapping[str, int]
) -> dict[str, Any]:
    """The ledger entry of all external tables of a period: who delivered what, on which basis, when.

    `sha256` stands for the files that there never were: it is over the arguments of the sample.
    """
    terms = parameters.external.deliveries
    until = date(period, *terms.until)
    first, last = terms.received
    draws = Streams(seed, "0", "deliveries/").of("received", period).integers(first, last + 1, 15)
    created = date(period, 12, 31)
    found = [
        Delivery(
            id=delivery_id(table, period),
            table=table,
            period=period,
            source=f"{_department(table)} (invented)",
            legal_basis=terms.basis,
            purpose=terms.purpose,
            received=min(until + timedelta(days=int(days)), created),
            from_date=date(period, 1, 1),
            until_date=until,
            covers=(EVERYWHERE,),
            sha256=hashlib.sha256(f"{table} {period} {seed} {rows[table]}".encode()).hexdigest(),
            rows=rows[table],
            imported=created,
        )
        for table, days in zip(PREFIXES, draws.tolist(), strict=True)
    ]
    return {
        "id": f"sample-{period}",
        "on": created.isoformat(),
        "files": [],
        "tables": {},
        LEDGER: [one.entry() for one in found],
    }


def _department(table: str) -> str:
    department = schema.table(table).department
    return table if department is None else department.en
