"""What may be wrong with an act on an archive, in sentences that say what to do."""

from __future__ import annotations

from collections.abc import Sequence

from jingzhun.errors import UserError


class ChangeError(UserError):
    """A change that can't be proposed, accepted or refused."""


class ConflictError(ChangeError):
    """The archive has changed since it was looked at; `fields` are those that differ (`person:field`)."""

    def __init__(
        self, what: str, *, fields: Sequence[str] = (), why: str = "", do: str = ""
    ) -> None:
        super().__init__(what, why=why, do=do)
        self.fields = tuple(fields)


class AttachmentError(UserError):
    """A file that can't be taken."""
