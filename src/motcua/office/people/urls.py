"""Where the pages about people, posts and accounts are found."""

from django.urls import path

from motcua.office.people import account_pages, delegating, my_account, posts

urlpatterns = [
    path("uy-quyen/", delegating.delegate_page, name="delegate"),
    path("uy-quyen/<int:delegation>/thu-hoi/", delegating.revoke_page, name="revoke"),
    path("con-nguoi/", posts.people, name="people"),
    path("con-nguoi/bo-nhiem/<int:agency>/", posts.appoint_page, name="appoint"),
    path("con-nguoi/vi-tri/<int:appointment>/ket-thuc/", posts.end_post, name="end_post"),
    path("con-nguoi/tai-khoan-moi/<int:agency>/", account_pages.new_account, name="new_account"),
    path("con-nguoi/tai-khoan/<int:account>/", account_pages.person, name="person"),
    path("tai-khoan/", my_account.my_account, name="my_account"),
]
