"""The sandbox bank's few pages, plainly another house than ours: they say that no real money moves."""

from html import escape

from motcua.fees.providers import Told
from motcua.fees.sandbox_bank import Held
from motcua.law.fees import money

_STYLE = """
body{font:18px/1.5 system-ui,sans-serif;margin:0;background:#eef3f0;color:#12251c}
main{max-width:34rem;margin:0 auto;padding:24px 16px}
h1{font-size:1.3rem;margin:0 0 8px}.box{background:#fff;border:1px solid #b9c9c0;padding:16px;border-radius:4px}
.sum{font-size:1.8rem;font-weight:700;margin:8px 0}.note{background:#fff3d6;
padding:8px 12px;border-left:4px solid #c8961e}
button{font:inherit;padding:12px 20px;border-radius:4px;border:1px solid #0b5d3b;background:#0b5d3b;color:#fff;
width:100%}
button.second{background:#fff;color:#0b5d3b;margin-top:8px}label{display:block;margin-top:12px}
input,textarea{font:inherit;width:100%;box-sizing:border-box;padding:8px;border:1px solid #55645c;border-radius:4px}
a{color:#0b5d3b}
"""
_NOTE = "<p class=note>Đây là ngân hàng thử nghiệm: không có tiền thật. / A test bank: no real money moves.</p>"


def _page(title: str, body: str) -> str:
    return (
        f"<!doctype html><html lang=vi><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style><main><h1>{escape(title)}</h1>{_NOTE}{body}</main></html>"
    )


def paying(held: Held) -> str:
    """Where the payer presses."""
    order = held.order
    if held.state != "pending":
        return after(held)
    return _page(
        "Ngân hàng thử nghiệm",
        f"<div class=box><p>Thanh toán cho <strong>{escape(order.reference)}</strong><br>{escape(order.purpose)}</p>"
        f"<p class=sum>{money(order.amount)} đồng</p><form method=post><button name=what value=pay>Trả tiền / Pay"
        f"</button><button class=second name=what value=refuse>Không trả / Cancel</button></form></div>",
    )


def after(held: Held) -> str:
    """What was done, and the way back."""
    said = {
        "succeeded": "Đã trả tiền / Paid",
        "failed": "Chưa trả tiền / Not paid",
        "expired": "Đã hết hạn / Expired",
    }.get(held.state, held.state)
    back = escape(held.order.return_url, quote=True)
    return _page(
        said,
        f"<div class=box><p>{escape(held.order.reference)}</p><p><a href='{back}'>Quay lại / Go back</a></p></div>",
    )


def unknown() -> str:
    """No such payment."""
    return _page("Không có khoản này / Unknown", "<p>…</p>")


def transferring() -> str:
    """A payer's bank: the content of a VietQR code is pasted, or a transfer typed."""
    return _page(
        "Chuyển khoản thử nghiệm",
        "<div class=box><form method=post action=/transfers><label for=code>Nội dung mã VietQR / Content of the code"
        "</label><textarea id=code name=code rows=4></textarea><p>hoặc gõ / or type</p>"
        "<label for=account>Số tài khoản / Account</label><input id=account name=account>"
        "<label for=amount>Số tiền / Amount</label><input id=amount name=amount inputmode=numeric>"
        "<label for=purpose>Nội dung / Purpose</label><input id=purpose name=purpose maxlength=60>"
        "<p><button>Chuyển / Send</button></p></form></div>",
    )


def transferred(told: Told) -> str:
    """What was sent."""
    return _page(
        "Đã chuyển / Sent",
        f"<div class=box><p class=sum>{money(told.amount)} đồng</p><p>{escape(told.purpose)}<br>"
        f"{escape(told.external)}</p>"
        "<p><a href=/>Chuyển nữa / Another</a></p></div>",
    )
