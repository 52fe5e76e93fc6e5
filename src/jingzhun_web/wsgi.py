"""The application that the HTTP server runs: views are synchronous, so WSGI saves a thread hop."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingzhun_web.settings")
application = get_wsgi_application()
# Pages and their forms are loaded with the server, not while somebody waits for its first page.
get_resolver().url_patterns  # noqa: B018
