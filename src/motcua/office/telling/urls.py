"""Where the office's pages for messages to people: templates, cost, delivery are found."""

from django.urls import URLPattern, path

from motcua.office.telling import alerts, deliveries, letters, providers, words

urlpatterns: list[URLPattern] = [
    path("thong-bao/", alerts.my_alerts, name="telling"),
    path("thong-bao/da-gui/", deliveries.told, name="telling_deliveries"),
    path("thong-bao/noi-gui/", providers.health_and_cost, name="telling_providers"),
    path("thong-bao/loi-tin/", words.kinds, name="telling_words"),
    path("thong-bao/loi-tin/<slug:kind>/", words.one, name="telling_word"),
    path("thong-bao/hop-thu/", letters.letters, name="telling_letters"),
]
