"""The acts that a case offers, with the form of each: data, so that page and address agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.console.decisions import forms
from jingzhun_web.dialogue import publicities, services
from jingzhun_web.dialogue.models import Case
from jingzhun_web.dialogue.processes import Kind
from jingzhun_web.evaluate import exits
from jingzhun_web.identify import offers
from jingzhun_web.identify import services as identifying

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """Something to be done with a case: its title, its form, and the service that does it."""

    name: str
    title: str | Promise
    form: type[forms.ActForm]
    do: Callable[[Actor, Case, Data, date], object]
    hint: str | Promise = ""


def _publish(by: Actor, case: Case, _data: Data, on: date) -> object:
    return publicities.begin_publicity(by=by, cases=[case], on=on)


def _announce(by: Actor, case: Case, _data: Data, on: date) -> object:
    return publicities.announce(by=by, cases=[case], on=on)


ACCEPT = Act(
    "accept",
    _("Record acceptance"),
    forms.AcceptForm,
    lambda by, case, data, on: exits.accept_exit(by=by, case=case, on=on, **data),
    _("The village meeting and the household itself accept, and the household signs."),
)
REVIEW_EXIT = Act(
    "review",
    _("Confirm after review"),
    forms.NoteForm,
    lambda by, case, data, on: exits.review_exit(by=by, case=case, on=on, **data),
)
PUBLISH = Act("publish", _("Begin publicity"), forms.NothingForm, _publish)
DECIDE = Act(
    "decide",
    _("Decide: the household exits"),
    forms.DecideForm,
    lambda by, case, data, on: exits.decide_exit(by=by, case=case, on=on, **data),
    _("A condition that nothing outweighs must be met; no score decides for you."),
)
ANNOUNCE = Act("announce", _("Announce"), forms.NothingForm, _announce)
VISIT = Act(
    "visit",
    _("Record the home check"),
    forms.VisitForm,
    lambda by, case, data, on: identifying.record_visit(by=by, case=case, on=on, **data),
    _("Two persons go. One records, the other signs with their own account."),
)
SIGN = Act(
    "sign",
    _("Sign the home check as the second person"),
    forms.NothingForm,
    lambda by, case, _data, on: identifying.sign_visit(by=by, case=case, on=on),
)
APPRAISE = Act(
    "appraise",
    _("Record the appraisal of the village meeting"),
    forms.AppraiseForm,
    lambda by, case, data, on: identifying.appraise(by=by, case=case, on=on, **data),
    _("DEFAULT: it goes on when more than half of those present are for it."),
)
REVIEW = Act(
    "review",
    _("Confirm after review"),
    forms.NoteForm,
    lambda by, case, data, on: identifying.review(by=by, case=case, on=on, **data),
)
RECOGNISE = Act(
    "recognise",
    _("Recognise after re-check, and announce"),
    forms.NoteForm,
    lambda by, case, data, on: identifying.recognise(by=by, case=case, on=on, **data),
)
FILE = Act(
    "file",
    _("Tell its number on file"),
    forms.NumberForm,
    lambda by, case, data, on: identifying.put_on_file(by=by, case=case, on=on, **data),
)
REFUSE = Act(
    "refuse",
    _("Refuse"),
    forms.ReasonForm,
    lambda by, case, data, on: services.refuse(by=by, case=case, on=on, **data),
)

_ALL = (ACCEPT, PUBLISH, DECIDE, ANNOUNCE, VISIT, SIGN, APPRAISE, RECOGNISE, FILE, REFUSE)
ACTS: Mapping[Kind, Mapping[str, Act]] = {
    Kind.EXIT: {act.name: act for act in (*_ALL, REVIEW_EXIT)},
    Kind.IDENTIFICATION: {act.name: act for act in (*_ALL, REVIEW)},
}


def offered(actor: Actor, case: Case, *, on: date) -> list[Act]:
    """What the actor may do with a case now, the next step first."""
    known = ACTS[Kind(case.kind)]
    return [known[name] for name in offers.offered(actor, case, on=on)]


def named(actor: Actor, case: Case, name: str, *, on: date) -> Act | None:
    """The act of this name, if it is offered."""
    return next((act for act in offered(actor, case, on=on) if act.name == name), None)
