"""Where open data is found. Open to everybody; the addresses of versions were promised to stay."""

from django.urls import path

from motcua.city import dataset_pages

app_name = "opendata"
urlpatterns = [
    path("", dataset_pages.datasets_page, name="datasets"),
    path("danh-muc.jsonld", dataset_pages.catalogue_file, {"form": "jsonld"}, name="catalogue_jsonld"),
    path("danh-muc.ttl", dataset_pages.catalogue_file, {"form": "ttl"}, name="catalogue_turtle"),
    path("<slug:code>/", dataset_pages.dataset_page, name="dataset"),
    path("<slug:code>/tu-dien.csv", dataset_pages.dictionary_file, name="dictionary"),
    path("<slug:code>/moi-nhat.<slug:form>", dataset_pages.latest, name="latest"),
    path("<slug:code>/<str:period>/moi-nhat.<slug:form>", dataset_pages.latest, name="latest_of_period"),
    path("<slug:code>/<str:period>/<str:version>/<str:name>", dataset_pages.file, name="file"),
]
