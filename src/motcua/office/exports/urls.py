"""Where the pages of ordered lists are found."""

from django.urls import URLPattern, path

from motcua.office.exports import ordering, pages

urlpatterns: list[URLPattern] = [
    path("so-lieu/tai-xuong/", pages.exports_page, name="exports"),
    path("so-lieu/tai-xuong/dat/", ordering.export_order, name="export_order"),
    path("so-lieu/tai-xuong/<int:number>/", pages.export_file, name="export_file"),
    path("so-lieu/tai-xuong/<int:number>/bo/", pages.export_remove, name="export_remove"),
]
