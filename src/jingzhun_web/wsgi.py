"""The application that the HTTP server runs: views are synchronous, so WSGI saves a thread hop."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingzhun_web.settings")
application = get_wsgi_application()
