"""Addresses of imports and agreements."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.console.intake import agreement_views, views

urlpatterns: list[URLPattern] = [
    path("intake/", views.imports, name="imports"),
    path("intake/new/", views.new, name="import-new"),
    path("intake/<int:import_id>/", views.one, name="import"),
    path("intake/<int:import_id>/mapping/", views.mapping, name="import-mapping"),
    path("intake/<int:import_id>/act/<str:act>/", views.act, name="import-act"),
    path(
        "intake/<int:import_id>/difference/<str:table>/<str:kind>/",
        views.difference,
        name="import-difference",
    ),
    path("intake/<int:import_id>/rejects/<str:table>.csv", views.rejects, name="import-rejects"),
    path("intake/origin/<str:table>/<str:key>/<int:period>/", views.origin, name="origin"),
    path("agreements/", agreement_views.agreements, name="agreements"),
    path("agreements/<int:agreement_id>/end/", agreement_views.end, name="agreement-end"),
]
