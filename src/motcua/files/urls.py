"""Addresses of uploads: the tus endpoint, how far one is, its PDF and its pages, all for whoever sent it."""

from django.urls import path

from motcua.files import serving, tus

app_name = "files"

_tus = tus.view()

urlpatterns = [
    path("", _tus, name="tus"),
    path("ghep/", serving.join, name="join"),
    path("<uuid:upload>", _tus, name="upload"),
    path("<uuid:upload>/tinh-trang/", serving.status, name="status"),
    path("<uuid:upload>/tep.pdf", serving.pdf, name="pdf"),
    path("<uuid:upload>/trang/<int:number>/", serving.page, name="page"),
]
