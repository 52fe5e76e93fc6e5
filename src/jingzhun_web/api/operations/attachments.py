"""Photos and documents of households, findings and objections."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Router, Schema
from ninja.files import UploadedFile

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.files import as_file, file_of, read
from jingzhun_web.api.listing import as_json, row_of
from jingzhun_web.api.schemas.common import AreaCode, HouseholdId, Id, Year
from jingzhun_web.crosscheck import services as findings
from jingzhun_web.crosscheck.models import Finding
from jingzhun_web.dialogue.models import Objection
from jingzhun_web.registry import attachments
from jingzhun_web.registry.models import Attachment, Household

router = Router(tags=["attachments"])
_SEE = acts(Right.SEE_NAMES)


class AttachmentOut(Schema):
    """A photo or document. Its content shows people: it is read by itself, and the reading is logged."""

    id: int
    kind: str = Field(description="household, finding or objection")
    object_id: str
    area: AreaCode
    name: str
    media_type: str
    size: int = Field(description="Bytes")
    sha256: str
    by: int = Field(description="Number of the account that handed it in")
    at: datetime


@router.get(
    "/households/{household_id}/{period}/attachments", response=list[AttachmentOut], auth=_SEE
)
def household_attachments(
    request: HttpRequest,  # noqa: ARG001
    household_id: HouseholdId,
    period: Year,
) -> HttpResponse:
    """What is attached to a household, latest first, whatever the year."""
    Household.objects.only("pk").get(household_id=household_id, period=period)
    return _all("household", household_id)


@router.post(
    "/households/{household_id}/{period}/attachments",
    response={201: AttachmentOut},
    auth=acts(*attachments.KINDS["household"]),
)
def attach_to_household(
    request: HttpRequest, household_id: HouseholdId, period: Year, file: File[UploadedFile]
) -> HttpResponse:
    """Attach a photo (JPEG, PNG) or document (PDF) to a household; the same one twice is one."""
    home = Household.objects.only("area").get(household_id=household_id, period=period)
    return _attached(request, file, "household", household_id, home.area, household_id)


@router.get("/findings/{finding_id}/attachments", response=list[AttachmentOut], auth=_SEE)
def finding_attachments(request: HttpRequest, finding_id: Id) -> HttpResponse:  # noqa: ARG001
    """The evidence with a finding, latest first."""
    return _all("finding", Finding.objects.only("pk").get(pk=finding_id).pk)


@router.post(
    "/findings/{finding_id}/attachments",
    response={201: AttachmentOut},
    auth=acts(*attachments.KINDS["finding"]),
)
def attach_to_finding(
    request: HttpRequest, finding_id: Id, file: File[UploadedFile]
) -> HttpResponse:
    """Put a photo (JPEG, PNG) or document (PDF) with a finding, while work on it goes on."""
    photo = findings.Photo(str(file.name), read(file))
    findings.add_photo(by=actor_of(request), pk=finding_id, photo=photo)
    content = hashlib.sha256(photo.data).hexdigest()
    made = attachments.of_object("finding", finding_id).get(sha256=content)
    return as_json(_told(made), status=201)


@router.get("/objections/{objection_id}/attachments", response=list[AttachmentOut], auth=_SEE)
def objection_attachments(request: HttpRequest, objection_id: Id) -> HttpResponse:  # noqa: ARG001
    """What is attached to an objection, latest first."""
    return _all("objection", Objection.objects.only("pk").get(pk=objection_id).pk)


@router.post(
    "/objections/{objection_id}/attachments",
    response={201: AttachmentOut},
    auth=acts(*attachments.KINDS["objection"]),
)
def attach_to_objection(
    request: HttpRequest, objection_id: Id, file: File[UploadedFile]
) -> HttpResponse:
    """Attach a photo (JPEG, PNG) or document (PDF) to an objection; the same one twice is one."""
    found = Objection.objects.select_related("case").get(pk=objection_id)
    return _attached(request, file, "objection", found.pk, found.area, found.case.household_id)


@router.get(
    "/attachments/{attachment_id}",
    auth=_SEE,
    openapi_extra=file_of(*attachments.SUFFIXES),
)
def attachment(request: HttpRequest, attachment_id: Id) -> HttpResponse:
    """The content of a photo or document; that you read it stands in the log."""
    found = Attachment.objects.get(pk=attachment_id)
    data = attachments.opened(by=actor_of(request), attachment=found)
    name = f"{found.pk}{attachments.SUFFIXES[found.media_type]}"
    return as_file(data, media_type=found.media_type, name=name)


def _attached(
    request: HttpRequest,
    file: UploadedFile,
    kind: str,
    object_id: object,
    area: int,
    household_id: str,
) -> HttpResponse:
    made = attachments.attach(
        by=actor_of(request),
        area=area,
        household_id=household_id,
        kind=kind,
        object_id=object_id,
        name=str(file.name),
        data=read(file),
    )
    return as_json(_told(made), status=201)


def _all(kind: str, object_id: object) -> HttpResponse:
    return as_json([_told(one) for one in attachments.of_object(kind, object_id)])


def _told(found: Attachment) -> dict[str, Any]:
    return row_of(found, AttachmentOut)
