"""A worker of the tests: makes lists until it is killed."""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")

import django

django.setup()

from exports import sources  # noqa: E402 - Django is ready only now
from motcua.exports import making  # noqa: E402

sources.declare()
making.SECONDS_BETWEEN_STEPS = 0.05
making.ROWS_BETWEEN_LOOKS = 5
sys.stdout.write("ready\n")
sys.stdout.flush()
while True:
    if not making.work():
        time.sleep(0.05)
