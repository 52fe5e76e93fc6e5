"""What stands behind an import: its files' columns, what the check found, and where values come from."""

from __future__ import annotations

from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Path, Query, Router, Schema

from jingzhun.standard import schema
from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.files import as_file, file_of
from jingzhun_web.api.listing import as_json, plain_list
from jingzhun_web.api.masking import hidden
from jingzhun_web.api.schemas.common import HouseholdId, Id, Listed, Year
from jingzhun_web.api.schemas.imported import MappingOut, OriginOut, RowDiffers
from jingzhun_web.exchange import checking, lineage, mappings, staging
from jingzhun_web.exchange.differences import KINDS, Differing
from jingzhun_web.exchange.models import Import

router = Router(tags=["imports"])
_IMPORT = acts(Right.IMPORT)
TABLES = tuple(schema.tables())
CSV = "text/csv; charset=utf-8"


class Which(Schema):
    """Rows of an import's difference."""

    import_id: Id
    table: Literal[TABLES]  # type: ignore[valid-type]
    kind: Literal[KINDS] = Field(description="missing: in the register, not in the files")  # type: ignore[valid-type]


class Wanted(Schema):
    """Where the list begins."""

    after: int | None = Field(None, ge=0, le=10**9, description="Cursor of `next`: rows before it")
    size: int = Field(50, ge=1, le=200, description="Rows in the answer")


@router.get("/imports/{import_id}/columns", response=MappingOut, auth=_IMPORT)
def import_columns(request: HttpRequest, import_id: Id) -> HttpResponse:  # noqa: ARG001
    """The mapping, at first the suggested one, beside the columns of the files and of the standard."""
    batch = Import.objects.get(pk=import_id)
    named = list(batch.files.values_list("name", "sha256"))
    with staging.opened_files(named) as paths:
        tables = [
            {
                "table": part["table"],
                "headers": mappings.headers(paths, part),
                "columns": [_line(line) for line in mappings.lines(part)],
            }
            for part in batch.mapping["tables"]
        ]
    return as_json({"mapping": batch.mapping, "tables": tables})


@router.get("/imports/{import_id}/rejects/{table}", auth=_IMPORT, openapi_extra=file_of(CSV))
def import_rejects(
    request: HttpRequest,
    import_id: Id,
    table: Literal[TABLES],  # type: ignore[valid-type]
) -> HttpResponse:
    """The rejected rows as they were, each with its reasons; that you read them stands in the log."""
    batch = Import.objects.get(pk=import_id)
    try:
        data = checking.read_rejects(by=actor_of(request), batch=batch, table=table)
    except KeyError as error:
        raise Http404 from error
    return as_file(data, media_type=CSV, name=f"rejected-{batch.pk}-{table}.csv")


@router.get(
    "/imports/{import_id}/differences/{table}/{kind}", response=Listed[RowDiffers], auth=_IMPORT
)
def import_differences(
    request: HttpRequest, which: Path[Which], wanted: Query[Wanted]
) -> HttpResponse:
    """What an import would change in a table, row by row, by key; direct identifiers hidden."""
    batch = Import.objects.get(pk=which.import_id)
    if which.table not in (batch.report or {}).get("difference", {}):
        raise Http404
    found = next(d for d in checking.read_differences(batch) if d.table == which.table)
    start = wanted.after or 0
    after = start + wanted.size
    cursor = str(after) if after < found.counts[which.kind] else None
    rows = found.told(which.kind, start, wanted.size)
    return plain_list(request, [_differing(row) for row in rows], cursor)


@router.get("/households/{household_id}/{period}/origins", response=list[OriginOut], auth=_IMPORT)
def household_origins(
    request: HttpRequest,  # noqa: ARG001
    household_id: HouseholdId,
    period: Year,
) -> HttpResponse:
    """From which file, row and column each known value of a household comes."""
    return _origins("households", household_id, period)


@router.get("/persons/{person_id}/{period}/origins", response=list[OriginOut], auth=_IMPORT)
def person_origins(
    request: HttpRequest,  # noqa: ARG001
    person_id: HouseholdId,
    period: Year,
) -> HttpResponse:
    """From which file, row and column each known value of a person comes."""
    return _origins("persons", person_id, period)


def _origins(table: str, key: str, period: int) -> HttpResponse:
    return as_json(
        [
            {
                "field": one.field,
                "source": one.source,
                "import_id": one.batch and one.batch.pk,
                "file": one.file,
                "row": one.row,
                "column": one.column,
            }
            for one in lineage.origins(table, key, period)
        ]
    )


def _line(line: mappings.Line) -> dict[str, Any]:
    column = line.column
    return {
        "name": column.name,
        "en": column.label.en,
        "zh": column.label.zh,
        "required": column.required,
        "source": line.source,
        "unit": line.unit,
        "codes": line.codes,
        "units": list(line.units),
        "versions": list(line.versions),
        "is_fixed": line.is_fixed,
    }


def _differing(row: Differing) -> dict[str, Any]:
    return {
        "key": row.key,
        "area": None if row.area is None else f"{row.area:012d}",
        "file": row.file,
        "row": row.row,
        "number_in_file": row.number_in_file,
        "fields": [_field(*differs) for differs in row.fields],
    }


def _field(column: schema.Column, before: Any, after: Any) -> dict[str, Any]:
    if column.privacy == "direct":
        before, after = hidden(before), hidden(after)
    return {"field": column.name, "old": before, "new": after}
