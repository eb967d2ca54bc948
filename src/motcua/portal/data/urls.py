"""Where the pages for what the register knows of a resident are found."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
