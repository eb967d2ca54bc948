"""Where the pages for filling in and handing in online are found."""

from django.urls import URLPattern, path

from motcua.portal.filing import ending, opening, saving, wizard

urlpatterns: list[URLPattern] = [
    path("nop-ho-so/", opening.list_drafts, name="drafts"),
    path("nop-ho-so/<str:code>/", opening.begin, name="file"),
    path("nop-ho-so/to/<uuid:draft>/", wizard.open_draft, name="draft"),
    path("nop-ho-so/to/<uuid:draft>/luu.json", saving.draft_json, name="draft_json"),
    path("nop-ho-so/to/<uuid:draft>/da-nop/", ending.filed, name="filed"),
    path("nop-ho-so/to/<uuid:draft>/bo/", opening.discard, name="discard_draft"),
    path("nop-ho-so/to/<uuid:draft>/tep/<str:digest>/", ending.draft_file, name="draft_file"),
    path("nop-ho-so/to/<uuid:draft>/<slug:step>/", wizard.step, name="draft_step"),
]
