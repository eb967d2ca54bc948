"""Where machines find the city."""

from django.urls import URLPattern

app_name = "api"
urlpatterns: list[URLPattern] = []
