"""Where the pages for what a resident sees of their own dossiers are found."""

from django.urls import URLPattern, path

from motcua.portal.mine import acting, dossier, home, rating, receiving, supplementing

urlpatterns: list[URLPattern] = [
    path("cua-toi/", home.mine, name="mine"),
    path("cua-toi/ho-so/<int:dossier_id>/", dossier.my_dossier, name="my_dossier"),
    path("cua-toi/ho-so/<int:dossier_id>/bo-sung/", supplementing.my_supplement, name="my_supplement"),
    path("cua-toi/ho-so/<int:dossier_id>/du-thao/", acting.my_draft, name="my_draft"),
    path("cua-toi/ho-so/<int:dossier_id>/rut/", acting.my_withdrawal, name="my_withdrawal"),
    path("cua-toi/ho-so/<int:dossier_id>/danh-gia/", rating.my_rating, name="my_rating"),
    path("cua-toi/ho-so/<int:dossier_id>/tep/<str:digest>/", dossier.my_file, name="my_file"),
    path("cua-toi/ho-so/<int:dossier_id>/nhan-ket-qua/", receiving.my_delivery, name="my_delivery"),
    path("danh-gia/<str:token>/", rating.rate_by_link, name="rate_by_link"),
]
