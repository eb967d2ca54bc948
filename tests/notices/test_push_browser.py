"""The browser's side of web push: a message given to the real worker in Chromium is shown once and leads home."""

import json
from typing import Any

import pytest

from cities import LiveCity
from notices.letters import until


@pytest.mark.slow
def test_a_pushed_message_is_shown_once_and_a_broken_one_still_says_something(page: Any, live_city: LiveCity) -> None:
    page.context.grant_permissions(["notifications"], origin=str(live_city))
    page.goto(f"{live_city}/")
    cdp = page.context.new_cdp_session(page)
    known: list[str] = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(
            each["registrationId"] for each in event["registrations"] if each["scopeURL"].endswith("/static/notices/")
        ),
    )
    cdp.send("ServiceWorker.enable")
    page.evaluate("""async () => {
        const made = await navigator.serviceWorker.register("/static/notices/push_worker.js");
        while (!made.active) await new Promise((done) => setTimeout(done, 20));
    }""")
    until(lambda: known, lambda: page.wait_for_timeout(20))

    def push(said: str) -> None:
        message = {"origin": str(live_city), "registrationId": known[-1], "data": said}
        cdp.send("ServiceWorker.deliverPushMessage", message)

    def shown() -> list[dict[str, Any]]:
        return list(
            page.evaluate("""async () => {
            const made = await navigator.serviceWorker.getRegistration("/static/notices/");
            const shown = await made.getNotifications();
            return shown.map((each) => ({title: each.title, body: each.body, url: each.data.url}));
        }""")
        )

    told = {"title": "Đã có kết quả", "body": "Hồ sơ X", "url": "/theo-doi/x/", "tag": "0123"}
    push(json.dumps(told))
    push(json.dumps(told))
    until(shown)
    assert shown() == [{"title": "Đã có kết quả", "body": "Hồ sơ X", "url": "/theo-doi/x/"}]
    push("no JSON")
    until(lambda: len(shown()) > 1)
    assert {each["title"] for each in shown()} == {"Đã có kết quả", "Một cửa"}
