"""Where the pages for signing up, signing in, one's account are found."""

from django.urls import URLPattern, path

from motcua.portal.account import entering

urlpatterns: list[URLPattern] = [
    path("cong-dan/dang-nhap/", entering.sign_in, name="sign_in"),
]
