"""Where the pages of the indicators are found."""

from django.urls import path

from motcua.office.kpis import cases, overview, single

urlpatterns = [
    path("chi-so/", overview.kpis_page, name="kpis"),
    path("chi-so/<slug:code>/", single.kpi_page, name="kpi"),
    path("chi-so/<slug:code>/ho-so/", cases.kpi_cases, name="kpi_cases"),
]
