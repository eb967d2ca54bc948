"""Where the office's pages for ratings and what is contested of them are found."""

from django.urls import URLPattern, path

from motcua.office.ratings import kiosk, listing

urlpatterns: list[URLPattern] = [
    path("danh-gia/", listing.ratings_page, name="ratings"),
    path("danh-gia/tai-quay/<int:dossier_id>/", kiosk.kiosk, name="rating_kiosk"),
]
