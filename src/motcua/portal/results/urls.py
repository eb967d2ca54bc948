"""Where the pages for results: one's own, and checking anybody's are found."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
