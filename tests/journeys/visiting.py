"""One person's browser in a journey: signs in, opens pages, acts by the pages alone, and is told what axe sees."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

PASSWORD = "Mot-Cua-thu-2018"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


class Visit:
    """One person's browser."""

    def __init__(self, browser: Any, address: str, username: str = "", width: int = 1280, script: bool = True) -> None:
        self.context = browser.new_context(
            locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": width, "height": 900},
            java_script_enabled=script,
        )  # fmt: skip
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.address = address
        if username:
            self.go("/can-bo/viec/")
            self.page.fill("input[name=login]", username)
            self.page.fill("input[name=password]", PASSWORD)
            self.page.click("main button[type=submit], main form button.button")
            self.page.wait_for_url("**/can-bo/viec/**")

    def go(self, path: str) -> Any:
        """Opens a page of the city; fails on anything but an ordinary answer."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status < 400, (path, answer.status)
        return self.page

    def is_accessible(self) -> None:
        """No violation of WCAG 2.2 AA that axe can see."""
        found = Axe().run(self.page, options=RULES).response["violations"]
        assert [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found] == []

    def act(self, dossier: int, action: str, task: int = 0, **answers: str) -> None:
        """Opens an action's page, answers it and does it."""
        self.go(f"/can-bo/ho-so/{dossier}/{action}/{task}/")
        for name, value in answers.items():
            field = self.page.locator(f"form#act [name='{name}']").first
            kind = field.evaluate("e => e.tagName + '/' + e.type")
            if kind.startswith("SELECT"):
                field.select_option(value)
            elif kind.endswith(("radio", "checkbox")):
                self.page.check(f"form#act [name='{name}'][value='{value}']")
            else:
                field.fill(value)
        self.page.click("form#act .form-actions button.button--big")
        self.page.wait_for_url(f"**/can-bo/ho-so/{dossier}/")

    def text(self) -> str:
        """What the page says."""
        return str(self.page.inner_text("main"))
