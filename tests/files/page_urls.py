"""A form of a signed-in person with two papers, as any room would build it."""

from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from motcua.files import intake
from motcua.site.urls import handler500 as handler500
from motcua.site.urls import urlpatterns as city

PAGE = """{% extends "motcua/portal_base.html" %}{% load motcua uploads %}{% block title %}Giấy tờ{% endblock %}
{% block content %}<h1>Giấy tờ cần nộp</h1><p class="lead">Khai sinh cho con, bước 3 trên 5.</p>
{% error_summary errors %}
<form method="post" enctype="multipart/form-data" data-once class="stack--loose">{% csrf_token %}
{% upload_field "nhap-1" "chung-sinh" "Giấy chứng sinh" "" True birth_errors %}
{% upload_field "nhap-1" "ket-hon" "Giấy chứng nhận kết hôn" %}
<div class="form-actions"><button class="button button--big" name="go" value="on">Tiếp tục</button></div></form>
{% for each in digests %}<p class="recorded">{{ each }}</p>{% endfor %}{% endblock %}"""


def form(request: HttpRequest) -> HttpResponse:
    """Shows the form; says what it would record."""
    said: dict[str, object] = {}
    if request.method == "POST":
        taken = [intake.from_form(request, name, request.user.pk, "nhap-1") for name in ("chung-sinh", "ket-hon")]
        said["digests"] = [each for one in taken for each in one.digests]
        said["birth_errors"] = taken[0].errors
        said["errors"] = [("f-chung-sinh", error) for error in taken[0].errors]
    return HttpResponse(Template(PAGE).render(RequestContext(request, said)))


urlpatterns = [path("thu-giay-to/", form), *city]
