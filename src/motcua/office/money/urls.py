"""Where the office's pages for money: receipts, refunds, settlement are found."""

from django.urls import path

from motcua.office.money import day, owed_back, receipts, settlement, taking

urlpatterns = [
    path("tien/", day.takings, name="money"),
    path("tien/ket/", day.close, name="close_drawer"),
    path("tien/bien-lai.csv", day.export, name="receipts_csv"),
    path("tien/thu/<int:dossier_id>/", taking.take, name="take_money"),
    path("tien/bien-lai/<int:number>/", receipts.receipt, name="fee_receipt"),
    path("tien/bien-lai/<int:number>/in/", receipts.printed, name="fee_receipt_pdf"),
    path("tien/hoan/", owed_back.owed_back, name="refunds"),
    path("tien/cho-doi-chieu/", owed_back.suspense, name="suspense"),
    path("tien/doi-soat/", settlement.settlement, name="settlement"),
    path("tien/doi-soat/<int:number>/", settlement.statement, name="statement"),
]
