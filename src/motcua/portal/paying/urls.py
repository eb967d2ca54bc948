"""Where the pages for paying are found."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
