"""Where the pages for how a resident wants to be told are found."""

from django.urls import URLPattern, path

from motcua.portal.telling import browsers, inbox, receipts, wishes

urlpatterns: list[URLPattern] = [
    path("cua-toi/thong-bao/", inbox.my_inbox, name="my_inbox"),
    path("cua-toi/thong-bao/<int:number>/", inbox.open_entry, name="my_inbox_entry"),
    path("cua-toi/thong-bao/cach-bao-tin/", wishes.my_wishes, name="my_wishes"),
    path("cua-toi/thong-bao/trinh-duyet/", browsers.my_browsers, name="my_browsers"),
    path("bien-nhan-tin/<slug:provider>/", receipts.receive, name="notice_receipts"),
]
