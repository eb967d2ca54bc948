"""Django's settings, from the environment and the city's home; safe as they stand, with nothing to switch on.

The variables: MOTCUA_HOME, DATABASE_URL, DATABASE_OWNER_URL, MOTCUA_BASE_URL (https makes cookies secure),
MOTCUA_HOSTS, MOTCUA_SECRET_KEY, MOTCUA_DEBUG. What each room needs is left to the room.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from motcua.site.databases import application_settings, owner_settings
from motcua.site.home import current_home, django_secret, is_demonstration
from motcua.site.identity_providers import providers

_home = current_home()
_site = Path(__file__).resolve().parent

# --- The city's home ----------------------------------------------------------------------------------------

MOTCUA_HOME = _home.path
MOTCUA_FILES = _home.files
MOTCUA_EXPORTS = _home.exports
# For how many seconds a worker that makes a list may be silent before another takes it over.
MOTCUA_EXPORTS_LEASE = float(os.environ.get("MOTCUA_EXPORTS_LEASE", "180"))
MOTCUA_SIGNING_KEY = _home.signing_key_file
# Keys, certificates and their configuration (signing.toml) for signing results.
MOTCUA_SIGNING_FOLDER = _home.keys / "signing"
# The callable that knows how an applicant asked to receive the result (see `papers.results.handing`).
MOTCUA_DELIVERY_OF = "motcua.filing.handing_in.delivery_of"
MOTCUA_BASE_URL = os.environ.get("MOTCUA_BASE_URL", "http://127.0.0.1:8000").rstrip("/")

_address = urlsplit(MOTCUA_BASE_URL)
_is_https = _address.scheme == "https"

DEBUG = os.environ.get("MOTCUA_DEBUG") == "1"
SECRET_KEY = os.environ.get("MOTCUA_SECRET_KEY") or django_secret(_home)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", _address.hostname or "localhost"]
ALLOWED_HOSTS += [host for host in os.environ.get("MOTCUA_HOSTS", "").split(",") if host]

# --- The rooms ----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # First, so that our pages stand before those of the libraries.
    "motcua.site.apps.SiteConfig",
    "motcua.organisation.apps.OrganisationConfig",
    "motcua.calendars.apps.CalendarsConfig",
    "motcua.catalogue.apps.CatalogueConfig",
    "motcua.registry.apps.RegistryConfig",
    "motcua.files.apps.FilesConfig",
    "motcua.accounts.apps.AccountsConfig",
    "motcua.dossiers.apps.DossiersConfig",
    "motcua.papers.apps.PapersConfig",
    "motcua.filing.apps.FilingConfig",
    "motcua.fees.apps.FeesConfig",
    "motcua.notices.apps.NoticesConfig",
    "motcua.reports.apps.ReportsConfig",
    "motcua.legacy.apps.LegacyConfig",
    "motcua.exports.apps.ExportsConfig",
    "motcua.statutory.apps.StatutoryConfig",
    "motcua.kpis.apps.KpisConfig",
    "motcua.flow.apps.FlowConfig",
    "motcua.campaigns.apps.CampaignsConfig",
    "motcua.steering.apps.SteeringConfig",
    "motcua.opendata.apps.OpendataConfig",
    "motcua.portal.apps.PortalConfig",
    "motcua.office.apps.OfficeConfig",
    "motcua.city.apps.CityConfig",
    "motcua.api.apps.ApiConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "motcua.accounts.apps.SessionsConfig",
    "axes",
    "oauth2_provider",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "motcua.site.security.SecurityHeaders",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Last: it turns the answer to a locked account into a page that says so.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "motcua.site.urls"
WSGI_APPLICATION = "motcua.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "motcua.office.door.office_head",
                "motcua.portal.head.portal_head",
            ],
        },
    }
]

# --- The database -------------------------------------------------------------------------------------------

_as_owner = os.environ.get("MOTCUA_DATABASE_ROLE") == "owner"
DATABASES = {"default": owner_settings(_home) if _as_owner else application_settings(_home)}

# In the database and nowhere else: a session cached in one process would outlive a sign-out made in another.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())
SESSION_COOKIE_NAME = "motcua_session"
CSRF_COOKIE_NAME = "motcua_csrf"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Who signs in -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "organisation.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "motcua.accounts.hashing.SizedArgon2",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/can-bo/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_USER_DISPLAY = "motcua.site.signin.display_name"
ACCOUNT_ADAPTER = "motcua.site.signin.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# A whole office sits behind one address: guesses are counted per account, by axes. The limit per address only
# bounds a flood.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "8/10m/key", "reauthenticate": "10/m/user"}
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "motcua.site.signin.SecondFactors"
# A passkey on a plain address works on this machine only, where browsers allow it.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _address.hostname in ("127.0.0.1", "localhost")
MFA_TOTP_ISSUER = "Một Cửa"
MFA_TOTP_TOLERANCE = 1

AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "motcua.site.signin.username_of"
AXES_LOCKOUT_CALLABLE = "motcua.site.signin.locked_out"
AXES_VERBOSE = False
# The warning asks for a lock per address, which would lock a whole office out for one person's mistakes.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_ENABLE_ADMIN = True

# --- Residents' accounts -------------------------------------------------------------------------------------

# How many proxies stand before the server: addresses further out are what somebody says, not what was seen.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MOTCUA_PROXIES", "0"))
SOCIALACCOUNT_ADAPTER = "motcua.portal.account.provider_login.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = providers(os.environ)
SOCIALACCOUNT_REQUESTS_TIMEOUT = float(os.environ.get("MOTCUA_OIDC_TIMEOUT", "6"))
SOCIALACCOUNT_STORE_TOKENS = False
# Codes are shown on the page only where nothing is real.
MOTCUA_SHOWS_CODES = DEBUG or bool(_home.record().get("demo"))

# --- Machines that connect ----------------------------------------------------------------------------------

OAUTH2_PROVIDER_APPLICATION_MODEL = "api.Client"
OAUTH2_PROVIDER = {
    "SCOPES_BACKEND_CLASS": "motcua.api.scopes.ClientScopes",
    "PKCE_REQUIRED": True,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": int(timedelta(days=30).total_seconds()),
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "vn.motcua"],
}
# Only a test's installation tells machines on its own network what happened.
MOTCUA_WEBHOOKS_WITHIN = os.environ.get("MOTCUA_WEBHOOKS_WITHIN") == "1"

# --- Safety of pages ----------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_https
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [MOTCUA_BASE_URL] if _is_https else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _is_https else None
SECURE_SSL_REDIRECT = _is_https
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if _is_https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
# A tracking link carries a token: no other site is told where the reader came from.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
DATA_UPLOAD_MAX_NUMBER_FILES = 60

# --- Uploads ------------------------------------------------------------------------------------------------

# The scanner's daemon: tcp://host:port or unix:/path; empty where there is none.
MOTCUA_CLAMD = os.environ.get("MOTCUA_CLAMD", "")
MOTCUA_UPLOAD_LARGEST = int(os.environ.get("MOTCUA_UPLOAD_MB", "50")) * 1024 * 1024
# Bytes and number on their way in, of one draft and of one person.
MOTCUA_UPLOADS_OF_BUNDLE = (200 * 1024 * 1024, 60)
MOTCUA_UPLOADS_OF_PERSON = (500 * 1024 * 1024, 200)
MOTCUA_UPLOADS_A_DAY = 300
# Finished files live as long as a draft. Left free on the disk whatever is sent.
MOTCUA_UPLOAD_LIVES_DAYS = 90
MOTCUA_UPLOAD_SPARE = 200 * 1024 * 1024
# Parts received at the same time in one process, all together and of one person; the other threads serve pages.
MOTCUA_UPLOADS_AT_ONCE = int(os.environ.get("MOTCUA_UPLOADS_AT_ONCE", "3"))
MOTCUA_UPLOADS_EACH = 2

# --- Payments -----------------------------------------------------------------------------------------------

# The sandbox bank (`motcua sandbox_provider`): without its address nobody is sent there.
MOTCUA_SANDBOX_URL = os.environ.get("MOTCUA_SANDBOX_URL", "").rstrip("/")
MOTCUA_SANDBOX_SECRET = os.environ.get("MOTCUA_SANDBOX_SECRET", "")
MOTCUA_PAYMENT_PROVIDERS = (
    {"sandbox": "motcua.fees.sandbox.SandboxGateway", "transfer": "motcua.fees.sandbox.SandboxTransfer"}
    if MOTCUA_SANDBOX_URL
    else {}
)
MOTCUA_PROVIDER_TIMEOUT = 10.0

# --- Languages and time -------------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LANGUAGE_COOKIE_NAME = "motcua_language"
LOCALE_PATHS = [_site / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

# --- Static files -------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = _home.static
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Messages to people -------------------------------------------------------------------------------------

# Addresses of providers, apart by spaces (`notices.configuration`); nothing set means that nothing leaves the house.
MOTCUA_SMS = os.environ.get("MOTCUA_SMS", "")
MOTCUA_EMAIL = os.environ.get("MOTCUA_EMAIL", "")
# Whom a push service may write to about us (`mailto:...`); set, it switches web push on.
MOTCUA_PUSH = os.environ.get("MOTCUA_PUSH", "")
MOTCUA_PUSH_HOSTS = os.environ.get(
    "MOTCUA_PUSH_HOSTS",
    "fcm.googleapis.com updates.push.services.mozilla.com .push.services.mozilla.com .push.apple.com"
    " .notify.windows.com",
).split()
MOTCUA_VAPID_KEY = _home.keys / "vapid.pem"
# Made-up people have made-up numbers, which may be somebody's: a city of demonstration keeps its messages.
MOTCUA_NOTICES_SANDBOX = os.environ.get("MOTCUA_NOTICES_SANDBOX", "1" if is_demonstration(_home) else "0") == "1"
MOTCUA_NOTICES_LEASE = float(os.environ.get("MOTCUA_NOTICES_LEASE", "60"))
MOTCUA_NOTICES_DAILY = int(os.environ.get("MOTCUA_NOTICES_DAILY", "20000"))
# Dotted paths of who writes down a one-time code, or words about an account, to be sent (see `accounts.codes`).
_can_tell = bool(MOTCUA_SMS or MOTCUA_EMAIL or MOTCUA_NOTICES_SANDBOX)
MOTCUA_SEND_CODE = os.environ.get("MOTCUA_SEND_CODE", "motcua.notices.codes.send" if _can_tell else "")
MOTCUA_TELL_ACCOUNT = "motcua.notices.codes.tell_account" if _can_tell else ""

# --- Open data ----------------------------------------------------------------------------------------------

# Under which licence and in whose name the city publishes, its own choice; counts from 1 to smallest - 1 are small.
MOTCUA_OPENDATA_LICENCE = os.environ.get("MOTCUA_OPENDATA_LICENCE", "https://creativecommons.org/licenses/by/4.0/")
MOTCUA_OPENDATA_LICENCE_NAME = os.environ.get("MOTCUA_OPENDATA_LICENCE_NAME", "CC BY 4.0")
MOTCUA_OPENDATA_PUBLISHER = os.environ.get("MOTCUA_OPENDATA_PUBLISHER", "Ủy ban nhân dân thành phố Hà Nội")
MOTCUA_OPENDATA_SMALLEST = int(os.environ.get("MOTCUA_OPENDATA_SMALLEST", "5"))

# --- Logs ---------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": "motcua.site.log_lines.DiscreetFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # It warns of embedding revocation data without fetching them, which is what we mean to do.
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        # A page that is not there is no fault of ours.
        "django.request": {"level": "ERROR"},
        # These two name the account and the address that failed to sign in.
        "axes": {"level": "CRITICAL"},
        "django.security": {"level": "ERROR"},
        # It would write down every address that a provider was asked at.
        "httpx": {"level": "WARNING"},
    },
}
