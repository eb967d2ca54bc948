"""Where the office's pages are found: counter, desk and control each keep their own."""

from django.urls import path

from motcua.office import figures_hub
from motcua.office.campaigns.urls import urlpatterns as campaigns
from motcua.office.control.urls import urlpatterns as control
from motcua.office.counter.urls import urlpatterns as counter
from motcua.office.desk.urls import urlpatterns as desk
from motcua.office.exports.urls import urlpatterns as exports
from motcua.office.flow.urls import urlpatterns as flow
from motcua.office.kpis.urls import urlpatterns as kpis
from motcua.office.money.urls import urlpatterns as money
from motcua.office.people.urls import urlpatterns as people
from motcua.office.ratings.urls import urlpatterns as ratings
from motcua.office.register.urls import urlpatterns as register
from motcua.office.residents.urls import urlpatterns as residents
from motcua.office.statutory.urls import urlpatterns as statutory
from motcua.office.steering.urls import urlpatterns as steering
from motcua.office.telling.urls import urlpatterns as telling

app_name = "office"
urlpatterns = [
    path("so-lieu/", figures_hub.figures_page, name="figures"),
    *desk,
    *counter,
    *control,
    *exports,
    *flow,
    *kpis,
    *people,
    *money,
    *ratings,
    *register,
    *residents,
    *steering,
    *statutory,
    *telling,
    *campaigns,
]
