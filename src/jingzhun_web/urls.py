"""Every address of the platform."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("jingzhun_web.api.urls")),
    path("public/", include("jingzhun_web.portal.urls")),
    path("", include("jingzhun_web.console.urls")),
]

handler400 = "jingzhun_web.console.errors.unreadable"
handler403 = "jingzhun_web.console.errors.forbidden"
handler404 = "jingzhun_web.console.errors.missing"
handler500 = "jingzhun_web.console.errors.broken"
