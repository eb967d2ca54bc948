"""Whether the register holds together: what people are found by says what their history says, homes have heads.

Reads everything, changes nothing, and names records by id and never by name.
"""

from collections.abc import Iterator

from django.db import connection

from motcua.law.names import search_key
from motcua.registry.facts import FACTS
from motcua.registry.models import ParkedIndex, Resident

_HEADLESS = """
    SELECT m.household_id FROM registry_member m WHERE m.valid_to IS NULL
     GROUP BY m.household_id HAVING count(*) FILTER (WHERE m.relation = 'head') <> 1
"""
_OTHER_TODAY = """
    SELECT s.resident_id FROM registry_statement s JOIN registry_resident r ON r.id = s.resident_id
     WHERE s.fact = %s AND s.known_to IS NULL AND s.valid_from <= current_date
       AND (s.valid_to IS NULL OR s.valid_to > current_date) AND {column} IS DISTINCT FROM s.value
"""
_TWICE_AT_HOME = """
    SELECT resident_id FROM registry_member WHERE valid_to IS NULL GROUP BY resident_id HAVING count(*) > 1
"""


def faults() -> Iterator[str]:
    """Everything that does not fit, one sentence each."""
    if parked := ParkedIndex.objects.count():
        yield f"{parked} chỉ mục đang thiếu / indexes are missing: motcua registry mend"
    for household in _column(_HEADLESS):
        yield f"hộ {household}: không có đúng một chủ hộ / household {household}: not one head"
    for resident in _column(_TWICE_AT_HOME):
        yield f"người {resident}: ở hai hộ / resident {resident}: in two households"
    for what, (number, shape, _name) in FACTS.items():
        column = f"to_jsonb(r.{what})" if shape in ("text", "sex", "birth") else f"r.{what}"
        for resident in _column(_OTHER_TODAY.format(column=column), number):
            yield f"người {resident}: {what} khác lịch sử / resident {resident}: {what} is not what history says"
    rows = Resident.objects.values_list("pk", "name", "name_key", "birth", "birth_year")
    for pk, name, key, birth, year in rows.iterator(10_000):
        if key != search_key(name) or year != int(birth[:4] or 0):
            yield f"người {pk}: không tìm được theo tên, năm / resident {pk}: not found by name and year"


def _column(query: str, *values: object) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]
