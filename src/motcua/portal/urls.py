"""Where the residents' pages are found. Open to everybody: each shows only what the law makes public."""

from django.urls import path

from motcua.portal import following, procedures, seals

app_name = "portal"
urlpatterns = [
    path("", procedures.home, name="home"),
    path("tim/", procedures.search, name="search"),
    path("viec-trong-doi/<str:code>/", procedures.life_event, name="life_event"),
    path("thu-tuc/<str:code>/", procedures.procedure, name="procedure"),
    path("theo-doi/", following.find, name="find"),
    path("theo-doi/<str:token>/", following.follow, name="follow"),
    path("theo-doi/<str:token>/chung-cu.json", seals.proof, name="proof"),
    path("niem-phong/", seals.seals, name="seals"),
    path("niem-phong/khoa-cong-khai.json", seals.public_key, name="public_key"),
    path("niem-phong/danh-sach.jsonl", seals.published, name="published"),
]
