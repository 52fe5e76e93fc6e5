"""Answers that are files, and how the description of the API tells of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from ninja.files import UploadedFile

from jingzhun_web.registry.attachments import LARGEST


def file_of(*media_types: str) -> dict[str, Any]:
    """For `openapi_extra`: the answer is a file of one of these kinds."""
    content = {
        kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for kind in media_types
    }
    return {"responses": {200: {"description": "The file", "content": content}}}


def as_file(data: bytes, *, media_type: str, name: str) -> HttpResponse:
    """A file as an answer."""
    response = HttpResponse(data, content_type=media_type)
    tell_file(response, name)
    return response


def tell_file(response: HttpResponseBase, name: str) -> None:
    """Let an answer be saved as a file: never to be run."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"


def read(file: UploadedFile) -> bytes:
    """What was handed in; of one that is too large, no more than shows that it is."""
    return bytes(file.read(LARGEST + 1))
