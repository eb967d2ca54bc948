"""A worker of the tests: sends one channel's messages until it is killed.

python sender.py sms
"""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")

import django

django.setup()

from motcua.notices import sending  # noqa: E402 - Django is ready only now

sys.stdout.write("ready\n")
sys.stdout.flush()
while True:
    if not sending.send(sys.argv[1], batch=int(sys.argv[2]) if len(sys.argv) > 2 else sending.BATCH):
        time.sleep(0.02)
