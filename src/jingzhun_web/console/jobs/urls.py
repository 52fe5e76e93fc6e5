"""Addresses of jobs."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.console.jobs import views

urlpatterns: list[URLPattern] = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<int:job_id>/", views.job, name="job"),
]
