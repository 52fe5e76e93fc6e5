"""Pages of cases: the queue, one case with its acts, applications, lists, answers to objections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jingzhun.errors import UserError
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.areas import selectors as areas
from jingzhun_web.console import places
from jingzhun_web.console.decisions import acting, following, presented
from jingzhun_web.console.decisions.forms import ActForm, AnswerForm, ApplicationForm
from jingzhun_web.console.doors import actor_of, acts
from jingzhun_web.dialogue import objections, publicities, selectors, services
from jingzhun_web.dialogue.errors import CaseError
from jingzhun_web.dialogue.models import Case, Objection, Publicity
from jingzhun_web.dialogue.processes import IN_PUBLIC, State
from jingzhun_web.identify import services as identifying
from jingzhun_web.kit.environment import environment
from jingzhun_web.kit.paging import page
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household

PAGE_SIZE = 50
SHOWN = 50


@acts(Right.SEE_ARCHIVES)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for whoever looks, then what hangs out; the oldest cases first."""
    actor, on = actor_of(request), timezone.localdate()
    is_all = request.GET.get("which") == "all"
    found = page(
        selectors.open_ones() if is_all else selectors.waiting(actor, on=on),
        by=("id",),
        after=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    with_names = actor.may(Right.SEE_NAMES)
    context: dict[str, Any] = {
        "rows": presented.listed(found.rows, with_names=with_names),
        "next": found.next,
        "is_all": is_all,
    }
    if request.GET.get("after"):
        return render(request, "decisions/queue_rows.html", context)
    hanging = selectors.hanging(on=on)
    context |= {
        "waiting": selectors.waiting(actor, on=on).count(),
        "open": selectors.open_ones().count(),
        "hanging": presented.listed(list(hanging[:SHOWN]), with_names=with_names),
        "hanging_count": hanging.count(),
        "objections": selectors.objections().count() if _answers(actor) else 0,
        "lists": [] if is_all else _lists(found.rows),
        "days": environment().publicity_days,
    }
    return render(request, "decisions/queue.html", context)


def _answers(actor: Actor) -> bool:
    return actor.may(Right.APPROVE_CHANGES)


def _lists(rows: Any) -> list[dict[str, Any]]:
    """What can hang out in one step: cases before their publicity, or before their announcement."""
    ready = [
        case
        for case in rows
        if case.process.follows(case.at) in IN_PUBLIC or case.at is State.DECIDED
    ]
    return presented.grouped(ready)


@acts(Right.PROPOSE_CHANGES, Right.REVIEW_CHANGES, Right.APPROVE_CHANGES)
@require_POST
def hang_out(request: HttpRequest) -> HttpResponse:
    """One list for several cases of a village: publicity, or the announcement of what is decided."""
    chosen = [int(pk) for pk in request.POST.getlist("case") if pk.isdigit()]
    cases = list(Case.objects.filter(pk__in=chosen).order_by("pk"))
    if len(cases) != len(set(chosen)) or not cases:
        raise Http404(_("There is no such case in your areas"))
    by, on = actor_of(request), timezone.localdate()
    is_decided = cases[0].at is State.DECIDED
    begin = publicities.announce if is_decided else publicities.begin_publicity
    hung: Publicity = begin(by=by, cases=cases, on=on)
    messages.success(
        request,
        _("%(n)d households hang out until %(day)s")
        % {"n": len(cases), "day": hung.until.isoformat()},
    )
    return redirect("decisions")


@acts(Right.SEE_ARCHIVES)
@require_GET
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: where it stands, what happened, and what may be done now."""
    return _case(request, get_object_or_404(Case, pk=pk))


def _case(
    request: HttpRequest,
    found: Case,
    *,
    name: str = "",
    form: ActForm | None = None,
    answered: tuple[int, AnswerForm] | None = None,
) -> HttpResponse:
    """The page, with a form that was filled in wrongly in the place of an empty one."""
    actor, on = actor_of(request), timezone.localdate()
    with_names = actor.may(Right.SEE_NAMES)
    offered = [
        {
            "act": item,
            "form": form if form is not None and item.name == name else item.form(),
            "is_wrong": form is not None and item.name == name,
        }
        for item in acting.offered(actor, found, on=on)
    ]
    context = {
        "case": found,
        "name": presented.name(found, with_names=with_names),
        "path": areas.ancestors([found.area])[found.area],
        "acts": offered,
        "next": following.following(actor, found, on=on),
        "steps": presented.steps(found.steps.order_by("id"), with_names=with_names),
        "list": services.last_list(found),
        "objections": _objections(actor, found, answered),
        "with_names": with_names,
        "days": environment().publicity_days,
    }
    is_wrong = form is not None or answered is not None
    return render(request, "decisions/case.html", context, status=422 if is_wrong else 200)


def _objections(
    actor: Actor, found: Case, answered: tuple[int, AnswerForm] | None
) -> list[dict[str, Any]]:
    """Objections with reason and contact, for those who answer them, each with its form."""
    if not actor.may(Right.APPROVE_CHANGES, found.area):
        return []
    forms = dict([answered] if answered else [])
    return [
        {"opened": opened, "form": forms.get(opened.objection.pk) or answer_form(opened.objection)}
        for opened in objections.opened(by=actor, case=found)
    ]


def answer_form(objection: Objection, data: Any = None) -> AnswerForm:
    """The form of an answer; several stand on one page."""
    return AnswerForm(data, auto_id=f"answer-{objection.pk}-%s")


@acts(Right.PROPOSE_CHANGES, Right.REVIEW_CHANGES, Right.APPROVE_CHANGES)
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one of the acts that the case offers."""
    found, by, on = get_object_or_404(Case, pk=pk), actor_of(request), timezone.localdate()
    chosen = acting.named(by, found, name, on=on)
    if chosen is None:
        messages.warning(request, _("This step can't be made by you now"))
        return redirect("case", pk)
    form = chosen.form(request.POST)
    if not form.is_valid():
        return _case(request, found, name=name, form=form)
    chosen.do(by, found, form.cleaned_data, on)
    messages.success(request, _("Done"))
    return redirect("case", pk)


@acts(Right.APPROVE_CHANGES)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer an objection with its reason."""
    objection = get_object_or_404(Objection, pk=pk)
    form = answer_form(objection, request.POST)
    if not form.is_valid():
        return _case(request, objection.case, answered=(objection.pk, form))
    objections.answer_objection(
        by=actor_of(request),
        objection=objection,
        is_upheld=form.cleaned_data["outcome"] == "upheld",
        text=form.cleaned_data["text"],
        on=timezone.localdate(),
    )
    messages.success(request, _("Answered"))
    return redirect("case", objection.case_id)


@acts(Right.PROPOSE_CHANGES)
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """An application for identification."""
    actor = actor_of(request)
    villages = places.villages(actor, Right.PROPOSE_CHANGES)
    form = ApplicationForm(request.POST or None, initial=request.GET.dict(), villages=villages)
    if request.method == "POST" and form.is_valid():
        try:
            made = _applied(actor, form.cleaned_data)
        except UserError as error:
            # The form stays filled in.
            form.add_error(None, error.sentence)
        else:
            messages.success(request, _("The application is entered"))
            return redirect("case", made.pk)
    status = 200 if request.method == "GET" else 422
    return render(request, "decisions/apply.html", {"form": form}, status=status)


def _applied(by: Actor, data: dict[str, Any]) -> Case:
    on, period = timezone.localdate(), registry.periods()[0]
    if data["household_id"]:
        try:
            return identifying.apply_on_file(
                by=by,
                household_id=data["household_id"],
                period=period,
                reason=data["reason"],
                on=on,
            )
        except Household.DoesNotExist as error:
            raise CaseError(
                _("There is no such household in your areas"),
                do=_("Look the number up in the archives"),
            ) from error
    newcomer = identifying.Newcomer(
        data["village"], data["head_name"], data["document_number"], data["persons"]
    )
    return identifying.apply_new(
        by=by, newcomer=newcomer, period=period, reason=data["reason"], on=on
    )
