"""The connections of a process: what is asked of the database once for all of its threads."""

import os
import subprocess
import sys
import textwrap

from cities import ROOT, City

SCRIPT = textwrap.dedent("""
    import threading
    import django
    django.setup()
    from django.db import connection
    from motcua.site.databases import with_one_processor

    def show():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('max_parallel_workers_per_gather'), current_setting('jit')")
            print(*cursor.fetchone())

    show()
    with_one_processor()
    show()
    other = threading.Thread(target=show)
    other.start()
    other.join()
""")


def test_every_statement_of_the_worker_takes_one_processor_in_whatever_thread(fresh_city: City) -> None:
    environment = os.environ | {"DATABASE_URL": fresh_city.dsn, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": ""}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True)
    before, *after = done.stdout.splitlines()
    assert before != "0 off"
    assert after == ["0 off", "0 off"]
