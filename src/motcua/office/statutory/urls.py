"""Where the pages of the state's forms, scores and index are found."""

from django.urls import path

from motcua.office.statutory import (
    index_page,
    issued_pages,
    lists_page,
    report_page,
    score_withdrawal,
    scores_pages,
    scores_recording,
)

urlpatterns = [
    path("bao-cao/", report_page.statutory, name="statutory"),
    path("bao-cao/tep/<str:kind>/", report_page.statutory_file, name="statutory_file"),
    path("bao-cao/ho-so/", lists_page.statutory_list, name="statutory_list"),
    path("bao-cao/thu-tuc/", report_page.statutory_processes, name="statutory_processes"),
    path("bao-cao/phat-hanh/", issued_pages.statutory_issue, name="statutory_issue"),
    path("bao-cao/da-phat-hanh/", issued_pages.statutory_issued, name="statutory_issued"),
    path("bao-cao/da-phat-hanh/<int:number>/", issued_pages.statutory_one, name="statutory_one"),
    path("diem/", scores_pages.scores, name="scores"),
    path("diem/can-bo/<int:account>/", scores_pages.officer_scores, name="officer_scores"),
    path("diem/ho-so/", scores_pages.scored_list, name="scored_list"),
    path("diem/ghi-nhan/", scores_recording.scores_record, name="scores_record"),
    path("diem/rut-lai/", score_withdrawal.score_withdraw, name="score_withdraw"),
    path("diem/minh-chung/<int:number>/", scores_recording.score_evidence, name="score_evidence"),
    path("chi-so-766/", index_page.index_766, name="index_766"),
    path("chi-so-766/khac-nhau/", index_page.index_differences, name="index_differences"),
]
