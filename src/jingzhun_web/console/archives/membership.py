"""Pages on which somebody is put on file in a household, or taken off it; what is sent is a proposal."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingzhun_web.access.roles import Right
from jingzhun_web.areas import selectors as areas
from jingzhun_web.console.archives import presented
from jingzhun_web.console.archives.editing import UNPROCESSABLE, sent, subject_of
from jingzhun_web.console.archives.membership_forms import JoinForm, LeaveForm
from jingzhun_web.console.doors import actor_of, acts
from jingzhun_web.registry import changes
from jingzhun_web.registry.subjects import Subject


@acts(Right.PROPOSE_CHANGES)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, household_id: str, period: int) -> HttpResponse:
    """The form that puts somebody on file."""
    subject = subject_of(household_id, period)
    seen = changes.seen_of(household_id, period)
    form = JoinForm(request.POST or None, seen=seen)
    return _answered(request, subject, form, title=_("Put a member on file"))


@acts(Right.PROPOSE_CHANGES)
@require_http_methods(["GET", "POST"])
def take_off(request: HttpRequest, household_id: str, period: int, person_id: str) -> HttpResponse:
    """The form that takes a member off the household; their record stays, marked as reduced."""
    subject = subject_of(household_id, period)
    if person_id not in subject.current():
        raise Http404(_("There is no such member"))
    with_names = actor_of(request).may(Right.SEE_NAMES)
    names = presented.member_names(list(subject.members.values()), with_names=with_names)
    form = LeaveForm(
        request.POST or None,
        subject=subject,
        person_id=person_id,
        names=names,
        seen=changes.seen_of(household_id, period),
    )
    return _answered(request, subject, form, title=_("Take off"), whose=names[person_id])


def _answered(
    request: HttpRequest,
    subject: Subject,
    form: JoinForm | LeaveForm,
    *,
    title: str,
    whose: str = "",
) -> HttpResponse:
    done = sent(request, subject, form)
    if done is not None:
        return done
    home = subject.household
    context: dict[str, Any] = {
        "household": home,
        "path": areas.ancestors([home.area])[home.area],
        "form": form,
        "title": title,
        "whose": whose,
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "archives/member.html", context, status=status)
