"""Where the counter's pages are found."""

from django.urls import path

from motcua.office.counter import (
    accepting,
    book,
    counter,
    done,
    handover_list,
    intake,
    online,
    post,
    printing,
    results,
)

urlpatterns = [
    path("tiep-nhan/", counter.counter, name="counter"),
    path("tiep-nhan/truc-tuyen/", online.online, name="online"),
    path("tiep-nhan/xong/<int:dossier_id>/", done.intake_done, name="intake_done"),
    path("tiep-nhan/cho/<int:dossier_id>/", accepting.accept_waiting, name="accept_waiting"),
    path("tiep-nhan/<str:code>/", intake.intake, name="intake"),
    path("ho-so/<int:dossier_id>/in/<slug:form>/", printing.paper, name="paper"),
    path("ban-giao/in/", handover_list.handover_list, name="handover_list"),
    path("tra-ket-qua/", results.results, name="results"),
    path("buu-chinh/", post.deliveries, name="post"),
    path("so-theo-doi/", book.book, name="book"),
    path("so-theo-doi/in/", book.book_print, name="book_print"),
]
