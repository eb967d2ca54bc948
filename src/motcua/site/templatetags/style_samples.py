"""Sample data for the style page (`motcua/style.html`), and for nothing else; it is kept in `style.yaml`."""

from pathlib import Path
from typing import Any

import yaml
from django import template

from motcua.law.texts import Text

register = template.Library()
KEPT = Path(__file__).parent.parent / "templates" / "motcua" / "style.yaml"
NAMES = ("Nguyễn Thị Ánh Tuyết", "Đỗ Văn Ước", "Công ty TNHH Thành Đạt", "Trần Ỷ Lan", "Lê Quốc Khánh")
WORK = (
    Text("Cấp phép xây dựng nhà ở riêng lẻ", "Building permit for a house"),
    Text("Đăng ký khai sinh có yếu tố nước ngoài", "Birth registration with a foreign parent"),
    Text("Cấp phép kinh doanh karaoke", "Licence for a karaoke bar"),
    Text("Xác nhận tình trạng hôn nhân", "Certificate of marital status"),
    Text("Đăng ký hộ kinh doanh", "Registration of a household business"),
)


def with_texts(kept: Any) -> Any:
    """Every `{vi, en}` as a `Text`."""
    if isinstance(kept, dict):
        if kept.keys() == {"vi", "en"}:
            return Text(kept["vi"], kept["en"])
        return {name: with_texts(value) for name, value in kept.items()}
    return [with_texts(each) for each in kept] if isinstance(kept, list) else kept


def desk_rows(clocks: list[dict[str, Any]], since: Any) -> list[dict[str, Any]]:
    """One row of a desk for each clock."""
    rows = []
    for number, (clock, name, work) in enumerate(zip(clocks, NAMES, WORK, strict=True), 1):
        code = f"001.002-190102-{number:04}"
        cells = {"clock": clock, "code": code, "work": work, "who": name, "since": since}
        cells |= {"stage": Text("Thẩm định", "Assessment"), "fee": 75_000 * number}
        rows.append({"id": number, "href": f"#{code}", "label": code, "state": clock["state"], "cells": cells})
    return rows


@register.simple_tag
def samples() -> dict[str, Any]:
    """All sample data, by the name of its component."""
    found: dict[str, Any] = with_texts(yaml.safe_load(KEPT.read_text(encoding="utf-8")))
    found["clocks"] = [each or found["clock"] for each in found["clocks"]]
    found["table"]["rows"] = desk_rows(found["clocks"], found["gantt"]["start"])
    found["errors"] = [tuple(each) for each in found["errors"]]
    return found
