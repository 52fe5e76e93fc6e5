"""Django's settings of every process of the platform; what may differ stands in `kit.environment`."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from jingzhun_web.kit.environment import environment
from jingzhun_web.kit.postgres import database_settings

ENV = environment()
_HERE = Path(__file__).resolve().parents[1]
_IS_PRODUCTION = ENV.mode == "production"
# Which role this process connects as is set by the command, not by the operator.
_AS_OWNER = os.environ.get("JINGZHUN_DB_ROLE") == "owner"

DEBUG = False
SECRET_KEY = ENV.secret_key or "demo only: " + "0" * 50
ALLOWED_HOSTS = list(ENV.allowed_hosts)
ROOT_URLCONF = "jingzhun_web.urls"
WSGI_APPLICATION = "jingzhun_web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {
    "default": database_settings(ENV.owner_database_url if _AS_OWNER else ENV.database_url)
    | {"ATOMIC_REQUESTS": True, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_htmx",
    "csp",
    "ninja",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "jingzhun_web.audit",
    "jingzhun_web.areas",
    "jingzhun_web.access",
    "jingzhun_web.tokens",
    "jingzhun_web.jobs",
    "jingzhun_web.registry",
    "jingzhun_web.dialogue",
    "jingzhun_web.exchange",
    "jingzhun_web.crosscheck",
    "jingzhun_web.evaluate",
    "jingzhun_web.identify",
    "jingzhun_web.console",
    "jingzhun_web.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "jingzhun_web.api.door.door",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jingzhun_web.access.middleware.actor_middleware",
    "jingzhun_web.console.errors.refusal_middleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jingzhun_web.console.errors.user_error_middleware",
    "jingzhun_web.console.accounts.gate.gate",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "jingzhun_web.console.context.of_request",
            ],
            "string_if_invalid": "",
        },
    }
]

# -- who somebody is ------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["jingzhun_web.access.backend.PasswordBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = ENV.session_hours * 3600
CSRF_FAILURE_VIEW = "jingzhun_web.console.errors.stale"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.behind_https
OTP_TOTP_ISSUER = "Jingzhun"

# -- how pages travel -----------------------------------------------------------------------------
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.behind_https else None
SECURE_HSTS_SECONDS = 31_536_000 if _IS_PRODUCTION else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
STATIC_URL = "/static/"
# The pages' files are built into the package; there is nothing to collect.
STATIC_ROOT = _HERE / "static"
# The pages that describe the API come with their library.
WHITENOISE_USE_FINDERS = True

# -- languages and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
# Texts stand beside what they belong to.
LOCALE_PATHS = sorted(_HERE.glob("**/locale"))
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = "jingzhun_web.formats"
TIME_ZONE = "Asia/Shanghai"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "jingzhun_web.kit.logs.PrivateFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
