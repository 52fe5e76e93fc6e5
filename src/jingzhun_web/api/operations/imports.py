"""Imports: handed in, mapped, checked on trial, proposed, decided by a second person, applied once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile

from jingzhun.standard import schema
from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json, newest_first, row_of
from jingzhun_web.api.operations.jobs import JobOut, job_told
from jingzhun_web.api.schemas.common import AreaCode, Id, Listed, Newest, Reason, Year
from jingzhun_web.exchange import offers, services
from jingzhun_web.exchange.models import Import, Kind, State

ImportKind = Annotated[str, Field(json_schema_extra={"enum": Kind.values})]
ImportState = Annotated[str, Field(json_schema_extra={"enum": State.values})]
router = Router(tags=["imports"])
_IMPORT = acts(Right.IMPORT)
TABLES = ("", *schema.external_tables())


class ImportOut(Schema):
    """Files that are to become rows; nothing is taken over before a second person agrees."""

    id: int
    area: AreaCode
    period: int
    kind: ImportKind
    state: ImportState
    report: dict[str, Any] | None = Field(description="What the dry run counted; null: not checked")
    note: str = Field(description="Why it was refused, or must be checked again")
    uploaded_by: int = Field(description="Number of the account")
    uploaded_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    applied_at: datetime | None


class ImportWhole(ImportOut):
    """An import with its mapping: source column to field, code to code."""

    mapping: dict[str, Any]
    files: list[str]
    possible: list[str] = Field(description="Acts that are open to you now")


class UploadIn(Schema):
    """What the files are."""

    area: AreaCode
    period: Year
    table: Literal[TABLES] = Field(  # type: ignore[valid-type]
        "", description="Empty: the register; else a table of another department"
    )


class MappingIn(Schema):
    """A mapping as `mapping` of the import tells it."""

    mapping: dict[str, Any]


@router.get("/imports", response=Listed[ImportOut], auth=_IMPORT)
def imports(request: HttpRequest, wanted: Query[Newest]) -> HttpResponse:
    """Imports of your areas, newest first."""
    found = Import.objects.all()
    return newest_first(request, found, before=wanted.after, size=wanted.size, told=_told)


@router.get("/imports/{import_id}", response=ImportWhole, auth=_IMPORT)
def one_import(request: HttpRequest, import_id: Id) -> HttpResponse:
    """One import with its mapping and the dry run's report."""
    found = Import.objects.get(pk=import_id)
    names = list(found.files.order_by("number").values_list("name", flat=True))
    possible = offers.possible(found, actor_of(request))
    return as_json({**_told(found), "mapping": found.mapping, "files": names, "possible": possible})


@router.post("/imports", response={201: ImportOut}, auth=_IMPORT)
def upload_import(
    request: HttpRequest,
    given: Form[UploadIn],
    files: Annotated[list[UploadedFile], File(max_length=services.MOST_FILES)],
) -> HttpResponse:
    """Hand files in; the same ones, while their import is open, are that import: no key is needed."""
    batch = services.upload(
        by=actor_of(request),
        area=int(given.area),
        period=given.period,
        table=given.table,
        given=[services.Given(str(one.name), one.read()) for one in files],
    )
    return as_json(_told(batch), status=201)


@router.post("/imports/{import_id}/mapping", response=ImportOut, auth=_IMPORT)
def map_import(request: HttpRequest, import_id: Id, given: MappingIn) -> HttpResponse:
    """Set the mapping; what was checked must be checked again."""
    batch = services.map_import(
        by=actor_of(request), batch=Import.objects.get(pk=import_id), mapping=given.mapping
    )
    return as_json(_told(batch))


@router.post("/imports/{import_id}/check", response=JobOut, auth=_IMPORT)
def check_import(request: HttpRequest, import_id: Id) -> HttpResponse:
    """Read the files on trial, as a job."""
    batch = Import.objects.get(pk=import_id)
    return as_json(job_told(services.check_import(by=actor_of(request), batch=batch)))


@router.post("/imports/{import_id}/propose", response=ImportOut, auth=_IMPORT)
def propose_import(request: HttpRequest, import_id: Id) -> HttpResponse:
    """Hand a checked import to a second person."""
    batch = Import.objects.get(pk=import_id)
    return as_json(_told(services.propose_import(by=actor_of(request), batch=batch)))


@router.post("/imports/{import_id}/approve", response=JobOut, auth=_IMPORT)
def approve_import(request: HttpRequest, import_id: Id) -> HttpResponse:
    """Agree, as a second person; a job applies it once."""
    batch = Import.objects.get(pk=import_id)
    return as_json(job_told(services.approve_import(by=actor_of(request), batch=batch)))


@router.post("/imports/{import_id}/apply", response=JobOut, auth=_IMPORT)
def apply_import(request: HttpRequest, import_id: Id) -> HttpResponse:
    """Begin an approved import's job again, where the first did not end well."""
    batch = Import.objects.get(pk=import_id)
    return as_json(job_told(services.apply_import(by=actor_of(request), batch=batch)))


@router.post("/imports/{import_id}/refuse", response=ImportOut, auth=_IMPORT)
def refuse_import(request: HttpRequest, import_id: Id, given: Reason) -> HttpResponse:
    """Refuse, as a second person."""
    batch = services.refuse_import(
        by=actor_of(request), batch=Import.objects.get(pk=import_id), reason=given.reason
    )
    return as_json(_told(batch))


@router.post("/imports/{import_id}/withdraw", response=ImportOut, auth=_IMPORT)
def withdraw_import(request: HttpRequest, import_id: Id) -> HttpResponse:
    """Take back what you handed in."""
    batch = Import.objects.get(pk=import_id)
    return as_json(_told(services.withdraw_import(by=actor_of(request), batch=batch)))


def _told(batch: Import) -> dict[str, Any]:
    return row_of(batch, ImportOut)
