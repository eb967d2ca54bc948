"""Where the city's pages are found."""

from django.urls import path

from motcua.city import indicators, listing, online_levels, overview, ranking, services

app_name = "city"
urlpatterns = [
    path("", overview.city, name="city"),
    path("danh-sach/", listing.listing, name="list"),
    path("xep-hang/", ranking.ranking, name="ranking"),
    path("hai-long-va-thoi-gian/", services.services, name="services"),
    path("chi-so/", indicators.indicators_page, name="indicators"),
    path("chi-so/<slug:code>/", indicators.indicator_page, name="indicator"),
    path("truc-tuyen/", online_levels.levels_page, name="online"),
]
