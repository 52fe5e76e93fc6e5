"""Tables about names that come with the package, in `linkage/data/`."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

Row = dict[str, str]


@cache
def shipped_rows(file_name: str) -> tuple[Row, ...]:
    """The rows of a table, header -> value; not to be changed by who reads them."""
    data = files("jingzhun.linkage").joinpath("data", file_name)
    return tuple(csv.DictReader(data.read_text("utf-8").splitlines()))
