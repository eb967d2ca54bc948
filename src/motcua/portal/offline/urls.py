"""Where a browser finds what it needs to go on without a line."""

from django.urls import path

from motcua.portal.offline import shell

urlpatterns = [
    path("sw.js", shell.worker, name="worker"),
    path("ung-dung.webmanifest", shell.manifest, name="manifest"),
    path("ngoai-tuyen/", shell.without_line, name="without_line"),
    path("may-nay/", shell.this_device, name="this_device"),
]
