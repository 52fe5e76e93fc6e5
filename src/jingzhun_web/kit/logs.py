"""What goes into logs of errors: where, and of what kind; never what a database says of the row it refused."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

_Info = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PrivateFormatter(logging.Formatter):
    """Tracebacks without the messages of exceptions: PostgreSQL repeats values of rows in them."""

    def formatException(self, ei: _Info) -> str:  # noqa: N802  (logging's name)
        """The calls that led there and the kinds of the exceptions, the cause first."""
        return "\n".join(_parts(ei[1])) if ei[1] is not None else ""


def _parts(error: BaseException) -> list[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    parts = [] if before is None else [*_parts(before), "which led to:"]
    frames = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__))
    kind = type(error)
    return [
        *parts,
        *(line.rstrip() for line in frames.format()),
        f"{kind.__module__}.{kind.__qualname__}",
    ]
