"""One of each paper, filled as an office would fill it. The people are invented, the numbers demonstration."""

from datetime import date, datetime, timedelta

from motcua.papers import forms
from motcua.papers.spoken import CITY

CODE = "000.00.02.H26-181217-0042"
HOUSE = "Cấp giấy phép xây dựng nhà ở riêng lẻ tại đô thị"
WARD = "Bộ phận Tiếp nhận và Trả kết quả phường Hàng Bạc"
DISTRICT = "Bộ phận Tiếp nhận và Trả kết quả quận Hoàn Kiếm"
DIVISION = "Phòng Quản lý đô thị quận Hoàn Kiếm"
PLANNING = "Sở Quy hoạch - Kiến trúc"


def at(day: str, hour: str) -> datetime:
    """`at("2018-12-17", "09:10")` by the city's clock."""
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=CITY)


HEAD = forms.Letterhead(
    agency="Bộ phận Tiếp nhận và Trả kết quả",
    superior="Ủy ban nhân dân phường Hàng Bạc",
    issued_at=at("2018-12-17", "09:12"),
    number="214/BPTNTRKQ",
    place="Hàng Bạc",
)
DISTRICT_HEAD = forms.Letterhead(
    agency="Ủy ban nhân dân quận Hoàn Kiếm",
    superior="Ủy ban nhân dân thành phố Hà Nội",
    issued_at=at("2019-01-04", "10:00"),
    number="12/PXL-UBND",
    place="Hoàn Kiếm",
)
FILER = forms.Filer(
    name="NGUYỄN THỊ ÁNH TUYẾT",
    address="Số 12, ngõ Gạch, phường Hàng Buồm, quận Hoàn Kiếm, thành phố Hà Nội",
    phone="0900 000 001",
    email="anhtuyet@example.vn",
    identity="001000000001",
)
FEE = forms.Fee("Lệ phí cấp giấy phép", 75_000, paid=True, is_demo=True)

RECEIPT = forms.Receipt(
    head=HEAD,
    code=CODE,
    filer=FILER,
    subject=HOUSE,
    papers=(
        forms.Paper("Đơn đề nghị cấp giấy phép xây dựng nhà ở riêng lẻ (theo mẫu)", originals=1),
        forms.Paper("Giấy chứng nhận quyền sử dụng đất và tài sản gắn liền với đất", certified=1),
        forms.Paper("Bản vẽ mặt bằng công trình trên lô đất, kèm sơ đồ vị trí", originals=2),
        forms.Paper("Bản vẽ các tầng, mặt đứng, mặt cắt", originals=2, note="kèm tệp điện tử"),
        forms.Paper("Bản cam kết bảo đảm an toàn đối với công trình liền kề", copies=1),
    ),
    limit="15 ngày làm việc",
    received_at=at("2018-12-17", "09:10"),
    due_at=at("2019-01-07", "17:00"),
    collect_at=WARD,
    book="01",
    book_number="1042",
    officer="Trần Văn Minh",
    fees=(FEE,),
    tracking_url="https://motcua.example/theo-doi/q7Xn2vKfR8sTzWb4mYhLpA",
    code_is_demo=True,
)

SUPPLEMENT = forms.SupplementSlip(
    head=HEAD,
    filer=FILER,
    subject=HOUSE,
    code=CODE,
    items=(
        forms.Paper("Bản vẽ mặt cắt móng và sơ đồ đấu nối thoát nước", originals=2),
        forms.Paper("Giấy chứng nhận quyền sử dụng đất", certified=1),
    ),
    reason="bản vẽ nộp kèm chưa có mặt cắt móng.",
    ground="khoản 4 Điều 19 Nghị định số 61/2018/NĐ-CP",
    answer_by=date(2019, 1, 3),
    contact="Trần Văn Minh",
    contact_phone="024 0000 0001",
    officer="Trần Văn Minh",
)

REFUSAL = forms.RefusalSlip(
    head=HEAD,
    filer=FILER,
    subject=HOUSE,
    reasons=("Thửa đất nằm ngoài địa bàn quận Hoàn Kiếm.", "Công trình thuộc diện phải lập dự án."),
    ground="Điều 17 Nghị định số 61/2018/NĐ-CP",
    advice="nộp hồ sơ tại Bộ phận Tiếp nhận và Trả kết quả quận Ba Đình.",
    officer="Trần Văn Minh",
)

APOLOGY = forms.ApologySlip(
    head=DISTRICT_HEAD,
    code=CODE,
    filer=FILER,
    subject=HOUSE,
    received_at=at("2018-12-17", "09:10"),
    promised_at=at("2019-01-07", "17:00"),
    responsible=DIVISION,
    reason="chờ ý kiến bằng văn bản của Sở Quy hoạch - Kiến trúc.",
    due_at=at("2019-01-14", "17:00"),
    signature=forms.Signature(("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"), name="Lê Thị Hương Giang"),
    recipients=("Như trên;", "Lưu: VT, QLĐT."),
)

CONTROL = forms.ControlSlip(
    head=HEAD,
    code=CODE,
    agency=DIVISION,
    partners=(PLANNING, "Ủy ban nhân dân phường Hàng Bạc"),
    handovers=(
        forms.Handover(WARD, DISTRICT, at("2018-12-17", "14:30"), "Trần Văn Minh", "Phạm Thu Hà", "before"),
        forms.Handover(DISTRICT, DIVISION, at("2018-12-18", "08:15"), "Phạm Thu Hà", "Đỗ Quang Huy", "on_time"),
        forms.Handover(DIVISION, PLANNING, at("2018-12-27", "16:00"), "Đỗ Quang Huy", "Vũ Hồng Nhung", "late"),
        forms.Handover(PLANNING, DIVISION),
    ),
    filer_name=FILER.name,
    subject=HOUSE,
    received_at=at("2018-12-17", "09:10"),
    due_at=at("2019-01-07", "17:00"),
)

BOOK = forms.Book(
    head=HEAD,
    year=2018,
    volume="02",
    first_page=101,
    opened_on=date(2018, 7, 2),
    entries=tuple(
        forms.BookEntry(
            number=str(1001 + place),
            code=f"000.00.02.H26-181217-{place + 1:04}",
            procedure=("Đăng ký khai sinh", HOUSE)[place % 2],
            name=("LÒ VĂN PÁO", FILER.name)[place % 2],
            received_at=at("2018-12-17", "08:10") + timedelta(minutes=9 * place),
            due_at=at("2018-12-19", "17:00"),
            contact="Số 12, ngõ Gạch, phường Hàng Buồm; 0900 000 001",
            agency=WARD,
            returned_at=at("2018-12-18", "10:00") if place % 3 else None,
            method="Bưu chính",
        )
        for place in range(23)
    ),
)

HANDOVER_LIST = forms.HandoverList(
    head=HEAD,
    giver_agency=WARD,
    receiver_agency=DISTRICT,
    rows=tuple(
        forms.HandoverRow(
            code=f"000.00.02.H26-181217-{place + 1:04}",
            name=FILER.name,
            subject=HOUSE,
            papers=5,
            due_at=at("2019-01-07", "17:00"),
        )
        for place in range(24)
    ),
    given_at=at("2018-12-17", "16:30"),
    giver="Trần Văn Minh",
    receiver="Phạm Thu Hà",
)

DECISION = forms.Decision(
    head=DISTRICT_HEAD,
    kind="Giấy phép xây dựng",
    about="Sử dụng cho công trình nhà ở riêng lẻ tại đô thị",
    grounds=("Căn cứ Luật Xây dựng ngày 18 tháng 6 năm 2014;",),
    clauses=(
        forms.Clause("1. Cấp cho:", "bà NGUYỄN THỊ ÁNH TUYẾT."),
        forms.Clause("2. Được phép xây dựng:", "nhà ở riêng lẻ, gồm:", ("- Số tầng: 04;", "- Chiều cao: 13,2 m.")),
    ),
    signature=forms.Signature(("TM. Ủy ban nhân dân", "Chủ tịch"), name="Hoàng Minh Khôi"),
    recipients=("Như mục 1;", "Lưu: VT, QLĐT."),
    code=CODE,
    verify_url="https://motcua.example/ket-qua/q7Xn2vKfR8sTzWb4mYhLpA",
    is_demo=True,
)

RESULT = forms.Result(
    head=DISTRICT_HEAD,
    kind="Giấy khai sinh",
    signature=forms.Signature(("TM. Ủy ban nhân dân", "Chủ tịch"), name="Hoàng Minh Khôi"),
    particulars=(
        forms.Particulars("", (("Họ, chữ đệm, tên", "LÒ VĂN PÁO"), ("Ngày sinh", "ngày 07 tháng 01 năm 2019")), True),
        forms.Particulars("Cha mẹ", (("Mẹ", FILER.name),)),
    ),
    clauses=(forms.Clause(text="Đăng ký khai sinh đúng hạn."),),
    replaces="11/GKS",
    recipients=("Như trên;", "Lưu: VT."),
    code=CODE,
    check_url="https://motcua.example/xac-minh/ABCDEFGHJKMNPQRS/",
    check_address="motcua.example/xac-minh",
    check_code="ABCD-EFGH-JKMN-PQRS",
    keywords=("motcua-ket-qua:ABCDEFGHJKMNPQRS",),
    is_demo=True,
)

CHECKLIST = forms.Checklist(
    head=HEAD,
    procedure=HOUSE,
    procedure_code="1.009994",
    who="Chủ sử dụng đất hoặc người được ủy quyền",
    limit="15 ngày làm việc",
    where=WARD,
    hours="thứ Hai đến thứ Sáu, 8 giờ đến 17 giờ",
    fees=(FEE,),
    url="https://motcua.example/thu-tuc/1.009994",
    papers=(
        forms.ToBring("Đơn đề nghị cấp giấy phép", "01 bản chính, theo mẫu"),
        forms.ToBring("Giấy ủy quyền", "01 bản chính", only_if="người khác nộp thay"),
    ),
)

SAMPLES: dict[str, forms.Form] = {
    "receipt": RECEIPT,
    "supplement": SUPPLEMENT,
    "refusal": REFUSAL,
    "apology": APOLOGY,
    "control": CONTROL,
    "book": BOOK,
    "handover_list": HANDOVER_LIST,
    "decision": DECISION,
    "result": RESULT,
    "checklist": CHECKLIST,
}
