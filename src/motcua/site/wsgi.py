"""The web server's way in."""

import multiprocessing
import os

from django.core.wsgi import get_wsgi_application

from motcua.site.running import leave_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")

if multiprocessing.parent_process() is not None:
    # A worker whose server was killed would go on answering at the same port, unwatched.
    leave_with_parent()

application = get_wsgi_application()
