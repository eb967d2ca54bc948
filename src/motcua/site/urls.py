"""Where each face of the city is found. The pages themselves are left to the faces."""

from django.contrib import admin
from django.urls import include, path

from motcua.site.health import alive

urlpatterns = [
    path("healthz", alive, name="healthz"),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    path("tai-khoan/", include("allauth.urls")),
    path("quan-tri/", admin.site.urls),
    *[
        path(p, include(m))
        for p, m in (
            ("can-bo/", "motcua.office.urls"),
            ("so-lieu/", "motcua.city.urls"),
            ("", "motcua.portal.urls"),
        )
        if __import__("importlib").util.find_spec(m)
    ],
]

handler500 = "motcua.site.errors.server_error"
