// An application's pages: questions that hang on another answer come and go.
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
  form.addEventListener("change", () => {
    follow();
  });
  follow();
})();
