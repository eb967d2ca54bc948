"""People of the register for the tests. No province has the number 000, so nobody is called this."""

from datetime import date
from typing import Any

from motcua.registry.models import Resident
from motcua.registry.record import Source, first_record

MOTHER, FATHER, CHILD = "000187000001", "000085000002", "000218000003"


def person(number: str = MOTHER, **facts: Any) -> Resident:
    """Somebody first recorded with a few facts."""
    given = {
        "name": "Nguyễn Thị Mẫu", "sex": "female", "birth": "1987-03-04", "ethnicity": "Kinh",
        "permanent": {"text": "Số 5 Nghĩa Dũng", "commune": "00001", "catalogue": "2018"},
    }  # fmt: skip
    return first_record(number, given | facts, Source("test"), since=date(2010, 1, 1))
