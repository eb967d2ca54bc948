"""Where the residents' pages for paying are found, and where providers tell what came in."""

from django.urls import path

from motcua.portal.paying import hearing, paying

urlpatterns = [
    path("cua-toi/thanh-toan/<uuid:token>/", paying.pay, name="pay"),
    path("cua-toi/thanh-toan/<uuid:token>/bat-dau/", paying.begin, name="begin_payment"),
    path("cua-toi/thanh-toan/<uuid:token>/tinh-trang/", paying.standing, name="payment_standing"),
    path("cua-toi/thanh-toan/<uuid:token>/ma-qr.png", paying.picture, name="payment_picture"),
    path("cua-toi/thanh-toan/<uuid:token>/bien-lai/<int:receipt>/", paying.receipt, name="payment_receipt"),
    path("theo-doi/<str:token>/nop-tien/", paying.pay_by_token, name="pay_by_token"),
    path("thu-tien/<slug:channel>/", hearing.hear, name="provider_message"),
]
