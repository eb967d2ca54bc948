"""A worker of the tests: issues digests that are due and mails them until it is killed.

python issuer.py NOW
"""

import os
import sys
import time
from datetime import datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")

import django

django.setup()

from motcua.notices import sending  # noqa: E402 - Django is ready only now
from motcua.steering import digests  # noqa: E402

NOW = datetime.fromisoformat(sys.argv[1])
sys.stdout.write("ready\n")
sys.stdout.flush()
while True:
    issued = digests.run_due(NOW)
    sent = sending.send_email()
    if not issued and not sent:
        time.sleep(0.02)
