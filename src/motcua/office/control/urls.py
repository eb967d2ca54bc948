"""Where the control office's pages are found."""

from django.urls import path

from motcua.office.control import dossiers, form_preview, overview, process

urlpatterns = [
    path("kiem-soat/", overview.control, name="control"),
    path("kiem-soat/ho-so/", dossiers.control_dossiers, name="control_dossiers"),
    path("kiem-soat/quy-trinh/", process.control_process, name="control_process"),
    path("bieu-mau/<str:code>/", form_preview.form_preview, name="form_preview"),
]
