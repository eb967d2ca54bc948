"""Where the pages for filling in and handing in online are found."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
