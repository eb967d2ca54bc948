"""Where the pages for results: one's own, and checking anybody's are found."""

from django.urls import path

from motcua.portal.results import certificates, mine, verifying

urlpatterns = [
    path("xac-minh/", verifying.ask, name="check_result"),
    path("xac-minh/chia-se/<str:token>/", verifying.shared, name="shared_result"),
    path("xac-minh/<str:code>/", verifying.result, name="checked_result"),
    path("xac-minh/<str:code>/chung-cu.json", verifying.proof, name="result_proof"),
    path("cua-toi/ket-qua/", mine.results, name="my_results"),
    path("cua-toi/ket-qua/du-thao/<int:dossier_id>/", mine.draft, name="my_result_draft"),
    path("cua-toi/ket-qua/<str:code>/", mine.result, name="my_result"),
    path("cua-toi/ket-qua/<str:code>/tep/", mine.download, name="my_result_file"),
    path("cua-toi/ket-qua/<str:code>/chia-se/", mine.share, name="share_result"),
    path("cua-toi/ket-qua/<str:code>/ngung-chia-se/", mine.end_share, name="end_share"),
    path("chung-thu/goc.crt", certificates.root, name="certificate_root"),
    path("chung-thu/thu-hoi.crl", certificates.crl, name="certificate_crl"),
    path("chung-thu/ocsp", certificates.ocsp, name="certificate_ocsp"),
    path("chung-thu/ocsp/<path:asked>", certificates.ocsp, name="certificate_ocsp_get"),
]
