"""The way in to all figures: one page of cards, each shown to who may open what is behind it.

A card names a page; whether somebody may open it is that page's own policy, asked here by its door's roles.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _

from motcua.office.door import CONTROL_ROLES, actor_of, official

Words = Callable[[], str] | str


class Card(NamedTuple):
    """One page: its name among the routes, what it is called, what for, and its icon."""

    name: str
    title: Words
    text: Words
    icon: str


# In the order in which they are asked for.
CARDS: tuple[Card, ...] = (
    Card(
        "office:desk_of_city",
        _("Bàn điều hành"),
        _("Ngay bây giờ, hôm nay, so với cùng kỳ, nơi nào trễ; cảnh báo và bản tin."),
        "monitor",
    ),
    Card("office:targets", _("Chỉ tiêu của thành phố"), _("Lộ trình, giá trị, đèn; báo cáo và ký giá trị."), "flag"),
    Card(
        "office:reform_assessments",
        _("Chỉ số cải cách hành chính"),
        _("Tự chấm tám lĩnh vực kèm minh chứng, thẩm định, các năm."),
        "clipboard-check",
    ),
    Card("office:control", _("Kiểm soát giải quyết"), _("Hồ sơ ở đâu, trễ ở khâu nào, ai đang giữ."), "gauge"),
    Card("office:kpis", _("Chỉ số"), _("Từng chỉ số với định nghĩa, mẫu số, căn cứ, lịch sử công bố."), "list-checks"),
    Card(
        "office:control_process",
        _("Thời gian đi đâu"),
        _("Quy trình vẽ với thời gian từng bước, đường đi thật, thử thay đổi quy trình."),
        "hourglass",
    ),
    Card("office:flow_risk", _("Nguy cơ trễ hạn"), _("Hồ sơ dễ trễ nhất sáng nay, và vì sao."), "clock-alert"),
    Card(
        "office:ratings",
        _("Đánh giá của người dân"),
        _("Chín tiêu chí, lời góp ý, khiếu nại đánh giá."),
        "message-square",
    ),
    Card(
        "office:exports", _("Danh sách tải xuống"), _("Danh sách dài thành Excel hoặc CSV, lập ở phía sau."), "download"
    ),
    Card(
        "office:campaigns",
        _("Thu thập số liệu"),
        _("Trả lời, ký, duyệt và tổng hợp số liệu từ xã, phường lên thành phố."),
        "table-2",
    ),
    Card(
        "office:statutory",
        _("Báo cáo II.06, II.07"),
        _("Biểu mẫu báo cáo theo kỳ từ ngày 15 đến ngày 14, cân đối từng dòng, xuất Excel và PDF."),
        "table-2",
    ),
    Card(
        "office:statutory_issued",
        _("Báo cáo đã phát hành"),
        _("Những bản đã phát hành, giữ nguyên đến từng con số, tính lại được bất cứ lúc nào."),
        "stamp",
    ),
    Card(
        "office:scores",
        _("Điểm theo Thông tư 01/2018"),
        _("Chín tiêu chí của cơ quan, năm tiêu chí của cán bộ, mở đến từng hồ sơ."),
        "list-checks",
    ),
    Card(
        "office:index_766",
        _("Chỉ số 766"),
        _("Bộ chỉ số phục vụ người dân, doanh nghiệp, và chỗ khác với cách tính của nghị định."),
        "scale",
    ),
)


@official()
def figures_page(request: HttpRequest) -> HttpResponse:
    """The cards whose pages the actor may open."""
    held = {grant.role for grant in actor_of(request).grants}
    cards = [
        {"href": reverse(card.name), "title": card.title, "text": card.text, "icon": card.icon}
        for card in CARDS
        if _opens(card, held)
    ]
    return render(request, "office/figures_hub.html", {"cards": cards})


def _opens(card: Card, held: set[str]) -> bool:
    view = resolve(reverse(card.name)).func
    needed = set(getattr(view, "needs", CONTROL_ROLES))
    return not needed or bool(needed & held)
