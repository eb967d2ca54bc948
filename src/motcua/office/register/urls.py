"""Where the office's pages for the population register: looking up, importing are found."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
