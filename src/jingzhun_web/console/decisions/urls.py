"""Addresses of decisions."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.console.decisions import evaluations, views

urlpatterns: list[URLPattern] = [
    path("decisions/", views.queue, name="decisions"),
    path("decisions/lists/", views.hang_out, name="decision-lists"),
    path("decisions/apply/", views.apply, name="application"),
    path("decisions/cases/<int:pk>/", views.case, name="case"),
    path("decisions/cases/<int:pk>/<str:name>/", views.act, name="case-act"),
    path("decisions/objections/<int:pk>/", views.answer, name="objection-answer"),
    path("decisions/runs/", evaluations.runs, name="evaluations"),
    path("decisions/runs/<int:pk>/", evaluations.run, name="evaluation"),
    path(
        "decisions/households/<str:household_id>/<int:period>/",
        evaluations.household,
        name="household-evaluation",
    ),
    path(
        "decisions/households/<str:household_id>/<int:period>/exit/",
        evaluations.propose,
        name="propose-exit",
    ),
    path("decisions/sheets/", evaluations.sheets, name="exit-sheets"),
    path("decisions/sheets/<int:area>/<int:period>/", evaluations.sheet, name="exit-sheet"),
]
