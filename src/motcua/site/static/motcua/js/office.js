// The office's keys, the choosing of rows, questions before an act, and the light or dark ground.
// All of it is a quicker way to what the page does without it.
(() => {
  "use strict";
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const grouped = (n) => n.toLocaleString(document.documentElement.lang === "en" ? "en" : "vi");

  // Kept per machine; a browser that refuses storage simply forgets.
  const remembered = {
    get(name) { try { return localStorage.getItem(name); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(name, value); } catch { /* forgotten on reload */ } },
  };

  // Light, dark, or as the system says. The server reads the cookie, so that no page flashes.
  for (const box of all("[data-theme-switch]")) {
    const choice = box.querySelector("select");
    choice.value = document.documentElement.dataset.theme || "auto";
    box.hidden = false;
    choice.addEventListener("change", () => {
      document.documentElement.dataset.theme = choice.value;
      document.cookie = `theme=${choice.value}; path=/; max-age=31536000; samesite=lax`;
    });
  }

  for (const choice of all("[data-submit-on-change]")) choice.addEventListener("change", () => choice.form.requestSubmit());

  // Rows
  const rows = all("[data-row]");
  const tickOf = (row) => row.querySelector("[data-row-tick]");
  let current = -1;
  let anchor = -1;

  const show = () => {
    const chosen = rows.filter((row) => tickOf(row)?.checked).length;
    for (const row of rows) row.classList.toggle("is-chosen", Boolean(tickOf(row)?.checked));
    for (const bar of all("[data-action-bar]")) {
      bar.classList.toggle("is-idle", chosen === 0);
      for (const button of all("button", bar)) button.setAttribute("aria-disabled", String(chosen === 0));
    }
    for (const out of all("[data-chosen-count]")) out.textContent = grouped(chosen);
    for (const says of all("[data-says]")) says.textContent = says.dataset.says.replaceAll("{n}", grouped(chosen));
    const whole = document.querySelector("[data-tick-all]");
    if (whole) {
      whole.checked = chosen > 0 && chosen === rows.length;
      whole.indeterminate = chosen > 0 && chosen < rows.length;
    }
  };
  const choose = (index, value, range) => {
    const from = range && anchor >= 0 ? Math.min(anchor, index) : index;
    const to = range && anchor >= 0 ? Math.max(anchor, index) : index;
    for (let n = from; n <= to; n += 1) { const tick = tickOf(rows[n]); if (tick) tick.checked = value; }
    anchor = index;
    show();
  };
  const goTo = (index) => {
    if (!rows.length) return;
    rows[current]?.classList.remove("is-current");
    current = Math.min(Math.max(index, 0), rows.length - 1);
    const row = rows[current];
    row.classList.add("is-current");
    (row.querySelector("[data-row-link]") || tickOf(row))?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    row.dispatchEvent(new CustomEvent("row:current", { bubbles: true }));
  };

  rows.forEach((row, index) => {
    row.addEventListener("focusin", () => {
      if (current === index) return;
      rows[current]?.classList.remove("is-current");
      current = index;
      row.classList.add("is-current");
    });
    tickOf(row)?.addEventListener("click", (event) => choose(index, event.target.checked, event.shiftKey));
  });
  document.querySelector("[data-tick-all]")?.addEventListener("change", (event) => {
    for (const row of rows) { const tick = tickOf(row); if (tick) tick.checked = event.target.checked; }
    show();
  });
  for (const whole of all("[data-tick-all]")) whole.hidden = false;
  if (rows.length) show();

  // A ticked paper brings the number that was asked for, unless one was typed.
  for (const tick of all("[data-tick]")) {
    tick.querySelector(".tick__input")?.addEventListener("change", (event) => {
      for (const count of all("[data-asked]", tick)) {
        if (event.target.checked && !count.value.trim()) count.value = count.dataset.asked;
      }
    });
  }

  // Nothing is chosen: the buttons of the bar wait.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action-bar] button");
    if (button?.getAttribute("aria-disabled") === "true") { event.preventDefault(); event.stopPropagation(); }
  }, true);
  window.addEventListener("pageshow", (event) => { if (event.persisted && rows.length) show(); });

  // A question before an act: the same form goes, with confirmed=yes.
  for (const button of all("[data-confirm]")) {
    button.addEventListener("click", (event) => {
      const dialog = document.getElementById(button.dataset.confirm);
      if (!dialog || !dialog.showModal || button.dataset.confirmed) return;
      event.preventDefault();
      if (button.form && !button.form.reportValidity()) return;
      dialog.returnValue = "";
      dialog.showModal();
      dialog.querySelector("[value=no]")?.focus();
      dialog.addEventListener("close", () => {
        if (dialog.returnValue !== "yes") { button.focus(); return; }
        const said = document.createElement("input");
        said.type = "hidden"; said.name = "confirmed"; said.value = "yes";
        button.form.append(said);
        button.dataset.confirmed = "yes";
        button.form.requestSubmit(button);
        delete button.dataset.confirmed;
        said.remove();
      }, { once: true });
    });
  }

  // One chip or menu is open at a time.
  document.addEventListener("toggle", (event) => {
    if (!event.target.open || !event.target.matches(".chip, .menu")) return;
    for (const other of all(".chip[open], .menu[open]")) if (other !== event.target) other.open = false;
  }, true);

  // Keys of one letter can be switched off (WCAG 2.1.4).
  const keysSwitch = document.querySelector("[data-keys-switch]");
  if (keysSwitch) {
    keysSwitch.checked = remembered.get("keys") !== "off";
    keysSwitch.addEventListener("change", () => remembered.set("keys", keysSwitch.checked ? "on" : "off"));
  }
  const typing = (at) => at.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const acts = {
    "/": () => document.querySelector("[data-search]")?.focus(),
    "?": () => document.getElementById("keys-dialog")?.showModal(),
    j: () => goTo(current + 1),
    k: () => goTo(current - 1),
    x: (event) => toggle(event.shiftKey),
    " ": (event) => toggle(event.shiftKey),
  };
  const toggle = (range) => {
    if (current < 0 || !tickOf(rows[current])) return;
    choose(current, range ? true : !tickOf(rows[current]).checked, range);
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const at = event.target;
    if (event.key === "Escape") {
      const open = document.querySelector(".chip[open], .menu[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); return; }
      if (typing(at)) { at.blur(); return; }
      for (const row of rows) { const tick = tickOf(row); if (tick) tick.checked = false; }
      if (rows.length) show();
      return;
    }
    if (typing(at) || remembered.get("keys") === "off") return;
    // Space and Enter keep their own meaning on what is already a control.
    if (event.key === " " && (current < 0 || at.closest("button, summary, input, [role=button]"))) return;
    if (event.key === "Enter" && current >= 0 && at.matches("[data-row-tick]")) {
      event.preventDefault();
      rows[current].querySelector("[data-row-link]")?.click();
      return;
    }
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || ((event.key === "j" || event.key === "k" || event.key === "x" || event.key === "X") && !rows.length)) return;
    event.preventDefault();
    act(event);
  });
})();
