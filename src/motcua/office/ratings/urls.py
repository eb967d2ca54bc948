"""Where the office's pages for ratings and what is contested of them are found."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
