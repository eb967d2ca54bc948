"""Where the residents' pages are found. Open to everybody: each shows only what the law makes public."""

from django.urls import path

from motcua.portal import following, procedures, receipts, seals
from motcua.portal.account.urls import urlpatterns as account
from motcua.portal.data.urls import urlpatterns as data
from motcua.portal.filing.urls import urlpatterns as filing
from motcua.portal.mine.urls import urlpatterns as mine
from motcua.portal.offline.urls import urlpatterns as offline
from motcua.portal.paying.urls import urlpatterns as paying
from motcua.portal.results.urls import urlpatterns as results
from motcua.portal.telling.urls import urlpatterns as telling

app_name = "portal"
urlpatterns = [
    *account,
    *data,
    *filing,
    *mine,
    *offline,
    *paying,
    *results,
    *telling,
    path("", procedures.home, name="home"),
    path("tim/", procedures.search, name="search"),
    path("viec-trong-doi/<str:code>/", procedures.life_event, name="life_event"),
    path("thu-tuc/<str:code>/", procedures.procedure, name="procedure"),
    path("theo-doi/", following.find, name="find"),
    path("theo-doi/<str:token>/", following.follow, name="follow"),
    path("theo-doi/<str:token>/chung-cu.json", seals.proof, name="proof"),
    path("niem-phong/", seals.seals, name="seals"),
    path("niem-phong/ngay/", seals.days, name="seal_days"),
    path("niem-phong/ngay/<str:written>/", seals.day, name="seal_day"),
    path("niem-phong/kiem-tra/", receipts.check, name="check_receipt"),
    path("niem-phong/khoa-cong-khai.json", seals.public_key, name="public_key"),
    path("niem-phong/danh-sach.jsonl", seals.published, name="published"),
]
