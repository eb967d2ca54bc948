"""Where the pages for how a resident wants to be told are found."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
