"""Where the pages for signing up, signing in, one's account are found."""

from django.urls import URLPattern, path

from motcua.portal.account import authority, entering, own, provider_login

OWN = "cua-toi/tai-khoan/"
urlpatterns: list[URLPattern] = [
    path("cong-dan/dang-nhap/", entering.sign_in, name="sign_in"),
    path("cong-dan/khoa-truy-cap/", entering.PasskeyLogin.as_view(), name="passkey"),
    path("cong-dan/dinh-danh/<slug:provider>/", provider_login.go, name="provider"),
    path("cong-dan/dang-ky/", entering.sign_up, name="sign_up"),
    path("cong-dan/dang-ky/<uuid:key>/", entering.sign_up_code, name="sign_up_code"),
    path("cong-dan/quen-mat-khau/", entering.forgotten, name="forgotten"),
    path("cong-dan/quen-mat-khau/<uuid:key>/", entering.new_password, name="new_password"),
    path(OWN, own.account, name="account"),
    path(f"{OWN}dinh-danh/", own.identity, name="identity"),
    path(f"{OWN}lien-he/<slug:which>/", own.contact, name="contact"),
    path(f"{OWN}lien-he/<slug:which>/bo/", own.contact_remove, name="contact_remove"),
    path(f"{OWN}lien-he/<slug:which>/<uuid:key>/", own.contact_code, name="contact_code"),
    path(f"{OWN}noi-dang-nhap/", own.sessions_page, name="sessions"),
    path(f"{OWN}lich-su/", own.history, name="history"),
    path(f"{OWN}xoa/", own.leave, name="leave"),
    path(f"{OWN}uy-quyen/", authority.authorities, name="authorities"),
    path(f"{OWN}uy-quyen/con/", authority.children, name="children"),
    path(f"{OWN}uy-quyen/<int:authority>/thu-hoi/", authority.revoke, name="revoke_authority"),
    path(f"{OWN}lam-thay/", authority.act_for, name="act_for"),
]
