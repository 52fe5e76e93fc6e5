"""The acts that a finding's page offers: title, form, and the service that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jingzhun.crosscheck.verdicts import VERDICTS
from jingzhun.policy.crosschecks import VERDICT_PATHS
from jingzhun_web.access.actors import Actor
from jingzhun_web.areas import selectors as areas
from jingzhun_web.areas.models import Area, Level
from jingzhun_web.console.fields import set_choices, styled, written
from jingzhun_web.console.wording import is_chinese
from jingzhun_web.crosscheck import handling, packs, services
from jingzhun_web.crosscheck.models import Finding

LONGEST = 2000


def words(*, required: bool, label: Any = None) -> forms.CharField:
    """A text that people write."""
    return written(label or _("Note"), longest=LONGEST, required=required)


def day(label: Any, *, required: bool) -> forms.DateField:
    """A day, by the browser's own calendar."""
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"})
    )


def photo_field(*, required: bool) -> forms.FileField:
    """A photo by the telephone's own camera, or a document; what it is, its content says."""
    accepted = forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"})
    return forms.FileField(label=_("Photo or document"), required=required, widget=accepted)


def as_photo(file: UploadedFile[Any] | None) -> services.Photo | None:
    """A file that was handed in, read; None where there is none."""
    return services.Photo(str(file.name), file.read()) if file else None


class ActForm(forms.Form):
    """Base: knows the finding, so that it offers what fits it. Its fields are the arguments of the service."""

    def __init__(
        self, data: Any = None, files: Any = None, *, finding: Finding, by: Actor, name: str
    ) -> None:
        super().__init__(data, files, auto_id=f"{name}_%s")
        self.finding, self.by = finding, by
        self.offer()
        styled(self)

    def offer(self) -> None:
        """Fill in choices that depend on the finding."""


class DispatchForm(ActForm):
    """Where to, and until when."""

    area = forms.TypedChoiceField(label=_("To"), coerce=int)
    due = day(_("Deadline (empty: that of the rule)"), required=False)
    note = words(required=False)

    def offer(self) -> None:
        """Township and village of the finding; all of the county where only that is known."""
        set_choices(self, "area", [(area.code, str(area)) for area in targets(self.finding)])


def targets(finding: Finding) -> list[Area]:
    """Areas that a finding may be sent to."""
    if finding.is_placed:
        path = areas.ancestors([finding.area])[finding.area]
        return [area for area in path if area.level >= Level.TOWNSHIP]
    low, high = finding.area, finding.area + services.COUNTY - 1
    inside = Area.objects.filter(code__range=(low, high), level__gte=Level.TOWNSHIP)
    return list(inside.order_by("code"))


class CheckForm(ActForm):
    """What was seen in the home."""

    on = day(_("Day of the visit"), required=True)
    note = words(required=True, label=_("What was seen"))
    statement = words(required=True, label=_("What the household says"))
    photo = photo_field(required=False)

    def clean_photo(self) -> services.Photo | None:
        """The file with its content."""
        return as_photo(self.cleaned_data["photo"])


class PhotoForm(ActForm):
    """One more photo or document."""

    photo = photo_field(required=True)

    def clean_photo(self) -> services.Photo | None:
        """The file with its content."""
        return as_photo(self.cleaned_data["photo"])


class ProposeForm(ActForm):
    """What is so."""

    verdict = forms.ChoiceField(label=_("Verdict"))
    explanation = forms.ChoiceField(
        label=_("Lawful explanation (of a lawful exception only)"), required=False
    )
    note = words(required=False)

    def offer(self) -> None:
        """The engine's verdicts, and the lawful explanations of the rule."""
        chinese = is_chinese()
        language = "zh" if chinese else "en"
        set_choices(
            self, "verdict", [(name, label.text(language)) for name, label in VERDICTS.items()]
        )
        lawful = packs.explanations(self.finding.rule)
        set_choices(
            self,
            "explanation",
            [("", "—"), *((label.en, label.text(language)) for label in lawful)],
        )


class HandleForm(ActForm):
    """What was done."""

    handling = forms.ChoiceField(label=_("Handling"))
    note = words(required=True)

    def offer(self) -> None:
        """What may follow by the rule first, then what else this person may do."""
        language = "zh" if is_chinese() else "en"
        names = handling.open_to(self.by, self.finding)
        set_choices(
            self, "handling", [(name, VERDICT_PATHS[name].text(language)) for name in names]
        )


class RecheckForm(ActForm):
    """Whether it is as was judged."""

    holds = forms.TypedChoiceField(
        label=_("Result"),
        choices=[("yes", _("It is as was judged")), ("no", _("It is not: look at it again"))],
        coerce=lambda text: text == "yes",
    )
    note = words(required=True)


class NoteForm(ActForm):
    """A note that may be left out."""

    note = words(required=False)


class ReasonedForm(ActForm):
    """A note that is needed."""

    note = words(required=True)


class ObjectionForm(ActForm):
    """The household's objection in its own words."""

    statement = words(required=True, label=_("What the household says"))


@dataclass(frozen=True)
class Offered:
    """An act as the page offers it."""

    title: str | Promise
    hint: str | Promise
    form: type[ActForm]
    do: Callable[..., object]


ACTS: Mapping[str, Offered] = {
    "take_on": Offered(_("I see to it"), "", ActForm, services.take_on),
    "check": Offered(
        _("Record the home check"),
        _("A second person who was there signs it afterwards, in their own account."),
        CheckForm,
        services.record_home_check,
    ),
    "sign": Offered(
        _("Sign the home check as the second person"),
        _("You confirm that you were there and that it was so."),
        ActForm,
        services.sign_home_check,
    ),
    "photo": Offered(_("Add a photo or document"), "", PhotoForm, services.add_photo),
    "propose": Offered(
        _("Propose a verdict"),
        _("Somebody else at the county confirms it."),
        ProposeForm,
        services.propose_verdict,
    ),
    "confirm": Offered(_("Confirm the verdict"), "", NoteForm, services.confirm_verdict),
    "refuse": Offered(
        _("Refuse the verdict"),
        _("The township judges again."),
        ReasonedForm,
        services.refuse_verdict,
    ),
    "handle": Offered(
        _("Record what was done"),
        _(
            "Off or onto the register: proposed as a change that others accept. Back onto it: the county decides."
        ),
        HandleForm,
        handling.handle_finding,
    ),
    "recheck": Offered(
        _("Re-check"),
        _("This finding was drawn for the sample: somebody who had no part in it looks again."),
        RecheckForm,
        services.recheck_finding,
    ),
    "close": Offered(_("Close"), "", NoteForm, services.close_finding),
    "dispatch": Offered(_("Send down"), "", DispatchForm, services.dispatch_finding),
    "object": Offered(
        _("The household objects"),
        _("Everything is looked at anew; what was done so far stays in the history."),
        ObjectionForm,
        services.take_objection,
    ),
}
"""In the order in which the page shows them."""


OFFICES: Mapping[str, Promise | str] = {
    "dispatch": _("the county"),
    "check": _("two persons of the village or township"),
    "sign": _("somebody else of the village or township, in their own account"),
    "propose": _("the township"),
    "confirm": _("the county"),
    "handle": _("township or county"),
    "recheck": _("township or county: somebody who had no part in it"),
    "close": _("the county"),
}
"""Who does what brings a finding on; `permitted.next_act`."""


def offered(
    names: Sequence[str], finding: Finding, by: Actor, *, onward: str
) -> list[dict[str, Any]]:
    """The acts of some names with empty forms, the one that brings the finding on first."""
    found = [
        {
            "name": name,
            "act": act,
            "form": act.form(finding=finding, by=by, name=name),
            "is_next": name == onward,
        }
        for name, act in ACTS.items()
        if name in names
    ]
    return sorted(found, key=lambda act: not act["is_next"])
