"""Where a table's rows come from, so that an error can name the file and the row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jingzhun.errors import InputError, Place


@dataclass(frozen=True, eq=False)
class Origin:
    """The file, and the number each row has in it (as a spreadsheet shows it)."""

    file: str | None = None
    rows: NDArray[np.int64] | None = None

    def place(self, field: str | None = None, index: int | None = None) -> Place:
        """The place of the row at `index`; without row numbers the first row is 1."""
        row = None
        if index is not None:
            row = index + 1 if self.rows is None else int(self.rows[index])
        return Place(file=self.file, row=row, field=field)

    def refuse(self, bad: NDArray[np.bool_], field: str | None, what: str, do: str) -> None:
        """Raise InputError for the first bad row, with the number of them; none is fine."""
        if bad.any():
            raise InputError(
                f"{what} ({int(bad.sum())} rows, this is the first)",
                where=self.place(field, int(np.argmax(bad))),
                why="Every row counts, so none is left out unasked",
                do=do,
            )
