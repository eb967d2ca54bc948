"""What the demonstration records for one quarter of the visitor's commune, so that a grade can be seen.

The agency's leader records indices 5, 6 and 8 of the last report quarter that is over; the city's control corrects
the last one, beside it. All of it is made up and says so.
"""

from datetime import timedelta

from motcua.dossiers import clock
from motcua.law.actor import Actor
from motcua.law.recorded_scores import AtTheCounter, Feedback, Publication
from motcua.law.refusal import Refusal
from motcua.organisation.directory import directory
from motcua.reports import periods
from motcua.site import demo_city
from motcua.statutory import recording
from motcua.statutory.recording import Entry

NOT_AT_THE_COUNTER = 4


def record(staff: demo_city.Staff) -> None:
    """The commune's own record, and the city's correction of it."""
    commune, now = demo_city.communes(demo_city.MAIN_DISTRICT)[0], clock.now()
    period = periods.latest_over(now, "quarter", report=True)
    offered = recording.offered(commune, period.last_day)

    def put(actor: Actor, *entries: Entry) -> None:
        answer = recording.record(actor, commune, period, entries, now)
        if isinstance(answer, Refusal):
            raise RuntimeError(answer.text.en)

    put(
        staff(commune, "leader"),
        Entry(AtTheCounter(max(0, offered - NOT_AT_THE_COUNTER), offered), "Dữ liệu mẫu: danh mục 05/QĐ-UBND"),
        Entry(
            Publication(posted=True, correct=True, inspected_on=period.last_day - timedelta(days=9)),
            "Dữ liệu mẫu: biên bản kiểm tra niêm yết 12/BB",
        ),
        Entry(Feedback(received=12, on_time=12, prolonged=0), "Dữ liệu mẫu: sổ tiếp nhận phản ánh, kiến nghị"),
    )
    put(
        staff(directory().by_code["HN"].number, "control"),
        Entry(
            Feedback(received=12, on_time=11, prolonged=0),
            "Dữ liệu mẫu: đối chiếu sổ, một phản ánh trả lời sau hạn 2 ngày",
        ),
    )
