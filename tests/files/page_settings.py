"""The city's settings with one more page: a form with the question that takes files."""

from motcua.site.settings import *  # noqa: F403

ROOT_URLCONF = "files.page_urls"
