"""Where the pages for what the register knows of a resident are found."""

from django.urls import URLPattern, path

from motcua.portal.data import my_data

urlpatterns: list[URLPattern] = [
    path("cua-toi/du-lieu/", my_data.my_data, name="my_data"),
    path("cua-toi/du-lieu/bao-sai/", my_data.contest, name="contest_data"),
]
