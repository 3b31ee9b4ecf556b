"""Django's settings, read from the environment; nothing clever.

Security settings follow guarantees.md 16. `ATOMIC_REQUESTS` stays off: acts own their transactions.
"""

from __future__ import annotations

from pathlib import Path

import django
from csp.constants import NONCE, NONE, SELF

from onecard.config import database as _database
from onecard.config import environment as _environment
from onecard.config.signing import secret_key as _secret_key

ENVIRONMENT = _environment.read()
BEHIND_TLS = ENVIRONMENT.production
_WEB = Path(__file__).parents[1] / "web"

DEBUG = False
SECRET_KEY = _secret_key(ENVIRONMENT.home)
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
ROOT_URLCONF = "onecard.config.urls"
WSGI_APPLICATION = "onecard.config.wsgi.application"
DATABASES = {"default": _database.database(ENVIRONMENT)}
ATOMIC_REQUESTS = False
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
USE_I18N = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_otp",
    "django_htmx",
    "onecard.records.apps.RecordsConfig",
    "onecard.config.apps.HouseConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "onecard.api.partner.manners.PartnerManners",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "onecard.web.middleware.ReaderMiddleware",
    "csp.middleware.CSPMiddleware",
    "onecard.web.failures.LargestBodyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "onecard.web.sign_in.session.StaffSessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "onecard.web.middleware.SessionLimitMiddleware",
    "onecard.web.middleware.PersonalPagesMiddleware",
    "onecard.web.failures.RefusalMiddleware",
]
CSRF_FAILURE_VIEW = "onecard.web.failures.expired_form"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_WEB / "templates", Path(django.__file__).parent / "forms" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "onecard.web.context.frame",
            ],
            "libraries": {
                "words": "onecard.web.templatetags.words",
                "look": "onecard.web.templatetags.look",
                "desk": "onecard.web.templatetags.desk",
                "purse": "onecard.web.templatetags.purse",
            },
        },
    }
]

AUTH_USER_MODEL = "records.Staff"
AUTHENTICATION_BACKENDS = [
    "onecard.web.sign_in.lockout.SignInBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["onecard.config.hashers.StaffPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# What is locked, and for how long, is a figure of the city: web/sign_in/lockout.py.
AXES_HANDLER = "onecard.web.sign_in.lockout.SignInHandler"
AXES_USERNAME_CALLABLE = "onecard.web.sign_in.lockout.name_of"
AXES_CLIENT_IP_CALLABLE = "onecard.web.sign_in.lockout.address_of"
AXES_COOLOFF_TIME = "onecard.web.sign_in.lockout.cool_off"
AXES_LOCKOUT_CALLABLE = "onecard.web.sign_in.lockout.same_answer"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies

SESSION_COOKIE_AGE = 1800
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SAMESITE = "Strict"
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        # The reader on this desk (docs/readers.md) is spoken to over the loopback, nothing else is.
        "connect-src": [SELF, "ws://127.0.0.1:8765"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 100
LARGEST_BODY_BYTES = 32 * 1024 * 1024

STATIC_URL = "/static/"
STATICFILES_DIRS = [_WEB / "static"]
WHITENOISE_USE_FINDERS = True
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"scrubbed": {"()": "onecard.config.scrubbing.ScrubbingFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "scrubbed"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}, "django.request": {"level": "ERROR"}},
}
