"""Tables about divisions that come with the package, in `data/divisions/`."""

from __future__ import annotations

import csv
from importlib.resources import files


def shipped_rows(file_name: str) -> list[dict[str, str]]:
    """The rows of a table that comes with the package, header -> value."""
    data = files("jingzhun.standard").joinpath("data/divisions", file_name)
    return list(csv.DictReader(data.read_text("utf-8").splitlines()))
