"""The room's door: opened, answered, signed off tier by tier, returned, corrected; nothing lost or overwritten."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from campaigns.reporting import COMMUNES, COMPUTERS, DUE, NOW, City, Typed, plain, whole
from motcua.campaigns import answering, forms, opening
from motcua.campaigns.models import ActDone, Answer, Campaign, FormVersion, Version
from motcua.law.campaign_course import Whom
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.organisation.directory import directory, mark_changed
from motcua.organisation.models import Agency

pytestmark = pytest.mark.django_db


def code(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_an_answer_goes_from_the_commune_to_the_district_to_the_city_and_every_step_is_kept() -> None:
    city = City()
    saved = city.save(whole(12))
    assert saved.findings == ()
    assert isinstance(city.submit(), answering.Saved)
    pk = city.answer().pk
    for kind, who in (("sign", city.leader()), ("accept_district", city.district()), ("accept_city", city.control)):
        assert isinstance(answering.act(pk, kind, who, now=NOW), answering.Saved), kind
    answer = city.answer()
    assert (answer.state, answer.signed_at) == ("city", NOW)
    assert [(each.kind, each.name) for each in reversed(answering.history(answer))] == [
        ("save", city.clerk().name),
        ("submit", city.clerk().name),
        ("sign", city.leader().name),
        ("accept_district", city.district().name),
        ("accept_city", city.control.name),
    ]


def test_nobody_else_may_do_any_of_it_and_a_refused_act_changes_nothing() -> None:
    city = City()
    people = {
        "clerk": city.clerk(), "leader": city.leader(), "district": city.district(), "city": city.control,
        "clerk next door": city.clerk(1), "leader next door": city.leader(1), "district next door": city.district(2),
        "district leader": city.person("lead001", ("001", "leader")),
        "city leader": city.person("leadHN", ("HN", "leader")),
        "admin": city.person("admin", ("HN", "admin")), "commune admin": city.person("admin1", (COMMUNES[0], "admin")),
    }  # fmt: skip
    may = {
        "submit": {"clerk", "leader"},
        "sign": {"leader"},
        "accept_district": {"district", "district leader"},
        "accept_city": {"city", "city leader"},
    }
    city.save(whole(3))
    pk = city.answer().pk
    for kind, entitled in may.items():
        for name, person in people.items():
            before = (ActDone.objects.count(), list(Version.objects.values("state", "lines", "revision")))
            with transaction.atomic():
                version = answering.version_of(city.answer())
                assert version is not None
                if kind == "submit":
                    done = answering.submit(pk, (version.no, version.revision), person, now=NOW)
                else:
                    done = answering.act(pk, kind, person, now=NOW)  # type: ignore[arg-type]
                assert isinstance(done, answering.Saved) == (name in entitled), (kind, name)
                if name in entitled:
                    transaction.set_rollback(True)
            if name not in entitled:
                assert before == (ActDone.objects.count(), list(Version.objects.values("state", "lines", "revision")))
        first = next(name for name in people if name in entitled)
        version = answering.version_of(city.answer())
        assert version is not None
        if kind == "submit":
            answering.submit(pk, (version.no, version.revision), people[first], now=NOW)
        else:
            answering.act(pk, kind, people[first], now=NOW)  # type: ignore[arg-type]
    assert city.answer().state == "city"


def test_only_their_own_agency_fills_in() -> None:
    city = City()
    for stranger in (city.clerk(1), city.district(), city.control, city.person("admin1", (COMMUNES[0], "admin"))):
        assert (
            code(answering.save(city.answer().pk, whole(1), (0, 0), stranger, "browser", NOW)) == "campaign_not_yours"
        )
    assert city.answer().current == 0


def test_errors_stop_it_and_what_could_not_be_read_stays_as_it_was_written() -> None:
    city = City()
    saved = city.save({"ban": {"tong": 5, "tot": 4, "hong": 2, "gia": Typed("1.5")}, "xach": {"tong": Typed("12 máy")}})
    said = {(each.row, each.column): each.value for each in saved.findings}
    assert said == {(0, "tong"): "5", (0, "gia"): "1.5", (1, "tong"): "12 máy"}
    assert city.lines()[1].typed == {"tong": "12 máy"}
    assert code(city.submit()) == "campaign_errors"
    city.save({"ban": {"tong": 6, "gia": None}, "xach": {"tong": 12}})
    assert isinstance(city.submit(), answering.Saved)


def test_two_people_edit_one_answer_and_the_second_is_told() -> None:
    city = City()
    city.save(whole(3))
    one, other = city.clerk(), city.person("colleague", (COMMUNES[0], "reception"))
    pk = city.answer().pk
    assert isinstance(answering.save(pk, {"ban": {"ghi": "của tôi"}}, (1, 1), one, "browser", NOW), answering.Saved)
    refused = answering.save(pk, {"ban": {"ghi": "của người kia"}}, (1, 1), other, "browser", NOW)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.details) == ("campaign_conflict", {"no": 1, "revision": 2, "hands": 2})
    assert city.lines()[0].cells["ghi"] == "của tôi"
    # Having seen it, they may.
    assert isinstance(answering.save(pk, {"ban": {"ghi": "cả hai"}}, (1, 2), other, "excel", NOW), answering.Saved)
    version = answering.version_of(city.answer())
    assert version is not None
    hands = answering.hands_in(version)
    assert [(each.name, each.source) for each in hands][-1] == (other.name, "excel")
    line = city.lines()[0]
    assert hands[line.by["ghi"]].account == other.account
    assert hands[line.by["tong"]].account == one.account


def test_returned_with_a_reason_and_mended_in_a_version_of_its_own() -> None:
    city = City()
    city.signed(0, whole(4))
    pk = city.answer().pk
    assert code(answering.act(pk, "return", city.district(), "  ", NOW)) == "campaign_words"
    assert isinstance(answering.act(pk, "return", city.district(), "Thiếu máy in", NOW), answering.Saved)
    assert city.answer().state == "returned"
    city.save({"ban": {"tong": 9, "tot": 9}})
    first, second = Version.objects.filter(answer=pk).order_by("no")
    assert (first.state, second.state) == ("returned", "draft")
    assert first.lines[0]["cells"]["tong"] == 4
    assert second.lines[0]["cells"]["tong"] == 9


def test_a_correction_is_a_new_version_and_the_old_one_stays() -> None:
    city = City()
    city.signed(0, whole(4))
    pk = city.answer().pk
    assert code(answering.act(pk, "correct", city.leader(1), "nhầm", NOW)) == "campaign_not_yours"
    assert isinstance(answering.act(pk, "correct", city.clerk(), "đếm nhầm", NOW), answering.Saved)
    city.save({"ban": {"tong": 5, "tot": 5}})
    assert [(each.no, each.state) for each in Version.objects.filter(answer=pk).order_by("no")] == [
        (1, "signed"),
        (2, "draft"),
    ]


def test_whoever_signs_signs_what_they_read() -> None:
    city = City()
    city.save(whole(4))
    city.submit()
    pk = city.answer().pk
    answering.act(pk, "return", city.leader(), "sửa", NOW)
    city.save({"ban": {"tong": 5, "tot": 5}})
    city.submit()
    assert code(answering.act(pk, "sign", city.leader(), now=NOW, no=1)) == "campaign_conflict"
    assert isinstance(answering.act(pk, "sign", city.leader(), now=NOW, no=2), answering.Saved)


def test_what_was_handed_in_cannot_be_altered_even_past_the_code() -> None:
    city = City()
    city.signed(0, whole(4))
    for statement in (
        "UPDATE campaigns_version SET lines = '[]'",
        "UPDATE campaigns_version SET state = 'draft'",
        "DELETE FROM campaigns_version",
        "UPDATE campaigns_actdone SET name = 'ai đó'",
        "DELETE FROM campaigns_actdone",
        "UPDATE campaigns_formversion SET content = '{}'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as run:
            run.execute(statement)
    assert plain(city.lines())["ban"]["tong"] == 4


def test_a_jump_asks_for_a_word() -> None:
    city = City()
    city.signed(0, whole(10))
    version = forms.newest_of(COMPUTERS.code)
    assert version is not None
    wanted = opening.Opening(
        version.pk, COMPUTERS.title, date(2019, 1, 1), date(2019, 6, 30), DUE + timedelta(days=200),
        Whom(named=COMMUNES),
    )  # fmt: skip
    second = opening.open_campaign(wanted, city.control, NOW)
    assert isinstance(second, Campaign)
    city.campaign = second
    assert second.previous is not None
    saved = city.save(whole(16))
    assert {(each.weight, each.column) for each in saved.findings} == {("warning", "tong")}
    assert code(city.submit()) == "campaign_explain"
    assert isinstance(city.submit(words="Được cấp mới"), answering.Saved)
    # Half as much again is no jump yet.
    assert city.save(whole(15), at=1).findings == ()


def test_a_form_in_use_is_never_changed_and_a_new_version_comes_beside_it() -> None:
    city = City()
    changed = FormVersion.objects.get(pk=city.campaign.form_id)
    from msgspec.structs import replace

    form = replace(COMPUTERS, title=Text("Máy tính, bản hai", "Computers, two"))
    second, _ = forms.keep(form, "browser")
    assert second is not None
    assert (second.number, changed.number) == (2, 1)
    assert forms.form_of(FormVersion.objects.get(pk=changed.pk)) == COMPUTERS
    third, _ = forms.keep(replace(form, ground="Quyết định"), "browser")
    assert third is not None
    # Nobody has opened it: the same number is written over.
    assert third.number == 2


def test_only_the_citys_control_opens_a_campaign() -> None:
    city = City()
    wanted = opening.Opening(
        city.campaign.form_id, COMPUTERS.title, date(2018, 1, 1), date(2018, 12, 31), DUE, Whom(tiers=("commune",))
    )
    for other in (city.district(), city.leader(), city.person("leadHN", ("HN", "leader")), city.clerk()):
        assert code(opening.open_campaign(wanted, other, NOW)) == "campaign_opening"
    for broken in (
        {"due_at": NOW},
        {"about_to": date(2017, 1, 1)},
        {"whom": Whom()},
        {"title": Text(" ")},
    ):
        from msgspec.structs import replace

        assert code(opening.open_campaign(replace(wanted, **broken), city.control, NOW)) == "campaign_opening"
    assert Campaign.objects.count() == 1


def test_a_dissolved_agency_is_answered_for_by_its_successor() -> None:
    city = City()
    gone, heir = directory().by_code[COMMUNES[0]].number, directory().by_code[COMMUNES[1]].number
    Agency.objects.filter(pk=gone).update(valid_to=date(2018, 12, 11), successor=heir)
    mark_changed()
    later = NOW + timedelta(days=3)
    answer = Answer.objects.get(campaign=city.campaign, agency=gone)
    assert isinstance(answering.save(answer.pk, whole(2), (0, 0), city.clerk(1), "browser", later), answering.Saved)
    # A campaign opened now asks the heir, and asks it once.
    wanted = opening.Opening(
        city.campaign.form_id, COMPUTERS.title, date(2018, 1, 1), date(2018, 12, 31), DUE, Whom(named=COMMUNES)
    )
    second = opening.open_campaign(wanted, city.control, later)
    assert isinstance(second, Campaign)
    assert set(second.answers.values_list("agency", flat=True)) == {heir, directory().by_code[COMMUNES[2]].number}
