"""Where the office's pages for the population register are found."""

from django.urls import URLPattern, path

from motcua.office.register import alike, keeping, looking_up

urlpatterns: list[URLPattern] = [
    path("dan-cu/", looking_up.register, name="register"),
    path("dan-cu/du-lieu/", keeping.keep, name="register_keep"),
    path("dan-cu/nap/", keeping.take_in, name="register_take_in"),
    path("dan-cu/trung/<int:one>/<int:other>/", alike.twins_page, name="register_twins"),
    path("dan-cu/sua/<int:dossier_id>/", keeping.apply_contest, name="register_apply"),
]
