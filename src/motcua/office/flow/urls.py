"""Where the pages of the flow are found."""

from django.urls import path

from motcua.office.flow import files, risk, ways, whatif

urlpatterns = [
    path("thoi-gian/duong-di/", ways.flow_ways, name="flow_ways"),
    path("thoi-gian/duong-di/ho-so/", ways.flow_ways_list, name="flow_ways_list"),
    path("thoi-gian/thu-doi/", whatif.flow_whatif, name="flow_whatif"),
    path("thoi-gian/thu-doi/ho-so/", whatif.flow_whatif_list, name="flow_whatif_list"),
    path("thoi-gian/nguy-co/", risk.flow_risk, name="flow_risk"),
    path("thoi-gian/du-bao/", risk.flow_model, name="flow_model"),
    path("thoi-gian/quy-trinh.bpmn", files.flow_bpmn, name="flow_bpmn"),
    path("thoi-gian/doc-bpmn/", files.flow_read, name="flow_read"),
    path("thoi-gian/nhat-ky.xes", files.flow_log_xes, name="flow_log_xes"),
    path("thoi-gian/nhat-ky.ocel.json", files.flow_log_ocel, name="flow_log_ocel"),
]
