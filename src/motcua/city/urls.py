"""Where the city's pages are found."""

from django.urls import path

from motcua.city import listing, online_levels, overview

app_name = "city"
urlpatterns = [
    path("", overview.city, name="city"),
    path("danh-sach/", listing.listing, name="list"),
    path("truc-tuyen/", online_levels.levels_page, name="online"),
]
