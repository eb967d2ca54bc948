"""Open data for people and machines: the catalogue, a page a dataset, and the files, each at an address that stays.

A file of a version is answered as it was published, to anybody and any site, and may be kept for ever; `latest`
leads to the newest. Nothing is counted here: the pages show what was published.
"""

import mimetypes
import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.files import serving
from motcua.law.texts import Text
from motcua.opendata import catalogue, linked
from motcua.opendata.catalogue import Published, path_of_file
from motcua.opendata.definitions import Column, Dataset, datasets
from motcua.opendata.encoding import DICTIONARY, dictionary
from motcua.opendata.models import Release, ReleaseFile
from motcua.opendata.publishing import with_rule
from motcua.reports.periods import parse

FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"
SHOWN_VERSIONS = 60
_VERSION = re.compile(r"v([1-9]\d{0,5})")


def _said(text: Text) -> str:
    return text.within(get_language() or "vi")


@require_safe
def datasets_page(request: HttpRequest) -> HttpResponse:
    """Every dataset, in words, with its newest files."""
    known = catalogue.published()
    context = {
        "datasets": [_card(each) for each in known],
        "licence": settings.MOTCUA_OPENDATA_LICENCE,
        "licence_name": settings.MOTCUA_OPENDATA_LICENCE_NAME,
        "publisher": settings.MOTCUA_OPENDATA_PUBLISHER,
        "changed": catalogue.changed_at(known),
        "crumbs": [(_("Số liệu thành phố"), reverse("city:city")), (_("Dữ liệu mở"), None)],
    }
    return render(request, "city/datasets.html", context)


def _card(one: Published) -> dict[str, Any]:
    newest = one.newest
    return {
        "name": _said(one.dataset.name),
        "description": _said(one.dataset.description),
        "href": catalogue.path_of_dataset(one.dataset.code),
        "period": _said(parse(newest.period).name) if newest else "",
        "files": _files(newest) if newest else [],
        "periods": len({each.period for each in one.releases}),
    }


def _files(release: Release) -> list[dict[str, Any]]:
    names = {"csv": "CSV", "json": "JSON", "parquet": "Parquet", "dictionary": _("từ điển"), "checksums": "SHA-256"}
    return [
        {"name": names[each.format], "href": path_of_file(release, each.name), "size": each.size, "digest": each.digest}
        for each in release.files.all()
    ]


@require_safe
def dataset_page(request: HttpRequest, code: str) -> HttpResponse:
    """One dataset: what it is, every column, how small cells are hidden, every version with its files."""
    dataset = _dataset(code)
    one = catalogue.published(code)[0]
    context = {
        "name": _said(dataset.name),
        "description": _said(dataset.description),
        "code": code,
        "facts": [
            (_("Mỗi dòng"), _said(dataset.grain)),
            (_("Căn cứ"), _said(dataset.ground)),
            (_("Ô nhỏ"), _said(with_rule(dataset.rule))),
            (_("Giấy phép"), settings.MOTCUA_OPENDATA_LICENCE_NAME),
            (_("Nơi công bố"), settings.MOTCUA_OPENDATA_PUBLISHER),
        ],
        "columns": [_column(each) for each in dataset.columns],
        "versions": [_version(each) for each in one.releases[:SHOWN_VERSIONS]],
        "more": max(0, len(one.releases) - SHOWN_VERSIONS),
        "dictionary": reverse("opendata:dictionary", args=[code]),
        "latest": [
            (name, reverse("opendata:latest", args=[code, form]))
            for name, form in (("CSV", "csv"), ("JSON", "json"), ("Parquet", "parquet"))
        ] if one.newest else [],
        "crumbs": [(_("Dữ liệu mở"), reverse("opendata:datasets")), (_said(dataset.name), None)],
    }  # fmt: skip
    return render(request, "city/dataset.html", context)


def _column(column: Column) -> dict[str, Any]:
    kinds = {
        "text": _("chữ"), "count": _("số đếm"), "decimal": _("số thập phân"), "share": _("tỷ lệ, 0 đến 1"),
        "minutes": _("phút"), "date": _("ngày"), "instant": _("thời điểm"), "flag": _("đúng hoặc sai"),
    }  # fmt: skip
    return {
        "key": column.key, "title": _said(column.title), "kind": kinds[column.type],
        "definition": _said(with_rule(column.definition)), "hides": column.hides,
    }  # fmt: skip


def _version(release: Release) -> dict[str, Any]:
    return {
        "period": _said(parse(release.period).name),
        "version": release.version,
        "published_at": release.published_at,
        "complete_until": release.complete_until,
        "rows": release.rows,
        "hidden": len(release.hidden),
        "note": _said(Text(release.note_vi, release.note_en)),
        "files": _files(release),
    }


def _dataset(code: str) -> Dataset:
    found = datasets().get(code)
    if found is None:
        raise Http404
    return found


@require_safe
def file(request: HttpRequest, code: str, period: str, version: str, name: str) -> HttpResponseBase:
    """One file of one version: whole, or a part, or 304 for who has it. One query."""
    number = _VERSION.fullmatch(version)
    if number is None or "\x00" in period + name:
        raise Http404
    kept = ReleaseFile.objects.filter(
        release__dataset=code, release__period=period, release__version=int(number[1]), name=name
    ).first()
    if kept is None:
        raise Http404
    answer = serving.answer(request, kept.digest, kept.media_type, kept.name)
    answer["Cache-Control"] = FOR_EVER
    return _for_anybody(answer)


@require_safe
def latest(request: HttpRequest, code: str, form: str, period: str = "") -> HttpResponseBase:
    """Leads to the newest version of a format, of the newest period or of the one named."""
    if "\x00" in period:
        raise Http404
    found = ReleaseFile.objects.filter(release__dataset=code, format=form)
    if period:
        found = found.filter(release__period=period)
    kept = found.select_related("release").order_by("-release__last", "-release__version").first()
    if kept is None:
        raise Http404
    answer = HttpResponseRedirect(path_of_file(kept.release, kept.name))
    answer["Cache-Control"] = "no-cache"
    return _for_anybody(answer)


@require_safe
def dictionary_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """Every column of a dataset as it is explained now, as CSV."""
    return _text(dictionary(_dataset(code)), mimetypes.types_map[".csv"], f"{code}-{DICTIONARY}")


@require_safe
def catalogue_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The catalogue as linked data (DCAT-AP)."""
    things = catalogue.description(catalogue.published())
    if form == "ttl":
        return _text(linked.turtle(things).encode(), "text/turtle", "")
    return _text(linked.json_ld(things).encode(), "application/ld+json", "")


def _text(data: bytes, media: str, name: str) -> HttpResponseBase:
    answer = HttpResponse(data, content_type=f"{media}; charset=utf-8")
    if name:
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = A_WHILE
    return _for_anybody(answer)


def _for_anybody(answer: HttpResponseBase) -> HttpResponseBase:
    """Any site may read it: nothing in it depends on who asks, and no cookie is sent or set."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Expose-Headers"] = "ETag, Content-Range, Accept-Ranges, Content-Length"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
