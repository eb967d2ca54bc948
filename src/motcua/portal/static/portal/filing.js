// An application's pages: questions that hang on another answer come and go, and what
// was typed is saved a moment later, so that a line that breaks or a visit that ends takes nothing with it.
// Everything works without this file, one press later.
(() => {
  "use strict";
  const form = document.querySelector("form#filing");
  if (!form) return;
  document.documentElement.classList.add("scripted");

  const answer = (name) => {
    const all = Array.from(form.elements).filter((each) => each.name === name);
    const radios = all.filter((each) => each.type === "radio" || each.type === "checkbox");
    if (radios.length) return (radios.find((each) => each.checked) || {}).value || "";
    return all.length ? all[0].value.trim() : null;
  };
  const follow = () => {
    for (const block of form.querySelectorAll("[data-depends]")) {
      const said = answer(block.dataset.depends);
      if (said === null) continue;
      const wanted = block.dataset.values.split(" ").filter(Boolean);
      block.hidden = wanted.length ? !wanted.includes(said) : said === "";
    }
    for (const block of form.querySelectorAll("[data-shown-for]")) {
      block.hidden = answer(block.dataset.shownFor) !== block.dataset.shownWhen;
    }
  };
  form.addEventListener("change", follow);
  follow();

  if (!("saves" in form.dataset)) return;
  let waiting = 0;
  let saving = null;
  const save = async () => {
    if (form.dataset.sent) return;
    const data = new FormData(form);
    for (const [name, value] of Array.from(data.entries())) if (value instanceof File) data.delete(name);
    data.set("do", "by-itself");
    try {
      const answer = await fetch(location.href, { method: "POST", body: data, credentials: "same-origin" });
      if (answer.ok && !answer.redirected && !form.dataset.sent) form.elements.revision.value = (await answer.json()).revision;
    } catch { /* The next change tries again, and the button saves in any case. */ }
  };
  form.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { saving = save().finally(() => { saving = null; }); }, 1500);
  });
  // A page pressed on while it saves waits for that: it would otherwise be overtaken by itself.
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (!saving) return;
    event.preventDefault();
    saving.then(() => form.requestSubmit(event.submitter));
  });
})();
