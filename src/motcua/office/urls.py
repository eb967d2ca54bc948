"""Where the office's pages are found: counter, desk and control each keep their own."""

from motcua.office.control.urls import urlpatterns as control
from motcua.office.counter.urls import urlpatterns as counter
from motcua.office.desk.urls import urlpatterns as desk
from motcua.office.people.urls import urlpatterns as people

app_name = "office"
urlpatterns = [*desk, *counter, *control, *people]
