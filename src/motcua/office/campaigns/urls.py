"""Where the pages of campaigns are found."""

from django.urls import path

from motcua.office.campaigns import (
    answer_page,
    download,
    excel_pages,
    form_pages,
    lists,
    opening_page,
    rollup_pages,
    signing,
    term_pages,
)

urlpatterns = [
    path("thu-thap/", lists.campaigns_page, name="campaigns"),
    path("thu-thap/duyet/", signing.signing_page, name="campaign_signing"),
    path("thu-thap/mo/", opening_page.opening_page, name="campaign_open"),
    path("thu-thap/bieu/", form_pages.forms_page, name="campaign_forms"),
    path("thu-thap/bieu/moi/", form_pages.form_page, name="campaign_form_new"),
    path("thu-thap/bieu/<slug:code>/", form_pages.form_page, name="campaign_form"),
    path("thu-thap/phieu/<int:number>/", answer_page.answer_page, name="campaign_answer"),
    path("thu-thap/phieu/<int:number>/viec/", answer_page.act_page, name="campaign_act"),
    path("thu-thap/phieu/<int:number>/mau.xlsx", excel_pages.template_file, name="campaign_template"),
    path("thu-thap/phieu/<int:number>/excel/", excel_pages.upload, name="campaign_upload"),
    path("thu-thap/phieu/<int:number>/excel/<int:sent>/", excel_pages.verdict_page, name="campaign_verdict"),
    path("thu-thap/<int:number>/", rollup_pages.rollup_page, name="campaign"),
    path("thu-thap/<int:number>/o/", rollup_pages.cell_page, name="campaign_cell"),
    path("thu-thap/<int:number>/tre/", rollup_pages.late_page, name="campaign_late"),
    path("thu-thap/<int:number>/doi-han/", term_pages.move_page, name="campaign_move"),
    path("thu-thap/<int:number>/dong/", term_pages.close_page, name="campaign_close"),
    path("thu-thap/<int:number>/mo-lai/", term_pages.reopen_page, name="campaign_reopen"),
    path("thu-thap/<int:number>/tai/", download.download, name="campaign_download"),
]
