"""Argon2id sized for the opening minute: five hundred people sign in at once on two cores, and memory holds.

The numbers are those of OWASP's password storage sheet (19 MiB, two passes, one lane). Django's own default takes
100 MB and eight lanes for each sign-in. A password kept under other numbers is hashed again when it is next used.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class SizedArgon2(Argon2PasswordHasher):
    """19 MiB, two passes, one lane."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
