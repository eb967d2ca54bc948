"""Where the office's pages for messages to people: templates, cost, delivery are found."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
