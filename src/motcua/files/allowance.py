"""How much one person and one bundle may have on its way in: sums that are raised and lowered, never counted.

Raising is one statement that does nothing when the sum would go beyond its bound, so fifty creations at once
cannot pass it together. The person's row is always locked before the bundle's. What counts is left to `uploads`.
"""

from django.conf import settings
from django.db import connection, transaction

from motcua.files.models import Allowance
from motcua.files.refusals import UploadRefusedError

MB = 1024 * 1024

_RAISE = """
    INSERT INTO files_allowance AS a (key, bytes, number, day, begun)
    SELECT %(key)s, %(bytes)s, 1, CURRENT_DATE, 1
     WHERE %(bytes)s <= %(most_bytes)s AND 1 <= %(most)s
    ON CONFLICT (key) DO UPDATE
       SET bytes = a.bytes + %(bytes)s, number = a.number + 1, day = CURRENT_DATE,
           begun = CASE WHEN a.day = CURRENT_DATE THEN a.begun + 1 ELSE 1 END
     WHERE a.bytes + %(bytes)s <= %(most_bytes)s AND a.number < %(most)s
       AND (a.day IS DISTINCT FROM CURRENT_DATE OR a.begun < %(a_day)s)
    RETURNING 1
"""

_LOWER = """
    UPDATE files_allowance SET bytes = greatest(bytes - %(bytes)s, 0), number = greatest(number - %(number)s, 0)
     WHERE key = %(key)s
"""


def keys_of(account: int, bundle: str) -> tuple[str, ...]:
    """The rows that one upload counts in: its person's, and its bundle's."""
    return (str(account), f"{account}/{bundle}") if bundle else (str(account),)


def reserve(account: int, bundle: str, size: int) -> None:
    """Counts one upload of `size` bytes, or raises UploadRefusedError and counts nothing."""
    if size > settings.MOTCUA_UPLOAD_LARGEST:
        raise UploadRefusedError("too_large", {"limit": settings.MOTCUA_UPLOAD_LARGEST // MB})
    of_person, of_bundle = settings.MOTCUA_UPLOADS_OF_PERSON, settings.MOTCUA_UPLOADS_OF_BUNDLE
    a_day = settings.MOTCUA_UPLOADS_A_DAY
    with transaction.atomic():
        if not _raised(str(account), size, of_person, a_day):
            raise UploadRefusedError(_why(str(account), a_day))
        if bundle and not _raised(f"{account}/{bundle}", size, of_bundle, a_day):
            raise UploadRefusedError("bundle_full")


def _raised(key: str, size: int, most: tuple[int, int], a_day: int) -> bool:
    with connection.cursor() as cursor:
        values: dict[str, str | int] = {"key": key, "bytes": size, "a_day": a_day}
        cursor.execute(_RAISE, values | {"most_bytes": most[0], "most": most[1]})
        return cursor.fetchone() is not None


def _why(key: str, a_day: int) -> str:
    row = Allowance.objects.filter(pk=key).extra(where=["day = CURRENT_DATE"]).first()
    return "too_many_today" if row is not None and row.begun >= a_day else "person_full"


def release(account: int, bundle: str, size: int, number: int = 1) -> None:
    """Gives back what `number` uploads of `size` bytes together had reserved."""
    with transaction.atomic(), connection.cursor() as cursor:
        for key in keys_of(account, bundle):
            cursor.execute(_LOWER, {"key": key, "bytes": size, "number": number})
