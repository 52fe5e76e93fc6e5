"""Addresses of archives."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.console.archives import editing, exports, filters, membership, views

_HOME = "households/<str:household_id>/<int:period>/"

urlpatterns: list[URLPattern] = [
    path("households/", views.households, name="households"),
    path("households/export.<str:form>", exports.export, name="export"),
    path("saved-filters/", filters.keep, name="keep-filter"),
    path("saved-filters/<int:pk>/drop/", filters.drop, name="drop-filter"),
    path(_HOME, views.archive, name="archive"),
    path(f"{_HOME}timeline/", views.happenings, name="timeline"),
    path(f"{_HOME}reveal/", views.reveal, name="reveal"),
    path(f"{_HOME}sheet/", views.sheet, name="household-sheet"),
    path(f"{_HOME}edit/", editing.edit, name="edit"),
    path(f"{_HOME}edit/<str:person_id>/", editing.edit, name="edit-member"),
    path(f"{_HOME}add-member/", membership.add, name="add-member"),
    path(f"{_HOME}take-off/<str:person_id>/", membership.take_off, name="take-off"),
    path(f"{_HOME}attach/", editing.attach, name="attach"),
    path("attachments/<int:pk>/", editing.attachment, name="attachment"),
    path("changes/", editing.queue, name="changes"),
    path("changes/<int:pk>/", editing.change, name="change"),
    path("changes/<int:pk>/<str:answer>/", editing.decide, name="decide-change"),
]
