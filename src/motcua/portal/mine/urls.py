"""Where the pages for what a resident sees of their own dossiers are found."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
