"""Where the pages for signing up, signing in, one's account are found."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
