"""Acts on imports: hand in, map, check, propose, decide, apply. Each step is somebody's, and is in the log."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun.errors import UserError
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.exchange import agreements, mappings, staging
from jingzhun_web.exchange.differences import REGISTER_ROWS
from jingzhun_web.exchange.models import MOVES, OPEN, Import, ImportFile, Kind, State
from jingzhun_web.jobs import services as jobs
from jingzhun_web.jobs.models import Job
from jingzhun_web.kit import files
from jingzhun_web.kit.environment import environment

CHECK, APPLY = "check_import", "apply_import"
MIB = 1 << 20
MOST_FILES = 20
_UNSAFE = re.compile(r"[^\w.\-()（） ]+")
_LONGEST_NAME = 120


class IntakeError(UserError):
    """Something can't be done with an import."""


@dataclass(frozen=True)
class Given:
    """A file as it was handed in."""

    name: str
    data: bytes


@transaction.atomic
def upload(*, by: Actor, area: int, period: int, table: str, given: Sequence[Given]) -> Import:
    """Take files in; the same ones, while their import is open, are that import.

    `table` is empty for the register, else a table of another department. UserError when a file can't be read,
    is too large, or no agreement allows the delivery.
    """
    by.must(Right.IMPORT, area)
    _refuse_size(given)
    kind = Kind.DELIVERY if table else Kind.REGISTER
    if table:
        agreements.must_allow_delivery(table=table, area=area, on=timezone.localdate())
    kept = [(name, files.keep(one.data)) for name, one in _named(given)]
    digest = hashlib.sha256("\n".join(sorted(k.sha256 for _n, k in kept)).encode()).hexdigest()
    there = Import.objects.filter(area=area, period=period, digest=digest, state__in=OPEN).first()
    if there is not None:
        return there
    tables = (table,) if table else REGISTER_ROWS
    with staging.opened_files((name, one.sha256) for name, one in kept) as paths:
        draft = mappings.suggested(paths, tables=tables, period=period)
    if table:
        _prefill(draft, area)
    try:
        with transaction.atomic():
            batch = Import.objects.create(
                area=area, period=period, kind=kind, digest=digest, mapping=draft, uploaded_by=by.id
            )
    except IntegrityError:
        # Somebody else handed in the same at the same time.
        return Import.objects.get(area=area, period=period, digest=digest, state__in=OPEN)
    for number, (name, one) in enumerate(kept):
        ImportFile.objects.create(
            batch=batch, area=area, number=number, name=name, sha256=one.sha256, size=one.size
        )
    _log(by, "upload_import", batch, files=len(kept))
    return batch


def _refuse_size(given: Sequence[Given]) -> None:
    largest = environment().largest_import_mib
    if not given or len(given) > MOST_FILES or sum(len(g.data) for g in given) > largest * MIB:
        raise IntakeError(
            _("At most %(files)d files of %(size)d MiB together are taken at once")
            % {"files": MOST_FILES, "size": largest},
            do=_("Hand in less at a time, or as Parquet; the operator may set a higher limit"),
        )


def _named(given: Sequence[Given]) -> list[tuple[str, Given]]:
    """Files under names that no pattern and no folder is hidden in, each its own, in order."""
    found: dict[str, Given] = {}
    for one in sorted(given, key=lambda g: g.name):
        name = _UNSAFE.sub("_", one.name.replace("\\", "/").rsplit("/", 1)[-1])[-_LONGEST_NAME:]
        name = name.lstrip(".") or "file"
        while name in found:
            name = f"_{name}"
        found[name] = one
    return list(found.items())


def _prefill(draft: mappings.Draft, area: int) -> None:
    """What the agreement says of a delivery need not be typed again."""
    today = timezone.localdate()
    for part in draft["tables"]:
        known = agreements.must_allow_delivery(table=part["table"], area=area, on=today)
        facts = {
            "source": known.department,
            "legal_basis": known.legal_basis,
            "purpose": known.purpose,
            "received": today.isoformat(),
        }
        part["delivery"] = facts


@transaction.atomic
def map_import(*, by: Actor, batch: Import, mapping: mappings.Draft) -> Import:
    """Set the mapping; what was checked must be checked again. MappingError when the engine can't use it."""
    mappings.parsed(mapping)
    if mappings.is_register(mapping) != (batch.kind == Kind.REGISTER):
        raise IntakeError(
            _("A mapping can't lead from the register to another department's tables"),
            do=_("Hand the file in again as what it is"),
        )
    own = _own(by, batch)
    if own.state != State.UPLOADED:
        _move(own, State.UPLOADED)
    own.mapping, own.report, own.note = mapping, None, ""
    own.save()
    _log(by, "map_import", own)
    return own


@transaction.atomic
def check_import(*, by: Actor, batch: Import) -> Job:
    """Let the engine read the files on trial, as a job."""
    mappings.parsed(batch.mapping)
    own = _own(by, batch)
    if own.state != State.CHECKING:
        _move(own, State.CHECKING)
    own.note = ""
    own.save()
    return _start(by, CHECK, own)


@transaction.atomic
def propose_import(*, by: Actor, batch: Import) -> Import:
    """Hand a checked import to a second person. IntakeError when it would change nothing."""
    own = _own(by, batch)
    counts = (own.report or {}).get("difference", {}).values()
    if not sum(table["new"] + table["changed"] for table in counts):
        raise IntakeError(
            _("This import would change nothing"), do=_("Withdraw it; the same is there already")
        )
    _move(own, State.PROPOSED)
    own.save()
    _log(by, "propose_import", own)
    return own


@transaction.atomic
def approve_import(*, by: Actor, batch: Import) -> Job:
    """Agree, as a second person; a job then applies it once."""
    other = _other(by, batch)
    _move(other, State.APPROVED)
    other.decided_by, other.decided_at = by.id, timezone.now()
    other.save()
    _log(by, "approve_import", other)
    return _start(by, APPLY, other)


@transaction.atomic
def apply_import(*, by: Actor, batch: Import) -> Job:
    """Begin an approved import's job again, where the first did not end well."""
    other = _other(by, batch)
    if other.state != State.APPROVED:
        raise _not_now(other)
    return _start(by, APPLY, other)


@transaction.atomic
def refuse_import(*, by: Actor, batch: Import, reason: str) -> Import:
    """Refuse, as a second person, with a reason."""
    other = _other(by, batch)
    _move(other, State.REFUSED)
    other.decided_by, other.decided_at, other.note = by.id, timezone.now(), reason
    other.save()
    _log(by, "refuse_import", other)
    transaction.on_commit(lambda: staging.remove(other))
    return other


@transaction.atomic
def withdraw_import(*, by: Actor, batch: Import) -> Import:
    """Take an import back, by whoever handed it in."""
    own = _own(by, batch)
    _move(own, State.WITHDRAWN)
    own.save()
    _log(by, "withdraw_import", own)
    transaction.on_commit(lambda: staging.remove(own))
    return own


def move(batch: Import, to: State, **changes: Any) -> None:
    """A step that a job makes; in the job's transaction, on the row it has locked."""
    _move(batch, to)
    for name, value in changes.items():
        setattr(batch, name, value)
    batch.save()


def locked(batch_id: int) -> Import:
    """The import, held until the transaction ends."""
    return Import.objects.select_for_update().get(pk=batch_id)


def _move(batch: Import, to: State) -> None:
    if to not in MOVES[State(batch.state)]:
        raise _not_now(batch)
    batch.state = to


def _not_now(batch: Import) -> IntakeError:
    return IntakeError(
        _("This can't be done with an import that is %s") % State(batch.state).label,
        do=_("Look at the import again; somebody may have gone on with it"),
    )


def _own(by: Actor, batch: Import) -> Import:
    by.must(Right.IMPORT, batch.area)
    found = locked(batch.pk)
    if found.uploaded_by != by.id:
        raise IntakeError(
            _("Only whoever handed the files in may do this"),
            why=_("The second person decides on what the first one prepared"),
        )
    return found


def _other(by: Actor, batch: Import) -> Import:
    by.must(Right.IMPORT, batch.area)
    found = locked(batch.pk)
    if found.uploaded_by == by.id:
        raise IntakeError(
            _("Nobody approves their own import"), do=_("Ask a second person with this right")
        )
    return found


def _start(by: Actor, kind: str, batch: Import) -> Job:
    return jobs.start(
        by=by,
        kind=kind,
        right=Right.IMPORT,
        area=batch.area,
        arguments={"import": batch.pk},
        key=f"import {batch.pk}",
    )


def _log(by: Actor, act: str, batch: Import, **detail: Any) -> None:
    audit.record(by=by.id, act=act, kind="import", object_id=batch.pk, area=batch.area, **detail)
