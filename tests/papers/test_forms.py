"""Each form of Circular 01/2018 says what the law wants it to say, on the right sheet, fit for the archive."""

import io
from datetime import datetime

import msgspec
import pikepdf
import pytest
import typst

from motcua.papers import forms, typeset
from motcua.papers.typeset import TEMPLATES, render
from motcua.tables import press
from papers import reading
from papers.samples import APOLOGY, BOOK, CHECKLIST, CODE, DECISION, HANDOVER_LIST, HEAD, RECEIPT, SAMPLES, at

SAYS = {
    "receipt": (
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        f"Mã hồ sơ: {CODE} (giá trị minh họa)",
        "Tiếp nhận hồ sơ của: NGUYỄN THỊ ÁNH TUYẾT",
        "Địa chỉ: Số 12, ngõ Gạch, phường Hàng Buồm, quận Hoàn Kiếm, thành phố Hà Nội",
        "1. Thành phần hồ sơ nộp gồm:",
        "2. Số lượng hồ sơ: 01 (bộ)",
        "3. Thời gian giải quyết hồ sơ theo quy định là: 15 ngày làm việc",
        "4. Thời gian nhận hồ sơ: 09 giờ 10, thứ Hai ngày 17 tháng 12 năm 2018",
        "5. Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00, thứ Hai ngày 07 tháng 01 năm 2019",
        "6. Đăng ký nhận kết quả tại: Bộ phận Tiếp nhận và Trả kết quả phường Hàng Bạc",
        "7. Phí, lệ phí: Lệ phí cấp giấy phép 75.000 đồng, đã nộp (giá trị minh họa)",
        "Vào Sổ theo dõi hồ sơ, Quyển số: 01, Số thứ tự: 1042",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ),
    "supplement": (
        "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        "Lý do: bản vẽ nộp kèm chưa có mặt cắt móng.",
        "Đề nghị bổ sung trước khi hết ngày 03 tháng 01 năm 2019.",
        "liên hệ với Trần Văn Minh, số điện thoại 024 0000 0001 để được hướng dẫn./.",
        "NGƯỜI HƯỚNG DẪN",
    ),
    "refusal": (
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau: "
        "1. Thửa đất nằm ngoài địa bàn quận Hoàn Kiếm. 2. Công trình thuộc diện phải lập dự án.",
    ),
    "apology": (
        "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
        "Kính gửi: NGUYỄN THỊ ÁNH TUYẾT",
        "Thời gian hẹn trả kết quả: 17 giờ 00, thứ Hai ngày 07 tháng 01 năm 2019.",
        "Lý do: chờ ý kiến bằng văn bản của Sở Quy hoạch - Kiến trúc.",
        "xin lỗi Ông (Bà)/Tổ chức và hẹn lại thời gian trả kết quả vào 17 giờ 00, thứ Hai ngày 14 tháng 01 năm 2019.",
        "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
        "Nơi nhận: - Như trên; - Lưu: VT, QLĐT.",
    ),
    "control": (
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        "Cơ quan phối hợp giải quyết hồ sơ: Sở Quy hoạch - Kiến trúc; Ủy ban nhân dân phường Hàng Bạc",
        "1. Giao: Bộ phận Tiếp nhận và Trả kết quả phường Hàng Bạc",
        "Trước hạn",
        "Đúng hạn",
        "Quá hạn",
    ),
    "book": (
        "SỔ THEO DÕI HỒ SƠ",
        "Năm 2018",
        "Quyển số: 02",
        "Từ số 1001 đến số 1023",
        "Mở sổ: ngày 02 tháng 7 năm 2018",
    ),
    "handover_list": (
        "DANH SÁCH BÀN GIAO HỒ SƠ",
        "Tổng số: 24 hồ sơ (bằng chữ: hai mươi tư hồ sơ).",
        "ĐẠI DIỆN BÊN NHẬN",
    ),
    "decision": (
        "GIẤY PHÉP XÂY DỰNG",
        "1. Cấp cho: bà NGUYỄN THỊ ÁNH TUYẾT.",
        "BẢN MINH HỌA - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ",
    ),
    "result": (
        "GIẤY KHAI SINH",
        "LÒ VĂN PÁO",
        "Văn bản này thay thế văn bản số 11/GKS.",
        "Mã: ABCD-EFGH-JKMN-PQRS",
        "BẢN MINH HỌA - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ",
    ),
    "checklist": (
        "Cấp giấy phép xây dựng nhà ở riêng lẻ tại đô thị",
        "Lệ phí cấp giấy phép: 75.000 đồng (giá trị minh họa)",
        "Giấy ủy quyền: 01 bản chính Chỉ khi: người khác nộp thay",
    ),
}
SHEET = {"book": reading.A4_LYING, "handover_list": reading.A4, "decision": reading.A4, "result": reading.A4}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_form_says_what_it_must(name: str) -> None:
    said = reading.words(render(SAMPLES[name]))
    for sentence in SAYS[name]:
        assert sentence in said


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "checklist"])
def test_the_head_carries_quoc_hieu_and_tieu_ngu(name: str) -> None:
    said = reading.pages(render(SAMPLES[name]))[0]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said
    assert "Độc lập - Tự do - Hạnh phúc" in said
    assert SAMPLES[name].head.agency.upper() in said


@pytest.mark.parametrize("name", SAMPLES)
def test_a_form_is_on_its_sheet(name: str) -> None:
    assert reading.sizes(render(SAMPLES[name])) == {SHEET.get(name, reading.A5)}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_form_is_fit_for_the_archive(name: str) -> None:
    pdf = render(SAMPLES[name])
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        marks = opened.open_metadata()
        assert (marks["pdfaid:part"], marks["pdfaid:conformance"]) == ("2", "B")
        assert opened.Root.Lang == "vi-VN"
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert opened.docinfo["/Title"]
    embedded = reading.fonts(pdf)
    assert embedded
    assert all(embedded.values())
    assert all("Tinos" in font for font in embedded)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_template_gives_typst_nothing_to_warn_of(name: str) -> None:
    form = SAMPLES[name]
    template = TEMPLATES / typeset._TEMPLATE[type(form)]
    compiler = typst.Compiler(template, root=TEMPLATES, font_paths=press.fonts())
    data = msgspec.json.encode(typeset._shown(form)).decode()
    _, warnings = compiler.compile_with_warnings(sys_inputs={"data": data}, format="pdf", pdf_standards="a-2b")
    assert warnings == []


def test_every_template_has_its_form() -> None:
    used = {*typeset._TEMPLATE.values(), "head.typ", "signature_block.typ", "fee_receipt.typ", "digest.typ"}
    assert used == {template.name for template in TEMPLATES.iterdir()}
    assert set(typeset._TEMPLATE) == set(forms.Form.__args__)


def test_the_two_copies_differ_only_in_whose_they_are() -> None:
    kept, given = reading.pages(render(RECEIPT))
    assert "(Liên 1: lưu)" in kept
    assert "(Liên 2: giao người nộp hồ sơ)" in given
    assert kept.replace("Liên 1: lưu", "") == given.replace("Liên 2: giao người nộp hồ sơ", "")


def test_what_is_not_a_demonstration_is_not_marked_as_one() -> None:
    real = msgspec.structs.replace(RECEIPT, code_is_demo=False, fees=(forms.Fee("Lệ phí", 1_234_567),))
    said = reading.words(render(real))
    assert "minh họa" not in said
    assert "Lệ phí 1.234.567 đồng, chưa nộp" in said
    assert "minh họa" in reading.words(render(msgspec.structs.replace(real, limit_is_demo=True)))
    assert "MINH HỌA" not in reading.words(render(msgspec.structs.replace(DECISION, is_demo=False)))
    free = msgspec.structs.replace(CHECKLIST, fees=())
    assert "Phí, lệ phí Không thu" in reading.words(render(free))


def test_a_paper_taken_in_while_the_line_was_down_shows_both_times() -> None:
    late = msgspec.structs.replace(RECEIPT, recorded_at=at("2018-12-17", "15:40"))
    said = reading.pages(render(late))[1]
    assert "4. Thời gian nhận hồ sơ: 09 giờ 10, thứ Hai ngày 17 tháng 12 năm 2018" in said
    assert "(Nhận trên giấy, ghi vào hệ thống lúc 15 giờ 40, thứ Hai ngày 17 tháng 12 năm 2018)" in said


def test_a_receipt_can_tell_a_foreigner_when_to_come() -> None:
    said = reading.pages(render(msgspec.structs.replace(RECEIPT, english=True)))
    assert len(said) == 2
    assert all("Result due 17:00, 07/01/2019. Bring this paper. Scan to follow." in page for page in said)


def test_what_is_optional_may_be_missing() -> None:
    head = forms.Letterhead(agency="Ủy ban nhân dân xã", issued_at=at("2018-12-17", "08:00"))
    now = at("2018-12-17", "08:00")
    nobody = forms.Filer(name="LÒ VĂN PÁO")
    bare: list[forms.Form] = [
        forms.Receipt(head, CODE, nobody, "Đăng ký khai sinh", (), "", now, now),
        forms.SupplementSlip(head, nobody, "Đăng ký khai sinh", (), "thiếu giấy tờ"),
        forms.RefusalSlip(head, nobody, "Đăng ký khai sinh", ()),
        forms.ApologySlip(head, CODE, nobody, "x", now, now, "x", now, forms.Signature(())),
        forms.ControlSlip(head, CODE, "Ủy ban nhân dân xã", ()),
        forms.Book(head, 2018, (), cover=False),
        forms.HandoverList(head, "bên giao", "bên nhận", (), now),
        forms.Decision(head, "Quyết định", forms.Signature(())),
        forms.Result(head, "Giấy khai sinh", forms.Signature(())),
        forms.Checklist(head, "Đăng ký khai sinh", ()),
    ]
    assert {type(form) for form in bare} == {type(form) for form in SAMPLES.values()}
    for form in bare:
        said = reading.words(render(form))
        assert "none" not in said
        assert "xã" in said.lower()


def test_forty_papers_go_on_over_the_page_under_a_repeated_head() -> None:
    many = tuple(forms.Paper(f"Bản vẽ số {number} của công trình", originals=1) for number in range(1, 41))
    said = reading.pages(render(msgspec.structs.replace(RECEIPT, papers=many)))
    assert len(said) % 2 == 0
    kept, given = said[: len(said) // 2], said[len(said) // 2 :]
    for copy in (kept, given):
        assert all(f"Bản vẽ số {number} của công trình" in " ".join(copy) for number in range(1, 41))
        assert "GIẤY TIẾP NHẬN" in copy[0]
        for number, page in enumerate(copy[1:], start=2):
            assert page.startswith(f"{number} {CODE}")
            assert "Tên giấy tờ" in page or "Bản vẽ" not in page
        assert "NGƯỜI TIẾP NHẬN HỒ SƠ" in copy[-1]


def test_a_volume_goes_on_with_the_page_numbers_of_the_one_before() -> None:
    cover, first, *others = reading.pages(render(BOOK))
    assert "SỔ THEO DÕI HỒ SƠ" in cover
    assert first.startswith("101 Bộ phận Tiếp nhận và Trả kết quả, năm 2018, quyển 02")
    assert [page.split()[0] for page in others] == [str(102 + place) for place in range(len(others))]
    loose = reading.pages(render(msgspec.structs.replace(BOOK, cover=False)))
    assert loose[0].startswith("101 Bộ phận Tiếp nhận và Trả kết quả, năm 2018, quyển 02")


def test_a_list_says_when_it_was_received_once_it_was() -> None:
    assert "Nhận lúc: ....." in reading.words(render(HANDOVER_LIST)).replace("…", "...")
    received = msgspec.structs.replace(HANDOVER_LIST, received_at=at("2018-12-17", "16:55"))
    assert "Nhận lúc: 16 giờ 55, thứ Hai ngày 17 tháng 12 năm 2018" in reading.words(render(received))


def test_an_instant_without_a_zone_is_refused() -> None:
    vague = msgspec.structs.replace(APOLOGY, due_at=datetime(2019, 1, 14, 17))
    with pytest.raises(ValueError, match="time zone"):
        render(vague)
    with pytest.raises(ValueError, match="time zone"):
        render(msgspec.structs.replace(CHECKLIST, head=msgspec.structs.replace(HEAD, issued_at=datetime(2019, 1, 1))))
