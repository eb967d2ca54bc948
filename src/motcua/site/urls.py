"""Where each face of the city is found. The pages themselves are left to the faces."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from motcua.site.health import alive

FACES = (("can-bo/", "motcua.office.urls"), ("so-lieu/", "motcua.city.urls"), ("", "motcua.portal.urls"))

urlpatterns = [
    path("healthz", alive, name="healthz"),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    path("tai-khoan/", include("allauth.urls")),
    path("quan-tri/", admin.site.urls),
    *(path(prefix, include(face)) for prefix, face in FACES if find_spec(face) is not None),
]

handler500 = "motcua.site.errors.server_error"
