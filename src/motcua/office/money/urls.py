"""Where the office's pages for money: receipts, refunds, settlement are found."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
