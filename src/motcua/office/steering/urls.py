"""Where the pages of the city's desk are found."""

from django.urls import URLPattern, path

from motcua.office.steering import (
    alerts,
    desk,
    digests,
    dossiers,
    reform,
    reform_files,
    saved,
    spent,
    target_setting,
    targets,
)

urlpatterns: list[URLPattern] = [
    path("ban-dieu-hanh/", desk.desk_of_city, name="desk_of_city"),
    path("ban-dieu-hanh/ho-so/", dossiers.desk_dossiers, name="desk_dossiers"),
    path("ban-dieu-hanh/thoi-gian/", spent.desk_spent, name="desk_spent"),
    path("ban-dieu-hanh/khung-nhin/", saved.save_view, name="desk_save_view"),
    path("ban-dieu-hanh/canh-bao/", alerts.desk_alerts, name="desk_alerts"),
    path("ban-dieu-hanh/canh-bao/<int:number>/", alerts.desk_firing, name="desk_firing"),
    path("ban-dieu-hanh/canh-bao/<int:number>/tat/", alerts.switch_off_alert, name="desk_switch_off_alert"),
    path("ban-dieu-hanh/ban-tin/", digests.desk_digests, name="desk_digests"),
    path("ban-dieu-hanh/ban-tin/xem/", digests.desk_digest_preview, name="desk_digest_preview"),
    path("ban-dieu-hanh/ban-tin/<int:number>/", digests.desk_issue, name="desk_issue"),
    path("chi-tieu/", targets.target_board, name="targets"),
    path("chi-tieu/giao/", target_setting.target_set, name="target_new"),
    path("chi-tieu/gia-tri/<int:number>/ky/", targets.target_sign, name="target_sign"),
    path("chi-tieu/gia-tri/<int:number>/tep/", targets.target_file, name="target_file"),
    path("chi-tieu/<slug:code>/", targets.target_page, name="target"),
    path("chi-tieu/<slug:code>/bao-cao/", targets.target_report, name="target_report"),
    path("chi-tieu/<slug:code>/giao/", target_setting.target_set, name="target_set"),
    path("cai-cach/", reform.reform_assessments, name="reform_assessments"),
    path("cai-cach/<int:number>/", reform.reform_assessment, name="reform_assessment"),
    path("cai-cach/<int:number>/bang.<str:kind>", reform_files.reform_file, name="reform_file"),
    path("cai-cach/tep/<int:number>/", reform.reform_evidence, name="reform_evidence"),
]
