"""Photos and documents: taken by what they are, not by what they are called; kept encrypted by their content."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.kit import files
from jingzhun_web.registry.errors import AttachmentError
from jingzhun_web.registry.models import Attachment

LARGEST = 10 * 1024 * 1024
"""Bytes. DEFAULT."""
LONGEST_NAME = 200
KINDS: Mapping[str, tuple[Right, ...]] = {
    "household": (Right.PROPOSE_CHANGES, Right.REVIEW_CHANGES, Right.APPROVE_CHANGES),
    "finding": (Right.WORK_FINDINGS,),
    "objection": (Right.PROPOSE_CHANGES, Right.REVIEW_CHANGES, Right.APPROVE_CHANGES),
}
"""What something may be attached to, and the rights of which one must be held."""
ENDS = 2048
"""Bytes at the end of a file in which its last mark must stand."""
_MARKS: Mapping[str, tuple[bytes, bytes]] = {
    "image/jpeg": (b"\xff\xd8\xff", b"\xff\xd9"),
    "image/png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
    "application/pdf": (b"%PDF-", b"%%EOF"),
}
SUFFIXES: Mapping[str, str] = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/pdf": ".pdf",
}


@transaction.atomic
def attach(
    *,
    by: Actor,
    area: int,
    household_id: str,
    kind: str,
    object_id: object,
    name: str,
    data: bytes,
) -> Attachment:
    """Keep a photo (JPEG, PNG) or document (PDF) with what it belongs to; the same one twice is one.

    AttachmentError when it is none of these, not whole, empty or too large.
    """
    if not any(by.may(right, area) for right in KINDS[kind]):
        by.must(KINDS[kind][0], area)
    media_type = media_type_of(data)
    kept = files.keep(data)
    row, is_new = Attachment.objects.get_or_create(
        kind=kind,
        object_id=str(object_id),
        sha256=kept.sha256,
        defaults={
            "area": area,
            "household_id": household_id,
            "name": _tidy(name, media_type),
            "media_type": media_type,
            "size": kept.size,
            "by": by.id,
        },
    )
    if is_new:
        audit.record(
            by=by.id,
            act="attach",
            kind=kind,
            object_id=object_id,
            area=area,
            attachment=row.pk,
            sha256=kept.sha256,
            bytes=kept.size,
        )
    return row


def of_object(kind: str, object_id: object) -> QuerySet[Attachment]:
    """What is attached to something, latest first."""
    return Attachment.objects.filter(kind=kind, object_id=str(object_id)).order_by("-id")


@transaction.atomic
def opened(*, by: Actor, attachment: Attachment) -> bytes:
    """The content, for somebody who may see names: photos and documents show people. The reading is logged."""
    by.must(Right.SEE_NAMES, attachment.area)
    audit.record(
        by=by.id,
        act="open_attachment",
        kind=attachment.kind,
        object_id=attachment.object_id,
        area=attachment.area,
        attachment=attachment.pk,
    )
    return files.opened(attachment.sha256)


def media_type_of(data: bytes) -> str:
    """What a file is by its content. AttachmentError when it can't be taken."""
    if not data or len(data) > LARGEST:
        raise AttachmentError(
            _("The file is empty, or larger than %(mb)d MB") % {"mb": LARGEST // 1024**2},
            do=_("Take a smaller photo, or scan with less detail"),
        )
    for media_type, (begin, end) in _MARKS.items():
        if data.startswith(begin):
            if end not in data[-ENDS:]:
                raise AttachmentError(
                    _("The file is not whole: its end is missing"), do=_("Copy or take it again")
                )
            return media_type
    raise AttachmentError(
        _("The file is neither a JPEG or PNG photo nor a PDF"),
        why=_("What counts is its content, not its name"),
        do=_("Save it as one of these and try again"),
    )


def _tidy(name: str, media_type: str) -> str:
    """A file's own name without folders and control characters, ending as its content says."""
    stem = PurePath(name.replace("\\", "/")).stem
    plain = "".join(sign for sign in stem if sign.isprintable()).strip() or "file"
    suffix = SUFFIXES[media_type]
    return plain[: LONGEST_NAME - len(suffix)] + suffix
