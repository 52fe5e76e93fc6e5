"""Pages on which archives are changed: the form, the change, its acceptance; files."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jingzhun_web.access.roles import Right
from jingzhun_web.areas import selectors as areas
from jingzhun_web.console.archives import described, people, presented
from jingzhun_web.console.archives.editing_forms import (
    AttachForm,
    DecideForm,
    EditForm,
    ReasonedForm,
)
from jingzhun_web.console.doors import actor_of, acts
from jingzhun_web.console.wording import query_without
from jingzhun_web.kit.paging import page
from jingzhun_web.registry import attachments as files
from jingzhun_web.registry import changes, subjects
from jingzhun_web.registry.chain import CHAIN, Standing
from jingzhun_web.registry.errors import AttachmentError, ChangeError
from jingzhun_web.registry.models import Attachment, Change, Household
from jingzhun_web.registry.subjects import Subject

PAGE_SIZE = 50
UNPROCESSABLE = 422
CHAIN_RIGHTS = tuple(step.right for step in CHAIN)


@acts(Right.PROPOSE_CHANGES)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, household_id: str, period: int, person_id: str = "") -> HttpResponse:
    """The form that changes a household or one of its members; what is sent is a proposal."""
    subject = subject_of(household_id, period)
    if person_id and person_id not in subject.members:
        raise Http404(_("There is no such member"))
    seen = changes.seen_of(household_id, period)
    form = EditForm(request.POST or None, subject=subject, person_id=person_id, seen=seen)
    return sent(request, subject, form) or _edit_page(request, subject, form)


def sent(request: HttpRequest, subject: Subject, form: ReasonedForm) -> HttpResponse | None:
    """On to the proposal's page; None when there is none yet, with the reason at a form that was sent."""
    if request.method != "POST" or not form.is_valid():
        return None
    home = subject.household
    try:
        made = changes.propose(
            by=actor_of(request),
            household_id=home.household_id,
            period=home.period,
            fields=form.proposed(),
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"] or "unseen",
        )
    except ChangeError as error:
        form.add_error(None, error.sentence)
        form.seen_anew()
        return None
    messages.success(request, _("The change was sent for review."))
    return redirect("change", made.pk)


def _edit_page(request: HttpRequest, subject: Subject, form: EditForm) -> HttpResponse:
    home = subject.household
    rows = list(subject.members.values())
    names = presented.member_names(rows, with_names=actor_of(request).may(Right.SEE_NAMES))
    waiting = Change.objects.filter(household_id=home.household_id, period=home.period).order_by(
        "-id"
    )[:5]
    context = {
        "household": home,
        "path": areas.ancestors([home.area])[home.area],
        "form": form,
        "groups": form.shown(),
        "whose": names.get(form.person_id, ""),
        "members": [{"person": row, "name": names[row.person_id]} for row in rows],
        "changes": described.open_changes(waiting, names, with_names=True),
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "archives/edit.html", context, status=status)


@acts(Right.PROPOSE_CHANGES, *CHAIN_RIGHTS)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Changes of one's areas that wait for somebody; those that wait for the reader are marked."""
    actor = actor_of(request)
    found = page(
        Change.objects.filter(standing=Standing.OPEN),
        by=("id",),
        after=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    places = areas.ancestors(row.area for row in found.rows)
    who = people.names(row.proposed_by for row in found.rows)
    rows = [
        {
            "change": row,
            "who": who[row.proposed_by],
            "waits": described.waits_text(row),
            "is_mine": changes.may_decide(actor, row),
            "place": " ".join(area.name for area in places[row.area][2:]),
            "fields": row.items.count(),
        }
        for row in found.rows
    ]
    context = {"rows": rows, "next": found.next, "query": query_without(request, "after")}
    is_part = bool(request.GET.get("after"))
    name = "archives/changes_rows.html" if is_part else "archives/changes.html"
    return render(request, name, context)


@acts(Right.SEE_ARCHIVES)
@require_GET
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: old, proposed and present values, who did what, and what the reader may do."""
    return _change_page(request, get_object_or_404(Change, pk=pk))


@acts(*CHAIN_RIGHTS)
@require_POST
def decide(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """Accept or refuse a change."""
    if answer not in ("accept", "refuse"):
        raise Http404(answer)
    found = get_object_or_404(Change, pk=pk)
    rows = changes.compared(found)
    form = DecideForm(request.POST, keys=[row.key for row in rows], seen="")
    if not form.is_valid():
        raise BadRequest("form")
    given, actor = form.cleaned_data, actor_of(request)
    try:
        if answer == "accept":
            found = changes.accept(
                by=actor, change=found, note=given["note"], seen=given["seen"], keep=given["keep"]
            )
            messages.success(request, _("Accepted: the change %s.") % described.waits_text(found))
        else:
            found = changes.refuse(by=actor, change=found, reason=given["note"])
            messages.success(request, _("The change was refused; its proposer reads why."))
    except ChangeError as error:
        return _change_page(request, found, problem=error.sentence)
    return redirect("change", found.pk)


def _change_page(request: HttpRequest, found: Change, problem: str = "") -> HttpResponse:
    actor = actor_of(request)
    subject = subject_of(found.household_id, found.period)
    with_names = actor.may(Right.SEE_NAMES)
    names = presented.member_names(list(subject.members.values()), with_names=with_names)
    rows = changes.compared(found, subject)
    context = {
        "change": found,
        "path": areas.ancestors([found.area])[found.area],
        "who": people.names([found.proposed_by])[found.proposed_by],
        "waits": described.waits_text(found),
        "fields": described.compared(rows, names, with_names=with_names),
        "steps": described.steps(found),
        "may_decide": changes.may_decide(actor, found),
        "has_moved": found.standing == Standing.OPEN and subject.household.version != found.version,
        "form": DecideForm(keys=[row.key for row in rows], seen=changes.fingerprint(rows)),
        "problem": problem,
    }
    return render(
        request, "archives/change.html", context, status=UNPROCESSABLE if problem else 200
    )


@acts(Right.PROPOSE_CHANGES, *CHAIN_RIGHTS)
@require_POST
def attach(request: HttpRequest, household_id: str, period: int) -> HttpResponse:
    """Attach a photo or document to a household."""
    home = subject_of(household_id, period).household
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file first."))
        return redirect("archive", household_id, period)
    given = form.cleaned_data["file"]
    if given.size > files.LARGEST:
        raise AttachmentError(
            _("The file is larger than %(mb)d MB") % {"mb": files.LARGEST // 1024**2},
            do=_("Take a smaller photo, or scan with less detail"),
        )
    files.attach(
        by=actor_of(request),
        area=home.area,
        household_id=household_id,
        kind="household",
        object_id=household_id,
        name=given.name,
        data=given.read(),
    )
    messages.success(request, _("The file was attached."))
    return redirect("archive", household_id, period)


@acts(Right.SEE_NAMES)
@require_GET
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo or document, never run as anything else; its reading is logged."""
    found = get_object_or_404(Attachment, pk=pk)
    data = files.opened(by=actor_of(request), attachment=found)
    response = HttpResponse(data, content_type=found.media_type)
    shown = "inline" if found.media_type.startswith("image/") else "attachment"
    suffix = files.SUFFIXES[found.media_type]
    response["Content-Disposition"] = f'{shown}; filename="{found.pk}{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def subject_of(household_id: str, period: int) -> Subject:
    """A household with its members; 404 when there is none in the reader's areas."""
    try:
        return subjects.present(household_id, period)
    except Household.DoesNotExist as error:
        raise Http404(_("There is no such household in your areas")) from error
