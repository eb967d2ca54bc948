// At the counter: Enter goes on to the next question, Ctrl+Enter takes the dossier in, and the receipt beside the
// form follows what is typed. The page does all of it without this file, one Enter later.
(() => {
  "use strict";
  const form = document.getElementById("intake");
  if (!form) return;

  const questions = () => Array.from(form.querySelectorAll("input, select, textarea, button"))
    .filter((each) => each.tabIndex >= 0 && each.type !== "hidden" && each.offsetParent !== null);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[value=accept]"));
      return;
    }
    const at = event.target;
    if (!at.matches("input, select") || at.matches("[type=file]") || (at.name === "find" && at.value.trim())) return;
    event.preventDefault();
    const all = questions();
    const next = all[all.indexOf(at) + 1];
    next?.focus();
    if (next?.select && next.matches("input:not([type=checkbox]):not([type=radio])")) next.select();
  });

  let waiting = 0;
  let asked = 0;
  const follow = async () => {
    const mine = ++asked;
    const data = new FormData(form);
    for (const [name, value] of Array.from(data.entries())) if (value instanceof File) data.delete(name);
    data.set("do", "refresh");
    let text = "";
    try {
      const answer = await fetch(location.href, { method: "POST", body: data, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      text = await answer.text();
    } catch { return; }
    if (mine !== asked || form.dataset.sent) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const place of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(place.id);
      if (fresh) place.replaceChildren(...fresh.childNodes);
    }
    for (const place of form.querySelectorAll("[data-belongs]")) {
      const fresh = page.getElementById(place.id);
      if (fresh) place.dataset.belongs = fresh.dataset.belongs;
    }
  };
  form.addEventListener("change", (event) => {
    if (event.target.matches("[type=file]")) return;
    clearTimeout(waiting);
    waiting = setTimeout(follow, 250);
  });
  for (const select of form.querySelectorAll("#case, #agency")) {
    select.addEventListener("change", () => form.requestSubmit(form.querySelector("button[value=case]")));
  }
})();
