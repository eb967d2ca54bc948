"""Two campaigns of the demonstration city: one past its date with two communes late, one that still runs.

Everything goes through the room's own verbs, at made-up hours, with made-up figures.
"""

import random
from datetime import date, datetime, timedelta

from motcua.campaigns import answering, forms, opening
from motcua.campaigns.models import Answer, Campaign
from motcua.dossiers import clock
from motcua.dossiers.clock_face import calendar_of
from motcua.law.actor import Actor
from motcua.law.campaign_course import Whom
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.site import demo_city

LATE = 2
COMPUTERS, STAFF = "may-tinh-duong-truyen", "can-bo-mot-cua"


def asked() -> list[int]:
    """The communes that are asked: those of the played districts."""
    districts = (demo_city.MAIN_DISTRICT, *demo_city.OTHER_DISTRICTS)
    return [number for district in districts for number in demo_city.communes(district)]


def posts() -> set[tuple[int, str]]:
    """Who must be there to answer, sign and accept."""
    agencies = directory()
    found = {(number, role) for number in asked() for role in ("officer", "leader")}
    districts = (demo_city.MAIN_DISTRICT, *demo_city.OTHER_DISTRICTS)
    return found | {(agencies.by_code[code].number, "leader") for code in districts}


def play(staff: demo_city.Staff) -> int:
    """Opens both and plays their answers up to now; returns how many answers there are."""
    city = directory().by_code["HN"].number
    control, now = staff(city, "control"), clock.now()
    begun, due = _working_day(city, now, -14), opening.closing_hour(city_day(_working_day(city, now, -1)), now)
    first = _open(COMPUTERS, Text("Máy tính và đường truyền, quý trước", "Computers and lines"), control, begun, due)
    second = _open(
        STAFF, Text("Cán bộ tại Bộ phận Một cửa", "Staff of the one-stop units"), control, _working_day(city, now, -3),
        opening.closing_hour(city_day(_working_day(city, now, 4)), now),
    )  # fmt: skip
    # The first commune is the visitor's: it answered the one, and owes the other.
    late = asked()[-LATE:]
    for at, number in enumerate(asked()):
        rng = random.Random(f"{demo_city.SEED}/{number}")  # noqa: S311 - plausible, not secret
        if number not in late:
            _answer(
                first, number, staff, _computers(rng), begun + timedelta(days=1, minutes=37 * at), accept=at % 3 > 0
            )
        if at and at % 3 == 0:
            _answer(second, number, staff, _people(rng), _working_day(city, now, -2) + timedelta(minutes=at))
    return Answer.objects.count()


def _working_day(agency: int, now: datetime, days: int) -> datetime:
    """Ten in the morning, so many working days from now."""
    calendar, day = calendar_of(agency), city_day(now)
    step = timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    while left:
        day += step
        left -= calendar.is_working_day(day)
    return datetime(day.year, day.month, day.day, 3, 0, tzinfo=now.tzinfo)


def _open(code: str, title: Text, control: Actor, at: datetime, due: datetime) -> Campaign:
    version = forms.newest_of(code)
    if version is None:
        raise RuntimeError(f"the pack has no form {code}")
    day = city_day(at)
    last = date(day.year, day.month, 1) - timedelta(days=1)
    codes = tuple(directory()[number].code for number in asked())
    wanted = opening.Opening(version.pk, title, last.replace(day=1), last, due, Whom(named=codes))
    opened = opening.open_campaign(wanted, control, at)
    if isinstance(opened, Refusal):
        raise RuntimeError(opened.text.en)
    return opened


def _answer(
    campaign: Campaign, number: int, staff: demo_city.Staff, given: answering.Given, at: datetime, accept: bool = False
) -> None:
    answer = Answer.objects.get(campaign=campaign, agency=number)
    clerk, leader = staff(number, "officer"), staff(number, "leader")
    source = "excel" if number % 2 else "browser"
    saved = answering.save(answer.pk, given, (0, 0), clerk, source, at)
    _done(saved)
    _done(answering.submit(answer.pk, (1, 1), clerk, "", at + timedelta(minutes=20)))
    _done(answering.act(answer.pk, "sign", leader, now=at + timedelta(hours=2)))
    if accept:
        over = staff(answer.district, "leader")
        _done(answering.act(answer.pk, "accept_district", over, now=at + timedelta(hours=5)))


def _done(outcome: answering.Saved | Refusal) -> None:
    if isinstance(outcome, Refusal):
        raise RuntimeError(outcome.text.en)


def _computers(rng: random.Random) -> answering.Given:
    found = {}
    for row, most in (("may_ban", 24), ("may_xach_tay", 9), ("may_in", 10), ("may_quet", 4), ("duong_truyen", 2)):
        whole = rng.randint(max(1, most // 2), most)
        broken = rng.randint(0, whole // 4)
        found[row] = {"tong": whole, "tot": whole - broken, "hong": broken, "nam_mua": rng.randint(2011, 2018)}
    return found


def _people(rng: random.Random) -> answering.Given:
    whole, part = rng.randint(2, 6), rng.randint(0, 2)
    row = {
        "so_nguoi": whole + part, "chuyen_trach": whole, "kiem_nhiem": part, "da_tap_huan": rng.randint(1, whole),
        "phu_cap": 100_000 * rng.randint(3, 6), "bien_ten": rng.random() < 0.8,
    }  # fmt: skip
    return {"mot_cua": row}
