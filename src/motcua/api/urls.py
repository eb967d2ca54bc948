"""Where machines find the city."""

from django.urls import path
from oauth2_provider.views import RevokeTokenView, TokenView

from motcua.api.authorising import authorise
from motcua.api.interface import description, interface
from motcua.api.uploads import tus_view

patterns, _app, _space = interface.urls
OPEN = {"openapi-json", "api-root"}
for pattern in patterns:
    # Each operation asks for a token with its scope; the description alone is anybody's.
    if pattern.name not in OPEN:
        pattern.callback.needs = ("token",)

app_name = "api"
urlpatterns = [
    path("", description, name="description"),
    path("oauth/token/", TokenView.as_view(), name="token"),
    path("oauth/revoke/", RevokeTokenView.as_view(), name="revoke"),
    path("oauth/authorize/", authorise, name="authorize"),
    path("v1/uploads", tus_view, name="tus"),
    path("v1/uploads/<uuid:upload>", tus_view, name="tus_upload"),
    path("v1/", (patterns, None, None)),
]
