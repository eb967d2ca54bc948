"""Where each face of the city is found. The pages themselves are left to the faces."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView

from motcua.portal.account.provider_login import came_back
from motcua.site.health import alive

urlpatterns = [
    path("healthz", alive, name="healthz"),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    # An official signs in by a name that was given: allauth's page of mail addresses has nothing to offer.
    path("tai-khoan/email/", RedirectView.as_view(pattern_name="office:my_account")),
    path("tai-khoan/", include("allauth.account.urls")),
    path("tai-khoan/2fa/", include("allauth.mfa.urls")),
    # Of signing in by an identity provider only the way back has an address of its own.
    path("tai-khoan/dinh-danh/<str:provider_id>/", came_back, name="openid_connect_callback"),
    path("quan-tri/", admin.site.urls),
    path("phong-cach/", TemplateView.as_view(template_name="motcua/style.html"), name="style"),
    path("can-bo/", include("motcua.office.urls")),
    path("api/", include("motcua.api.urls")),
    path("tep/", include("motcua.files.urls")),
    path("so-lieu/", include("motcua.city.urls")),
    path("du-lieu-mo/", include("motcua.city.opendata_urls")),
    path("", include("motcua.portal.urls")),
]

handler500 = "motcua.site.errors.server_error"
