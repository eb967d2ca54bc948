"""Where the counter's pages for residents' accounts are found."""

from django.urls import URLPattern, path

from motcua.office.residents import authorities, proving

urlpatterns: list[URLPattern] = [
    path("dinh-danh/", proving.prove, name="prove_resident"),
    path("lam-thay/", authorities.authorities, name="resident_authorities"),
    path("lam-thay/<int:authority>/thu-hoi/", authorities.revoke, name="revoke_resident_authority"),
]
