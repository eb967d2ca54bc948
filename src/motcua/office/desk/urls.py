"""Where the desk's pages are found."""

from django.urls import path

from motcua.office.desk import acting, bulk, dossier, handovers, lists, signing

urlpatterns = [
    path("", lists.home, name="home"),
    path("vi-tri/", lists.switch_post, name="switch_post"),
    path("tim/", lists.search_page, name="search"),
    path("viec/", lists.desk, name="desk"),
    path("viec/hang-loat/", bulk.bulk, name="bulk"),
    path("ban-giao/", handovers.handovers, name="handovers"),
    path("ky-duyet/", signing.signing, name="signing"),
    path("ho-so/<int:dossier_id>/", dossier.page, name="dossier"),
    path("ho-so/<int:dossier_id>/tep/<str:digest>/", dossier.scan, name="scan"),
    path("ho-so/<int:dossier_id>/<slug:action>/<int:task>/", acting.act, name="act"),
]
