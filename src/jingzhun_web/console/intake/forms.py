"""Forms of imports and agreements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingzhun.standard import schema
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.areas import selectors as areas
from jingzhun_web.console.fields import set_choices, styled
from jingzhun_web.console.wording import is_chinese
from jingzhun_web.exchange.services import Given
from jingzhun_web.kit.reasons import SHORTEST_REASON

FILE_TYPES = ".csv,.tsv,.txt,.xlsx,.xlsm,.parquet"
EARLIEST, LATEST = 1990, 2100


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file for itself."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(_FilesField, self).clean(one, initial) for one in given]


class UploadForm(forms.Form):
    """Files, and what they are."""

    handed_in = _FilesField(
        label=_("Files (CSV, XLSX or Parquet; households and persons may come together)"),
        widget=_Files(attrs={"accept": FILE_TYPES, "class": "form-control", "multiple": True}),
    )
    table = forms.ChoiceField(label=_("What they hold"), required=False)
    period = forms.IntegerField(label=_("Year of the rows"), min_value=EARLIEST, max_value=LATEST)
    area = forms.TypedChoiceField(label=_("For the area"), coerce=int)

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, periods: Sequence[int]
    ) -> None:
        super().__init__(data, files)
        self.fields["period"].initial = periods[0] if periods else timezone.localdate().year
        set_choices(self, "table", [("", _("households and persons")), *external_tables()])
        set_choices(self, "area", own_areas(actor))
        styled(self)

    def given(self) -> list[Given]:
        """The files, read."""
        return [Given(str(one.name), one.read()) for one in self.cleaned_data["handed_in"]]


class RefuseForm(forms.Form):
    """Why an import is refused."""

    reason = forms.CharField(
        label=_("Why it is refused"), min_length=SHORTEST_REASON, max_length=500
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        styled(self)


class AgreementForm(forms.Form):
    """What a department may do, for which purpose, from when until when."""

    department = forms.CharField(label=_("Department"), max_length=100)
    tables = forms.MultipleChoiceField(label=_("Tables"))
    may_deliver = forms.BooleanField(label=_("may deliver"), required=False, initial=True)
    may_read = forms.BooleanField(label=_("may read"), required=False)
    purpose = forms.CharField(label=_("Purpose"), max_length=500)
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=500)
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    valid_until = forms.DateField(
        label=_("Until (first day on which it holds no longer)"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    area = forms.TypedChoiceField(label=_("For the area"), coerce=int)

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        set_choices(self, "tables", external_tables())
        set_choices(self, "area", own_areas(actor))
        styled(self)


def external_tables() -> list[tuple[str, str]]:
    """Other departments' tables with their names in the page's language."""
    return [
        (name, table_label(name)) for name, table in schema.tables().items() if table.is_external
    ]


def table_label(name: str) -> str:
    """The name of a table of the standard in the page's language."""
    label = schema.table(name).label
    return label.zh if is_chinese() else label.en


def own_areas(actor: Actor) -> list[tuple[int, str]]:
    """Areas in which somebody may import."""
    codes = sorted({int(area) for area in actor.areas_of(Right.IMPORT)})
    found = areas.ancestors(codes)
    return [(code, " ".join(area.name for area in found[code]) or str(code)) for code in codes]
