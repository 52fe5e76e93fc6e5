"""Columns of the data standard as columns of the database: declared once, in the standard."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jingzhun.standard import schema

LONGEST_CODE = 20
_FIELDS: dict[str, Callable[[], models.Field]] = {  # type: ignore[type-arg]
    "str": lambda: models.TextField(null=True),
    "int": lambda: models.BigIntegerField(null=True),
    "decimal": lambda: models.FloatField(null=True),
    "bool": lambda: models.BooleanField(null=True),
    "date": lambda: models.DateField(null=True),
    "code": lambda: models.CharField(max_length=LONGEST_CODE, null=True),
    "codes": lambda: ArrayField(models.CharField(max_length=LONGEST_CODE), null=True),
    "division": lambda: models.CharField(max_length=12, null=True),
}


def is_sealed(column: schema.Column) -> bool:
    """Whether a column is kept encrypted: direct identifiers are."""
    return column.privacy == "direct"


def columns(table: str, *, without: tuple[str, ...] = ()) -> Iterator[schema.Column]:
    """Columns of a table of the standard that the database has fields for."""
    for column in schema.table(table).columns:
        if column.name not in without:
            yield column


def add_fields(model: type[models.Model], table: str, *, without: tuple[str, ...]) -> None:
    """Give a model a field for each column of a table; sealed ones as bytes."""
    for column in columns(table, without=without):
        field = models.BinaryField(null=True) if is_sealed(column) else _FIELDS[column.type]()
        field.contribute_to_class(model, column.name)
